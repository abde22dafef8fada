// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a field owns is written through a shared borrow
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

void kick(struct channel_own arg);
void kick(struct channel_own arg)
{
	hf_let(channel, ch, arg);

#ifdef MISUSE
	hf_borrow(c, ch);
	hf_mut(c->tx)->tail++; /* E */
#else
	hf_borrow_mut(c, ch);
	hf_mut(c->tx)->tail++;
#endif
}
