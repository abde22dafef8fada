// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a popped element ignored, and leaked
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/list.h>

struct death {
	struct hf_link link;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

int f(struct deaths *deaths);
int f(struct deaths *deaths)
{
#ifdef MISUSE
	deaths_pop_front(deaths); /* E */
#else
	hf_let(death, x, hf_try(deaths_pop_front(deaths)));
#endif
	return 0;
}
