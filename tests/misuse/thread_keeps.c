// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the function of a thread keeps the borrow of its data
// rule: borrow-escapes
// compilers: clang>=23
// expect: parameter is marked .* but escapes
#include <holdfast/arc.h>
#include <holdfast/thread.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

extern const struct dev *last;
const struct dev *last;

HF_THREAD_DEFINE(dev_thread, dev_arc, dev_callback);

static int dev_callback(const struct dev *d HF_NOESCAPE) /* E */
{
#ifdef MISUSE
	last = d;
#endif
	return d->irqs;
}
