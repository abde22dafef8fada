// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a header added to any length of the sender's, so that it wraps and a packet is parsed again
// rule: arithmetic-overflow
// compilers: none
// checker: 'length \+ TRAILER' wraps in 32 bits, .* and line [0-9]+ uses it as a size or an index
#include <holdfast/holdfast.h>

#define TRAILER 8U

struct capture {
	u32 packets;
	u64 bytes;
};

static int capture_skip(struct hf_reader *r, u64 n)
{
	return hf_skip(r, n);
}

int capture_next(struct capture *c, struct hf_reader *r);
int capture_next(struct capture *c, struct hf_reader *r)
{
	const u32 length = hf_accept_any(hf_try(hf_read_le32(r)));

	c->packets++;
	c->bytes += length;
#ifdef MISUSE
	return capture_skip(r, length + TRAILER); /* E */
#else
	return capture_skip(r, (u64)length + TRAILER);
#endif
}
