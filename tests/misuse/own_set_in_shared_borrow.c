// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner is put into a field of an element that is lent for reading
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

struct port {
	struct channel channels[2];
};

#ifdef MISUSE
void attach(const struct port *p, struct ring_own r);
void attach(const struct port *p, struct ring_own arg)
{
	hf_let(ring, r, arg);

	hf_set(p->channels[1].tx, hf_move(r)); /* E */
}
#else
void attach(struct port *p, struct ring_own r);
void attach(struct port *p, struct ring_own arg)
{
	hf_let(ring, r, arg);

	hf_set(p->channels[1].tx, hf_move(r));
}
#endif
