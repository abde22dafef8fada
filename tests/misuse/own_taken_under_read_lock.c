// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner is taken out of a field while the lock is held for reading
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

HF_LOCKED_DEFINE(locked_channel, rwlock, struct channel);

void stop(struct locked_channel *l);
void stop(struct locked_channel *l)
{
#ifdef MISUSE
	hf_read_lock(c, l);
	hf_let(ring, tx, hf_take(c->tx)); /* E */
#else
	hf_write_lock(c, l);
	hf_let(ring, tx, hf_take(c->tx));
#endif
}
