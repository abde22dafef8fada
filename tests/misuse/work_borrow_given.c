// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given to a workqueue, which outlives it
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct dev_arc'
// explained: owner-of-other-type
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct dev {
	struct hf_refs refs;
	struct hf_work reset;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_WORK_DEFINE(dev_reset, dev_arc, struct dev, reset, reset_dev);

int interrupt(const struct dev *d);
int interrupt(const struct dev *d)
{
#ifdef MISUSE
	return hf_work_queue(dev_reset, hf_system_workqueue(), d); /* E */
#else
	return hf_work_queue(dev_reset, hf_system_workqueue(), hf_arc_from(dev, d));
#endif
}

static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
}
