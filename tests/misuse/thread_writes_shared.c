// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread that writes to what it shares
// rule: write-to-shared
// expect-gcc: read-only object
// expect-clang: const-qualified type
// explained: const-written
#include <holdfast/arc.h>
#include <holdfast/thread.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

void dev_free(struct dev *d);
HF_OWN_DEFINE(dev, struct dev, dev_free);
HF_THREAD_DEFINE(alone, dev_own, work_alone);
HF_THREAD_DEFINE(sharing, dev_arc, work_sharing);

static int work_alone(struct dev *d)
{
	return d->irqs++;
}

static int work_sharing(const struct dev *d)
{
#ifdef MISUSE
	return d->irqs++; /* E */
#else
	return d->irqs;
#endif
}
