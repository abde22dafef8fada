// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner is taken out of a member that others rely on, and an error does not set it again
// rule: empty-owner
// compilers: none
// checker: an error ends 'b' here, and 'block', which it was taken from, stays empty: 'chip_erase'
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct block {
	u8 bytes[512];
};

void block_free(struct block *b);
HF_OWN_DEFINE(block, struct block, block_free);

struct chip {
	struct block_own block;
	u32 page;
};

int chip_busy(void);
int chip_program(u32 page, const u8 *from, u32 n);

int chip_write(struct chip *c, u8 value);
int chip_write(struct chip *c, u8 value)
{
#ifdef MISUSE
	hf_let(block, b, hf_take(c->block));

	hf_mut(b)->bytes[0] = value;
	if (chip_busy())
		return -EBUSY; /* E */
	hf_set(c->block, hf_move(b));
#else
	hf_mut(c->block)->bytes[0] = value;
	if (chip_busy())
		return -EBUSY;
#endif
	return chip_program(c->page++, hf_ref(c->block)->bytes, 512);
}

int chip_erase(struct chip *c);
int chip_erase(struct chip *c)
{
	struct block *const b = hf_mut(c->block);

	memset(b->bytes, 0xff, sizeof(b->bytes));
	return chip_program(c->page, b->bytes, 512);
}
