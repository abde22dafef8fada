// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: locked data copied with its lock to a local variable
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/lock.h>

struct state {
	int n;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);
void read_state(const struct locked_state *l);

void f(const struct locked_state *from);
void f(const struct locked_state *from)
{
#ifdef MISUSE
	struct locked_state copy = *from; /* E */

	read_state(&copy);
#else
	read_state(from);
#endif
}
