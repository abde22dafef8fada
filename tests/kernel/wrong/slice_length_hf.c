// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The same as slice_length_raw.c, with Holdfast. */
#include <holdfast/holdfast.h>

#include "wrong.h"

struct reply {
	u8 len;
	u8 bytes[16];
};
HF_OWN_DEFINE(reply, struct reply, hf_free);

static noinline u32 sum(struct u8_cslice bytes)
{
	u32 all = 0;

	hf_for_each(b, bytes)
		all += *b;
	return all;
}

/* What a device may write. */
static noinline void receive(struct reply *r)
{
	r->len = 20;
}

static int wrong(void)
{
	hf_let(reply, r, hf_try(hf_new(reply, GFP_KERNEL)));

	receive(hf_mut(r));
	/* The bug: the device may say more than 16. */
	hf_borrow(reply, r);
	const struct u8_cslice said = hf_try(hf_array_subslice(u8_cslice, reply->bytes, 0, reply->len));

	pr_info("sum %u\n", sum(said));
	return 0;
}
