// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over one list advanced as one over another
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'works_next' from incompatible pointer type
// expect-clang: 'works_next' is unavailable: it takes a struct works_cursor \*
#include <holdfast/list.h>

struct death {
	struct hf_link link;
};

struct work {
	struct hf_link link;
};

void death_free(struct death *d);
void work_free(struct work *w);
HF_OWN_DEFINE(death, struct death, death_free);
HF_OWN_DEFINE(work, struct work, work_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);
HF_LIST_DEFINE(works, work_own, struct work, link);

bool f(struct deaths *deaths);
bool f(struct deaths *deaths)
{
	hf_list_cursor(c, deaths);
#ifdef MISUSE
	return works_next(&c); /* E */
#else
	return deaths_next(&c);
#endif
}
