// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list's elements moved to a list of others
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 2 of 'deaths_take_all' from incompatible pointer type
// expect-clang: passing 'struct works \*' to parameter of type 'struct deaths \*'
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

void f(struct deaths *to, struct deaths *from, struct works *works);
void f(struct deaths *to, struct deaths *from, struct works *works)
{
	(void)from;
	(void)works;
#ifdef MISUSE
	deaths_take_all(to, works); /* E */
#else
	deaths_take_all(to, from);
#endif
}
