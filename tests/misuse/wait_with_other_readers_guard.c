// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reader of a rwsem that waits for what another lock guards
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

HF_LOCKED_DEFINE(locked_table, rwsem, struct state);

int f(struct dev *d, const struct locked_table *t);
int f(struct dev *d, const struct locked_table *t)
{
#ifdef MISUSE
	hf_read_lock(s, t);

	return s->waiters + hf_wait_timeout(&d->room, s, 3); /* E */
#else
	hf_read_lock(s, t);
	hf_lock(r, &d->ring);

	return s->waiters + hf_wait_timeout(&d->room, r, 3);
#endif
}
