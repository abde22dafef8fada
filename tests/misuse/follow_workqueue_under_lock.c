// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a workqueue that is dropped under the lock that an item in it takes
// rule: lock-order
// compilers: none
// checker: this waits for 'scan_run', which takes the lock of 'given.table', and this thread holds it as 'h.table'
#include <holdfast/arc.h>
#include <holdfast/lock.h>
#include <holdfast/work.h>

struct table {
	u32 ports, scans;
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

struct hub {
	struct hf_refs refs;
	struct hf_work scan;
	struct locked_table table;
	struct hf_workqueue_own wq;
};

static void hub_destroy(struct hub *h)
{
	hf_lock_fini(&h->table);
	hf_workqueue_own_drop(&h->wq);
}

static void hub_release(struct hub *h)
{
	hf_free(h);
}

HF_ARC_DEFINE(hub, struct hub, refs, hub_destroy, hub_release);
HF_WORK_DEFINE(hub_scan, hub_arc, struct hub, scan, scan_run);

static void scan_run(struct hub_arc given)
{
	hf_let_arc(hub, h, given);
	hf_borrow(hub, h);
	hf_lock(t, &hub->table);

	t->scans++;
}

void hub_event(const struct hub *h);
void hub_event(const struct hub *h)
{
	hf_work_queue(hub_scan, hf_ref(h->wq), hf_arc_from(hub, h));
}

void hub_unplug(struct hub *h);
void hub_unplug(struct hub *h)
{
	hf_let(hf_workqueue, wq, hf_take(h->wq));
#ifdef MISUSE
	hf_lock(t, &h->table);

	t->ports = 0;
	hf_drop(hf_workqueue, wq); /* E */
#else
	hf_drop(hf_workqueue, wq);
	hf_lock(t, &h->table);

	t->ports = 0;
#endif
}
