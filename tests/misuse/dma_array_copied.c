// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an array that is shared with a device has two members that drop it
// rule: owner-copied
// compilers: none
// query: is copied, and both would drop its memory
#include <holdfast/dma.h>

struct descriptor {
	struct hf_le64 address;
	struct hf_le64 control;
};

HF_DMA_DEFINE(ring, struct descriptor);

struct channel {
	struct ring ring;
	u32 head;
};

struct pair {
	struct channel tx, spare;
};

static void channel_inherit(struct channel *to, struct channel *from)
{
#ifdef MISUSE
	to->ring = from->ring; /* E */
#else
	to->ring = from->ring;
	memset(&from->ring, 0, sizeof(from->ring));
#endif
	to->head = from->head;
}

void pair_fini(struct pair *p);
void pair_fini(struct pair *p)
{
	ring_drop(&p->tx.ring);
	channel_inherit(&p->tx, &p->spare);
	ring_drop(&p->tx.ring);
	ring_drop(&p->spare.ring);
}
