// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a timer cancelled, which waits for it, under the lock that it takes
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_timer_may_wait_' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/lock.h>
#include <holdfast/timer.h>

HF_LOCKED_DEFINE(locked_ticks, spinlock_irq, int);

struct dev {
	struct hf_refs refs;
	struct locked_ticks ticks;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_TIMER_DEFINE(dev_timer, hrtimer, dev_arc, dev_tick);

void pause(const struct dev *d, const struct dev_timer_own *t);
void pause(const struct dev *d, const struct dev_timer_own *t)
{
#ifdef MISUSE
	hf_lock(ticks, &d->ticks);

	hf_timer_cancel(hf_ref(*t)); /* E */
	*ticks = 0;
#else
	hf_timer_cancel(hf_ref(*t));
	hf_lock(ticks, &d->ticks);
	*ticks = 0;
#endif
}

static struct hf_timer_next dev_tick(const struct dev *d)
{
	hf_lock(ticks, &d->ticks);

	++*ticks;
	return hf_timer_again_in(1000);
}
