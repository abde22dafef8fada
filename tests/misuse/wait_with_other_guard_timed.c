// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait with a deadline by another lock's guard
// rule: condvar-of-other-lock
// expect: hf_wait: \\?'room\\?' belongs to another type of lock than that of \\?'s\\?'
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

int f(struct dev *d, struct locked_ring_condvar *room);
int f(struct dev *d, struct locked_ring_condvar *room)
{
	const struct hf_deadline end = hf_deadline_in(10);
	int err = 0;

	hf_lock(s, &d->state);
	s->waiters++;
	hf_lock(r, &d->ring);
	while (!r->free && !err)
#ifdef MISUSE
		err = hf_wait_until(room, s, end, HF_KILLABLE); /* E */
#else
		err = hf_wait_until(room, r, end, HF_KILLABLE);
#endif
	return err;
}
