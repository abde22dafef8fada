// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element borrowed from a list and kept when the list is gone
// rule: borrow-escapes
// compilers: clang>=23
// expect: local variable 'aside' does not live long enough
#include <holdfast/list.h>

struct death {
	struct hf_link link;
	int cookie;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

int f(struct deaths *l);
int f(struct deaths *l)
{
	const struct death *first;

	{
		struct deaths aside;

		deaths_init(&aside);
		deaths_take_all(&aside, l);
#ifdef MISUSE
		first = deaths_front(&aside); /* E */
#else
		first = NULL;
#endif
		deaths_clear(&aside);
	}
	return first ? first->cookie : 0;
}
