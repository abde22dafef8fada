// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed while its work item is queued
// report: ODEBUG: free active .* object type: work_struct hint: reset_dev
// refused: tests/misuse/work_borrow_given.c
#include <linux/completion.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "wrong.h"

struct dev {
	struct work_struct reset;
	int irqs;
};

static DECLARE_COMPLETION(go_on);

/* It keeps the queue busy, so that what is behind it stays queued. */
static void be_busy(struct work_struct *unused)
{
	wait_for_completion(&go_on);
}

static DECLARE_WORK(busy, be_busy);

static void reset_dev(struct work_struct *w)
{
	container_of(w, struct dev, reset)->irqs = 0;
}

static int wrong(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("wrong", 0);
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!wq || !dev)
		return -ENOMEM;
	INIT_WORK(&dev->reset, reset_dev);
	queue_work(wq, &busy);
	queue_work(wq, &dev->reset);
	/* The bug: cancel_work_sync() is missing. */
	kfree(dev);
	complete(&go_on);
	destroy_workqueue(wq);
	return 0;
}
