// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a workqueue that the destruction of its own item's object drops
// rule: callback-outlives-data
// compilers: none
// checker: then 'link_destroy' drops the workqueue that it runs in, and waits for the item
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct link {
	struct hf_refs refs;
	struct hf_delayed_work retry;
	struct hf_workqueue_own wq;
};

static void stop(struct link *l)
{
	hf_workqueue_own_drop(&l->wq);
}

static void link_destroy(struct link *l)
{
	stop(l);
}

static void link_release(struct link *l)
{
	hf_free(l);
}

HF_ARC_DEFINE(link, struct link, refs, link_destroy, link_release);
HF_DELAYED_WORK_DEFINE(link_retry, link_arc, struct link, retry, retry_run);

static void retry_run(struct link_arc given)
{
	hf_let_arc(link, l, given);
}

void link_lost(const struct link_arc *held);
void link_lost(const struct link_arc *held)
{
	const struct link *const l = hf_ref(*held);

#ifdef MISUSE
	hf_work_queue_in(link_retry, hf_ref(l->wq), hf_arc_from(link, l), 100); /* E */
#else
	hf_work_queue_in(link_retry, hf_system_workqueue(), hf_arc_from(link, l), 100);
#endif
}
