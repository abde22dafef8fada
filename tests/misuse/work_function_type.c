// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the callback of a work item takes the item
// rule: function-type
// expect: conflicting types for 'reset_dev'
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

#ifdef MISUSE
static void reset_dev(struct hf_work *w) /* E */
{
	(void)w;
#else
static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);

#endif
}
