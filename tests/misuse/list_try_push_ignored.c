// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an insertion that may fail, and nobody asks
// rule: result-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
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

void f(struct works *l, struct work_arc arg);
void f(struct works *l, struct work_arc arg)
{
	hf_let_arc(work, w, arg);

#ifdef MISUSE
	works_try_push_back(l, hf_move(w)); /* E */
#else
	if (works_try_push_back(l, hf_move(w)))
		return;
#endif
}
