// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a lock that nobody initialised
// report: INFO: trying to register non-static key
// refused: tests/misuse/lock_never_initialised.c
// stopped: holdfast: .*lock violation: .*the lock was not initialised
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "wrong.h"

struct dev {
	u32 id;
	spinlock_t lock;
	u64 hits;
};

static int wrong(void)
{
	/* The bug: spin_lock_init() is missing. */
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
	spin_lock(&dev->lock);
	dev->hits++;
	spin_unlock(&dev->lock);
	kfree(dev);
	return 0;
}
