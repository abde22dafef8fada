// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread joined, and dropped afterwards
// rule: use-after-move
// compilers: clang>=22
// expect: releasing ownership of 't.own' that was not held
// analyzer: double-'hf_move'|use after 'hf_move'
// coccinelle: 't' was moved in line
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

int join(struct dev_thread_own given);
int join(struct dev_thread_own given)
{
	hf_let(dev_thread, t, given);
	int value = hf_thread_join(dev_thread, hf_move(t));

#ifdef MISUSE
	hf_drop(dev_thread, t); /* E */
#endif
	return value;
}

static int dev_work(const struct dev *d)
{
	return d->irqs;
}
