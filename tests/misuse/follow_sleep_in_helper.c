// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a helper without a mark that sleeps, called under a lock that spins
// rule: sleep-under-spinlock
// compilers: none
// checker: 'settle' may sleep, and a spinning lock is held
#include <holdfast/lock.h>

struct state {
	int users;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);
void settle(void) HF_SLEEPS;

static void reset(struct state *s)
{
	s->users = 0;
	settle(); /* E */
}

void f(const struct locked_state *l, struct state *other);
void f(const struct locked_state *l, struct state *other)
{
	hf_lock(s, l);

	other->users = 0;
#ifdef MISUSE
	reset(s);
#endif
}

void g(struct state *s);
void g(struct state *s)
{
	reset(s);
}
