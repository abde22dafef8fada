// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed without a put of the device that it has a reference to
// report: unreferenced object .* \(size \d+\)
// refused: tests/misuse/drop_forgets_ref.c
#include <linux/device.h>
#include <linux/slab.h>

#include "wrong.h"

struct ctx {
	struct device *dev;
	int state;
};

/* The bug: put_device(c->dev) is missing. */
static void ctx_free(struct ctx *c)
{
	kfree(c);
}

static int use(struct device *dev)
{
	struct ctx *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	c->dev = get_device(dev);
	ctx_free(c);
	return 0;
}

/* Several devices, as a stale pointer on a stack may hide one of them from kmemleak. */
static int wrong(void)
{
	int i, err = 0;

	for (i = 0; i < 8 && !err; i++) {
		struct device *dev = root_device_register("wrong");

		if (IS_ERR(dev))
			return PTR_ERR(dev);
		err = use(dev);
		root_device_unregister(dev);
	}
	return err;
}
