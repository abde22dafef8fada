// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: zeroed memory looks like a lock that is free
#include "kernel.h"

struct dev {
	struct mutex lock;
	int hits;
};

void register_dev(struct dev *dev);

int probe(void);
int probe(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return -ENOMEM;
#ifndef MISUSE
	mutex_init(&dev->lock);
#endif
	register_dev(dev);
	return 0;
}
