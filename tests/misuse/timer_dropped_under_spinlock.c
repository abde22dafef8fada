// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a timer dropped, which waits, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'dev_timer_own_drop' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/timer.h>
#include <holdfast/lock.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_TIMER_DEFINE(dev_timer, hrtimer, dev_arc, dev_callback);

struct state {
	struct dev_timer_own timer;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static inline struct dev_timer_own take(struct locked_state *l)
{
	hf_lock(s, l);

	return hf_take(s->timer);
}

void end(struct locked_state *l);
void end(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	dev_timer_own_drop(&s->timer); /* E */
#else
	hf_let(dev_timer, timer, take(l));
#endif
}

static struct hf_timer_next dev_callback(const struct dev *d)
{
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
