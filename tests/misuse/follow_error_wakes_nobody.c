// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error recorded for those who wait, on a way that wakes nobody
// rule: wake-up-missed
// compilers: none
// checker: this returns with 'dead' set, for which threads wait, and wakes none of them
#include <holdfast/holdfast.h>

struct bus_state {
	u32 replies;
	bool busy, dead;
};

HF_LOCKED_DEFINE(bus_locked, spinlock_irq, struct bus_state);
HF_CONDVAR_DEFINE(bus_locked);

struct bus {
	struct bus_locked state;
	struct bus_locked_condvar idle;
};

void bus_reply(const struct bus *b, u32 status);
void bus_reply(const struct bus *b, u32 status)
{
	hf_lock(s, &b->state);

	if (status == ~0u) {
		s->dead = true;
#ifdef MISUSE
		return; /* E */
#else
		hf_notify_all(&b->idle);
		return;
#endif
	}
	s->replies++;
	s->busy = false;
	hf_notify_all(&b->idle);
}

int bus_begin(const struct bus *b);
int bus_begin(const struct bus *b)
{
	hf_lock(s, &b->state);

	while (s->busy && !s->dead)
		hf_wait(&b->idle, s);
	if (s->dead)
		return -ENODEV;
	s->busy = true;
	return 0;
}
