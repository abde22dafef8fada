// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a timer that calls what may sleep
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/timer.h>
#include <holdfast/vec.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_TIMER_DEFINE(dev_timer, timer, dev_arc, dev_tick);

static struct hf_timer_next dev_tick(const struct dev *d)
{
	hf_let_vec(u32, copy);

#ifdef MISUSE
	if (hf_vec_push(&copy, 1, GFP_KERNEL)) /* E */
#else
	if (hf_vec_push(&copy, 1, GFP_ATOMIC))
#endif
		return hf_timer_again_in(1000);
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
