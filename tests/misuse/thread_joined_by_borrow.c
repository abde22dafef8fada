// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread joined by a borrow of its owner
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct dev_thread_own'
#include <holdfast/arc.h>
#include <holdfast/thread.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_THREAD_DEFINE(dev_thread, dev_arc, dev_work);

int join(struct dev_thread_own *t);
int join(struct dev_thread_own *t)
{
#ifdef MISUSE
	return hf_thread_join(dev_thread, t); /* E */
#else
	return hf_thread_join(dev_thread, hf_take(*t));
#endif
}

static int dev_work(const struct dev *d)
{
	return d->irqs;
}
