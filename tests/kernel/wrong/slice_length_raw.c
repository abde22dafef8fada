// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an array read as far as its device says
// report: BUG: KASAN: slab-out-of-bounds in sum
// stopped: insmod: can't insert .*slice_length_hf\.ko': Numerical result out of range
#include <linux/slab.h>

#include "wrong.h"

struct reply {
	u8 len;
	u8 bytes[16];
};

static noinline u32 sum(const u8 *bytes, size_t n)
{
	u32 all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all += bytes[i];
	return all;
}

/* What a device may write. */
static noinline void receive(struct reply *r)
{
	r->len = 20;
}

static int wrong(void)
{
	struct reply *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	receive(r);
	/* The bug: the device may say more than 16. */
	pr_info("sum %u\n", sum(r->bytes, r->len));
	kfree(r);
	return 0;
}
