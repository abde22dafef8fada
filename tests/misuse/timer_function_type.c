// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the function of a timer takes a pointer to anything
// rule: function-type
// expect: conflicting types for 'dev_callback'
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

#ifdef MISUSE
static struct hf_timer_next dev_callback(void *data) /* E */
{
	const struct dev *d = data;

#else
static struct hf_timer_next dev_callback(const struct dev *d)
{
#endif
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
