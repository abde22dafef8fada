// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a positive errno from a function that gives no negative one, though the rest of the file does
// rule: result-misused
// compilers: none
// checker: this function returns EINVAL, a positive number, which its callers take for success: write -EINVAL
#include <holdfast/result.h>

struct timing {
	u32 pixels, lines, rate;
};

struct panel {
	struct timing now;
};

static HF_MUST_USE int timing_check(const struct timing *t)
{
	if (t->rate == 30 || t->rate == 60)
		return 0;
#ifdef MISUSE
	return EINVAL; /* E */
#else
	return -EINVAL;
#endif
}

int panel_set(struct panel *p, const struct timing *t);
int panel_set(struct panel *p, const struct timing *t)
{
	if (!t->pixels)
		return -ERANGE;
	hf_try_errno(timing_check(t));
	p->now = *t;
	return 0;
}
