// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrowed element put into a list that owns its elements
// rule: list-of-other-kind
// expect-gcc: incompatible type for argument 2 of 'deaths_push_back'
// expect-clang: passing .*'struct death \*'.* to parameter of incompatible type 'struct death_own'
// explained: owner-of-other-type
#include <holdfast/list.h>

struct death {
	struct hf_link link;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

void f(struct deaths *deaths, struct death_own arg);
void f(struct deaths *deaths, struct death_own arg)
{
	hf_let(death, d, arg);

#ifdef MISUSE
	deaths_push_back(deaths, hf_mut(d)); /* E */
#else
	deaths_push_back(deaths, hf_move(d));
#endif
}
