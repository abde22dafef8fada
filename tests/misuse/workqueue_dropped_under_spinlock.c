// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a workqueue dropped, which waits for its items, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_workqueue_own_drop' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/work.h>

struct state {
	struct hf_workqueue_own queue;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static inline struct hf_workqueue_own take(struct locked_state *l)
{
	hf_lock(s, l);

	return hf_take(s->queue);
}

void end(struct locked_state *l);
void end(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	hf_workqueue_own_drop(&s->queue); /* E */
#else
	hf_let(hf_workqueue, queue, take(l));
#endif
}
