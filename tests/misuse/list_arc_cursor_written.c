// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: exclusive access to an element of a list of arcs
// rule: write-to-shared
// flags: -Werror
// expect: discards
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

int sum(struct work *w);
int f(struct works *l);
int f(struct works *l)
{
	int n = 0;
	hf_list_cursor(c, l);

#ifdef MISUSE
	for (struct work *w; (w = works_prev(&c));) /* E */
#else
	for (const struct work *w; (w = works_prev(&c));)
#endif
		n += w->id;
	return n;
}
