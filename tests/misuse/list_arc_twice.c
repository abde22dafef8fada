// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: one reference put into two lists
// rule: list-twice
// compilers: clang>=22
// expect: releasing ownership of 'w.own' that was not held
// explained: use-after-move
// analyzer: use after 'hf_move' of 'w.own.moved_'
// coccinelle: 'w' was moved
#include <holdfast/arc.h>
#include <holdfast/list.h>

struct work {
	struct hf_refs refs;
	struct hf_link link;
	int id;
};

void work_destroy(struct work *w);
void work_release(struct work *w);
HF_ARC_DEFINE(work, struct work, refs, work_destroy, work_release);
HF_LIST_DEFINE(works, work_arc, struct work, link);

void f(struct works *a, struct works *b, struct work_arc arg);
void f(struct works *a, struct works *b, struct work_arc arg)
{
	hf_let_arc(work, w, arg);

	(void)b;
	works_push_back(a, hf_move(w));
#ifdef MISUSE
	works_push_front(b, hf_move(w)); /* E */
#endif
}
