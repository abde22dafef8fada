// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock that a callback takes which is called with the lock held
// rule: double-lock
// compilers: none
// checker: this thread holds the lock already, since line
#include <holdfast/lock.h>

struct state {
	int users;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct dev {
	struct locked_state state;
};

static void count(struct dev *d)
{
	hf_lock(s, &d->state); /* E */

	s->users++;
}

static void nothing(struct dev *d)
{
	(void)d;
}

void f(struct dev *d);
void f(struct dev *d)
{
	void (*changed)(struct dev *) = nothing;
#ifdef MISUSE
	changed = count;
#endif
	hf_lock(s, &d->state);

	if (s->users)
		changed(d);
}

void g(struct dev *d);
void g(struct dev *d)
{
	count(d);
}
