// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The same as lock_uninitialised_raw.c, with Holdfast. */
#include <holdfast/holdfast.h>

#include "wrong.h"

HF_LOCKED_DEFINE(locked_count, spinlock, u64);

struct dev {
	u32 id;
	struct locked_count hits;
};

static void dev_free(struct dev *dev)
{
	hf_lock_fini(&dev->hits);
	hf_free(dev);
}
HF_OWN_DEFINE(dev, struct dev, dev_free);

static int wrong(void)
{
	/* The bug: hf_lock_init() is missing. */
	hf_let(dev, dev, hf_try(hf_new(dev, GFP_KERNEL)));
	hf_lock(n, &hf_mut(dev)->hits);

	++*n;
	return 0;
}
