// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what is inside a revocable read without a guard
// rule: revoked-data
// expect: has no member named 'status'|no member named 'status' in
// explained: nothing
#include <holdfast/own.h>
#include <holdfast/revocable.h>

struct window {
	int status;
};

void window_unmap(struct window *w);
HF_OWN_DEFINE(window, struct window, window_unmap);
HF_REVOCABLE_DEFINE(edu_window, srcu, window_own);

struct edu {
	struct edu_window window;
};

int f(const struct edu *e);
int f(const struct edu *e)
{
#ifdef MISUSE
	return e->window.status; /* E */
#else
	hf_access_else(w, &e->window, return -ENODEV);
	return w->status;
#endif
}
