// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Arrays of memory that a device shares, moved between members.
#include <holdfast/dma.h>

struct descriptor {
	struct hf_le64 address;
	struct hf_le64 control;
};

HF_DMA_DEFINE(ring, struct descriptor);

struct channel {
	struct ring ring, part;
	u32 head;
};

void channel_replace(struct channel *c, struct ring fresh);
void channel_replace(struct channel *c, struct ring fresh)
{
	struct ring old = c->ring;

	c->ring = fresh;
	ring_drop(&old);
}

void channel_swap(struct channel *a, struct channel *b);
void channel_swap(struct channel *a, struct channel *b)
{
	const struct ring of_a = a->ring;

	a->ring = b->ring;
	b->ring = of_a;
}

/* The part belongs to another array. */
void channel_share(struct channel *to, const struct channel *from);
void channel_share(struct channel *to, const struct channel *from)
{
	to->part = from->part;
	to->head = 0;
}

void channel_fini(struct channel *c);
void channel_fini(struct channel *c)
{
	ring_drop(&c->ring);
}
