// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a vector grown under a spinlock, on one path of several
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
// coccinelle: this may sleep, and 's' holds a lock that spins
#include <holdfast/lock.h>
#include <holdfast/vec.h>

struct state {
	struct u32_vec ids;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

int f(struct locked_state *l, u32 id);
int f(struct locked_state *l, u32 id)
{
	hf_lock(s, l);

	for (u32 i = 0; i < id; i++) {
		if (hf_vec_push_within(&s->ids, i) == 0)
			continue;
#ifdef MISUSE
		hf_try_errno(hf_vec_push(&s->ids, i, GFP_KERNEL)); /* E */
#else
		hf_try_errno(hf_vec_push(&s->ids, i, GFP_ATOMIC));
#endif
	}
	return 0;
}
