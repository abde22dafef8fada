// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given to a workqueue for later, which outlives it
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct dev_arc'
// explained: owner-of-other-type
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct dev {
	struct hf_refs refs;
	struct hf_delayed_work poll;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_DELAYED_WORK_DEFINE(dev_poll, dev_arc, struct dev, poll, poll_dev);

int begin(const struct dev *d);
int begin(const struct dev *d)
{
#ifdef MISUSE
	return hf_work_queue_in(dev_poll, hf_system_workqueue(), d, 100); /* E */
#else
	return hf_work_queue_in(dev_poll, hf_system_workqueue(), hf_arc_from(dev, d), 100);
#endif
}

static void poll_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
}
