// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element with two links taken from the list of the other link
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'todo_remove' from incompatible pointer type
// expect-clang: passing 'struct done \*' to parameter of type 'struct todo \*'
#include <holdfast/list.h>

struct work {
	struct hf_link todo_link;
	struct hf_link done_link;
};

void work_free(struct work *w);
HF_OWN_DEFINE(work, struct work, work_free);
HF_LIST_DEFINE(todo, work_own, struct work, todo_link);
HF_LIST_DEFINE(done, work_own, struct work, done_link);

int f(struct done *l, struct work *w);
int f(struct done *l, struct work *w)
{
#ifdef MISUSE
	hf_let(work, x, hf_try(todo_remove(l, w))); /* E */
#else
	hf_let(work, x, hf_try(done_remove(l, w)));
#endif
	return 0;
}
