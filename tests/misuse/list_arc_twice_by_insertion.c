// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference inserted again, after an attempt that took it
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

int f(struct works *a, const struct work *at, struct work_arc arg);
int f(struct works *a, const struct work *at, struct work_arc arg)
{
	hf_let_arc(work, w, arg);

#ifdef MISUSE
	if (works_insert_before(a, at, hf_move(w)))
		works_push_back(a, hf_move(w)); /* E */
	return 0;
#else
	return works_insert_before(a, at, hf_move(w));
#endif
}
