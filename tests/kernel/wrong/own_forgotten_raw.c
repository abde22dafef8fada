// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed without the buffer that its member owns
// report: unreferenced object .* \(size 64\)
// refused: tests/misuse/drop_forgets_owner.c
#include <linux/slab.h>

#include "wrong.h"

struct xfer {
	u8 *buf;
	u32 len;
};

/* The bug: kfree(x->buf) is missing. */
static void xfer_free(struct xfer *x)
{
	kfree(x);
}

static int xfer_begin(void)
{
	struct xfer *x = kzalloc(sizeof(*x), GFP_KERNEL);

	if (!x)
		return -ENOMEM;
	x->buf = kzalloc(64, GFP_KERNEL);
	xfer_free(x);
	return 0;
}

/* Several, as a stale pointer on a stack may hide one of them from kmemleak. */
static int wrong(void)
{
	int i, err = 0;

	for (i = 0; i < 8 && !err; i++)
		err = xfer_begin();
	return err;
}
