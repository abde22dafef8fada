// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element put into a list of others
// rule: list-of-other-kind
// expect-gcc: incompatible type for argument 2 of 'deaths_push_back'
// expect-clang: passing .*'struct work_own'.* to parameter of incompatible type 'struct death_own'
// explained: owner-of-other-type
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

void f(struct deaths *deaths, struct works *works, struct work_own arg);
void f(struct deaths *deaths, struct works *works, struct work_own arg)
{
	hf_let(work, w, arg);

	(void)deaths;
	(void)works;
#ifdef MISUSE
	deaths_push_back(deaths, hf_move(w)); /* E */
#else
	works_push_back(works, hf_move(w));
#endif
}
