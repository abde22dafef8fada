// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element that its list has still is inserted into another list
// rule: list-twice
// compilers: none
// checker: 'p->idle' has this element still
#include <holdfast/arc.h>
#include <holdfast/list.h>

struct worker {
	struct hf_refs refs;
	struct hf_link link;
	u32 load;
};

void worker_destroy(struct worker *w);
void worker_release(struct worker *w);
HF_ARC_DEFINE(worker, struct worker, refs, worker_destroy, worker_release);
HF_LIST_DEFINE(workers, worker_arc, struct worker, link);

struct pool {
	struct workers idle, busy;
	u32 nr_busy;
};

static const struct worker *pool_first(const struct pool *p)
{
	return hf_ok_or(workers_front(&p->idle), NULL);
}

int pool_start_one(struct pool *p);
int pool_start_one(struct pool *p)
{
	const struct worker *w = pool_first(p);

	if (!w || w->load)
		return -EAGAIN;
#ifdef MISUSE
	workers_push_front(&p->busy, hf_arc_from(worker, w)); /* E */
#else
	workers_push_front(&p->busy, hf_try(workers_remove(&p->idle, w)));
#endif
	p->nr_busy++;
	return 0;
}
