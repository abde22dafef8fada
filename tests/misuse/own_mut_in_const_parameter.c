// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a field owns is written through a parameter that is a shared borrow
// rule: write-to-shared
// compilers: any
// expect: is reached through a shared borrow \(const\)
#include <holdfast/holdfast.h>

struct ring {
	u32 head, tail;
};

void ring_free(struct ring *r);
HF_OWN_DEFINE(ring, struct ring, ring_free);

struct channel {
	struct ring_own tx;
};

void channel_free(struct channel *c);
HF_OWN_DEFINE(channel, struct channel, channel_free);

#ifdef MISUSE
void kick(const struct channel *c);
void kick(const struct channel *c)
{
	hf_borrow_mut(tx, c->tx); /* E */
	tx->tail++;
}
#else
void kick(struct channel *c);
void kick(struct channel *c)
{
	hf_borrow_mut(tx, c->tx);
	tx->tail++;
}
#endif
