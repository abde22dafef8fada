// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed while its timer is armed
// report: ODEBUG: free active .* object type: timer_list hint: dev_poll
// refused: tests/misuse/timer_borrow_given.c
#include <linux/slab.h>
#include <linux/timer.h>

#include "wrong.h"

struct dev {
	struct timer_list timer;
	int irqs;
};

static void dev_poll(struct timer_list *t)
{
	struct dev *dev = from_timer(dev, t, timer);

	dev->irqs++;
}

static int wrong(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	timer_setup(&dev->timer, dev_poll, 0);
	mod_timer(&dev->timer, jiffies + 3600 * HZ);
	/* The bug: del_timer_sync() is missing. */
	kfree(dev);
	return 0;
}
