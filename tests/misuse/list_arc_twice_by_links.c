// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: one reference put into the lists of two links
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
	struct hf_link todo_link, all_link;
};

void work_destroy(struct work *w);
void work_release(struct work *w);
HF_ARC_DEFINE(work, struct work, refs, work_destroy, work_release);
HF_LIST_DEFINE(todo, work_arc, struct work, todo_link);
HF_LIST_DEFINE(all, work_arc, struct work, all_link);

void f(struct todo *t, struct all *a, struct work_arc arg);
void f(struct todo *t, struct all *a, struct work_arc arg)
{
	hf_let_arc(work, w, arg);

#ifdef MISUSE
	all_push_back(a, hf_move(w));
#else
	all_push_back(a, hf_clone(w));
#endif
	todo_push_back(t, hf_move(w)); /* E */
}
