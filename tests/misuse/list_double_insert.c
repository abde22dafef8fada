// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element put into two lists
// rule: list-twice
// compilers: clang>=22
// expect: releasing ownership of 'd.own' that was not held
// explained: use-after-move
// analyzer: use after 'hf_move' of 'd.own.moved_'
// coccinelle: 'd' was moved
#include <holdfast/list.h>

struct death {
	struct hf_link link;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

void f(struct deaths *a, struct deaths *b, struct death_own arg);
void f(struct deaths *a, struct deaths *b, struct death_own arg)
{
	hf_let(death, d, arg);

	(void)b;
	deaths_push_back(a, hf_move(d));
#ifdef MISUSE
	deaths_push_back(b, hf_move(d)); /* E */
#endif
}
