// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given to a timer, which outlives it
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct dev_arc'
// explained: owner-of-other-type
#include <holdfast/arc.h>
#include <holdfast/timer.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_TIMER_DEFINE(dev_timer, hrtimer, dev_arc, dev_callback);

int begin(const struct dev_arc *a, struct dev_timer_own *place);
int begin(const struct dev_arc *a, struct dev_timer_own *place)
{
#ifdef MISUSE
	return hf_set_ok(*place, hf_timer_new(dev_timer, hf_ref(*a), GFP_KERNEL)); /* E */
#else
	return hf_set_ok(*place, hf_timer_new(dev_timer, hf_clone(*a), GFP_KERNEL));
#endif
}

static struct hf_timer_next dev_callback(const struct dev *d)
{
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
