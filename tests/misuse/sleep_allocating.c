// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation that may sleep under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
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

int f(struct locked_state *l);
int f(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);
	hf_let(item, x, hf_try(hf_new(item, GFP_KERNEL))); /* E */
#else
	hf_let(item, x, hf_try(hf_new(item, GFP_KERNEL)));
	hf_lock(s, l);
#endif

	hf_mut(x)->id = s->next++;
	return 0;
}
