// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to an element of a list of arcs, which others share
// rule: write-to-shared
// expect-gcc: assignment of member 'id' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
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

int f(struct works *l);
int f(struct works *l)
{
#ifdef MISUSE
	hf_try(works_back_mut(l))->id = 1; /* E */
#endif
	return hf_try(works_back(l))->id;
}
