// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed while its delayed work item waits for its time
// report: ODEBUG: free active .* object type: timer_list hint: poll_dev
// refused: tests/misuse/work_delayed_borrow_given.c
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "wrong.h"

struct dev {
	struct delayed_work poll;
	int irqs;
};

static void poll_dev(struct work_struct *w)
{
	container_of(w, struct dev, poll.work)->irqs = 0;
}

static int wrong(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	INIT_DELAYED_WORK(&dev->poll, poll_dev);
	schedule_delayed_work(&dev->poll, 3600 * HZ);
	/* The bug: cancel_delayed_work_sync() is missing. */
	kfree(dev);
	return 0;
}
