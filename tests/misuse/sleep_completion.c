// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for a completion under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_completion_wait' while context 'hf_spinning' is held
// coccinelle: this may sleep, and 's' holds a lock that spins
#include <holdfast/holdfast.h>

struct item {
	int id;
};

void item_free(struct item *x);
HF_OWN_DEFINE(item, struct item, item_free);

struct state {
	int next;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

void f(struct locked_state *l, struct hf_completion *done);
void f(struct locked_state *l, struct hf_completion *done)
{
	{
		hf_lock(s, l);

		s->next++;
#ifdef MISUSE
		hf_completion_wait(done); /* E */
#endif
	}
	hf_completion_wait(done);
}
