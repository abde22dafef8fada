// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element used by the one who gave it to a list
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'd.own'
// analyzer: use after 'hf_move' of 'd.own.moved_'
// coccinelle: 'd' was moved
#include <holdfast/list.h>

struct death {
	struct hf_link link;
	int cookie;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

int f(struct deaths *l, struct death_own arg);
int f(struct deaths *l, struct death_own arg)
{
	hf_let(death, d, arg);

#ifdef MISUSE
	deaths_push_back(l, hf_move(d));
	return hf_ref(d)->cookie; /* E */
#else
	int cookie = hf_ref(d)->cookie;

	deaths_push_back(l, hf_move(d));
	return cookie;
#endif
}
