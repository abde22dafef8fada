// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait by a function whose caller holds a lock that spins
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_completion_wait' while context 'hf_spinning' is held
#include <holdfast/wait.h>

struct state {
	int next;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

int settle(struct locked_state *l, struct hf_completion *done) HF_REQUIRES(l);
int settle(struct locked_state *l, struct hf_completion *done)
{
	struct state *s = hf_held(l);

#ifdef MISUSE
	hf_completion_wait(done); /* E */
#else
	hf_complete(done);
#endif
	return s->next++;
}
