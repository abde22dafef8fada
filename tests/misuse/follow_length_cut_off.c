// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length of 32 bits that a helper gives back in 8, so that a part of the payload is taken for the next block
// rule: arithmetic-overflow
// compilers: none
// checker: is cut off to 8 bits here, as the number from outside may be 4095, and line [0-9]+ uses it as a size
#include <holdfast/holdfast.h>

struct block {
	u8 kind, length;
};

struct image {
	u8 page[256];
	u32 blocks;
};

static int block_head(struct block *b, struct hf_reader *r)
{
	const u32 word = hf_accept_any(hf_try(hf_read_le32(r)));

	b->kind = hf_accept_any(hf_try(hf_read_u8(r)));
#ifdef MISUSE
	b->length = word & 0xfff; /* E */
#else
	b->length = hf_try(hf_to_u8(word & 0xfff));
#endif
	return 0;
}

int image_block(struct image *i, struct hf_reader *r);
int image_block(struct image *i, struct hf_reader *r)
{
	struct block b;

	hf_try_errno(block_head(&b, r));
	if (b.kind != 1)
		return hf_skip(r, b.length);
	const struct u8_cslice from = hf_try(hf_read_bytes(r, b.length));
	struct u8_slice to = hf_try(hf_array_subslice(u8_slice, i->page, 0, b.length));

	i->blocks++;
	return hf_copy(to, from);
}
