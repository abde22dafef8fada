// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object freed in the scope of a guard of its lock
// rule: borrow-outlives-owner
// compilers: none
// checker: 's' holds a lock in 'c', and gives it up after the object is freed
#include <holdfast/holdfast.h>

struct chan_state {
	u32 unsent;
};

HF_LOCKED_DEFINE(chan_locked, mutex, struct chan_state);

struct chan {
	u32 id;
	struct chan_locked state;
};

void chan_flush(u32 id, u32 bytes);

static void chan_free(struct chan *c)
{
#ifdef MISUSE
	hf_lock(s, &c->state);
	if (s->unsent)
		chan_flush(c->id, s->unsent);
	hf_free(c); /* E */
#else
	{
		hf_lock(s, &c->state);
		if (s->unsent)
			chan_flush(c->id, s->unsent);
	}
	hf_lock_fini(&c->state);
	hf_free(c);
#endif
}

HF_OWN_DEFINE(chan, struct chan, chan_free);

void chan_start(struct chan *c);
void chan_start(struct chan *c)
{
	hf_lock_init(&c->state);
}
