// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object that is queued copied to the stack
// rule: pinned-copied
// compilers: none
// query: '\*d' is copied, but others point to it
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

int f(const struct dev *d);
int f(const struct dev *d)
{
#ifdef MISUSE
	const struct dev copy = *d; /* E */

	return copy.irqs;
#else
	return d->irqs;
#endif
}

static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
}
