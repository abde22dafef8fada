// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of another type removed from a list
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 2 of 'deaths_remove' from incompatible pointer type
// expect-clang: passing 'struct work \*' to parameter of type 'const struct death \*'
#include <holdfast/list.h>

struct death {
	struct hf_link link;
};

struct work {
	struct hf_link link;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);

int f(struct deaths *deaths, struct death *d, struct work *w);
int f(struct deaths *deaths, struct death *d, struct work *w)
{
	(void)d;
	(void)w;
#ifdef MISUSE
	hf_let(death, x, hf_try(deaths_remove(deaths, w))); /* E */
#else
	hf_let(death, x, hf_try(deaths_remove(deaths, d)));
#endif
	return 0;
}
