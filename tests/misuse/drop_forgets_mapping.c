// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the mapping in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/dma.h>

struct transfer {
	struct u8_buffer_own buf;
	struct u8_from_device_own lent;	/* set while the device has it */
	u32 len;
};

static void transfer_free(struct transfer *t)
{
	u8_buffer_own_drop(&t->buf);
#ifdef MISUSE
	hf_free(t); /* E */
#else
	u8_from_device_own_drop(&t->lent);
	hf_free(t);
#endif
}

HF_OWN_DEFINE(transfer, struct transfer, transfer_free);

u32 f(struct transfer_own given);
u32 f(struct transfer_own given)
{
	hf_let(transfer, t, given);

	return hf_ref(t)->len;
}
