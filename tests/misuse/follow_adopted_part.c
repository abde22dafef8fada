// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of an object's array becomes an owner, whose drop frees it
// rule: owner-of-other-type
// compilers: none
// checker: this is a part of another object
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct cmd {
	u32 opcode, tag;
};

static void cmd_free(struct cmd *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(cmd, struct cmd, cmd_free);

struct host {
	u32 busy;
	struct cmd reserved[4];
};

int host_submit(struct cmd_own c);

int host_abort(struct host *h, u32 slot);
int host_abort(struct host *h, u32 slot)
{
	struct cmd *const spare = &hf_array_at(h->reserved, slot);

	if (h->busy & 1u << slot)
		return -EBUSY;
	spare->opcode = 0x08;
#ifdef MISUSE
	/* SAFETY: the slot is not busy. */
	return host_submit(hf_adopt_unchecked(cmd, spare)); /* E */
#else
	hf_let(cmd, c, hf_try(hf_new(cmd, GFP_KERNEL)));
	*hf_mut(c) = *spare;
	return host_submit(hf_move(c));
#endif
}
