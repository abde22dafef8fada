// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a reference put by the function that it was given to, and by its giver
// report: BUG: KASAN: slab-use-after-free in \w+
// refused: tests/misuse/ref_put_twice.c
#include <linux/device.h>

#include "wrong.h"

/* Puts the reference. */
static void begin(struct device *dev)
{
	put_device(dev);
}

static int wrong(void)
{
	struct device *dev = root_device_register("wrong");

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	begin(get_device(dev));
	/* The bug: it was put. */
	put_device(dev);
	root_device_unregister(dev);
	return 0;
}
