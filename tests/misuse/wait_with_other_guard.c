// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait that gives another lock up than the waker needs
// rule: condvar-of-other-lock
// expect: hf_wait: \\?'&d->room\\?' belongs to another type of lock than that of \\?'s\\?'
#include <holdfast/wait.h>

struct ring {
	int free;
};

struct state {
	int waiters;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);
HF_LOCKED_DEFINE(locked_ring, mutex, struct ring);
HF_CONDVAR_DEFINE(locked_ring);

struct dev {
	struct locked_state state;
	struct locked_ring ring;
	struct locked_ring_condvar room;
};

void f(struct dev *d);
void f(struct dev *d)
{
	hf_lock(s, &d->state);
	hf_lock(r, &d->ring);

	while (!r->free)
#ifdef MISUSE
		hf_wait(&d->room, s); /* E */
#else
		hf_wait(&d->room, r);
#endif
	s->waiters--;
}
