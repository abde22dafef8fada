// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread dropped, which waits, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'dev_thread_own_drop' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/thread.h>
#include <holdfast/lock.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_THREAD_DEFINE(dev_thread, dev_arc, dev_callback);

struct state {
	struct dev_thread_own thread;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static inline struct dev_thread_own take(struct locked_state *l)
{
	hf_lock(s, l);

	return hf_take(s->thread);
}

void end(struct locked_state *l);
void end(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	dev_thread_own_drop(&s->thread); /* E */
#else
	hf_let(dev_thread, thread, take(l));
#endif
}

static int dev_callback(const struct dev *d)
{
	return d->irqs;
}
