// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the function of a timer keeps the borrow of its data
// rule: borrow-escapes
// compilers: clang>=23
// expect: parameter is marked .* but escapes
#include <holdfast/arc.h>
#include <holdfast/timer.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

extern const struct dev *last;
const struct dev *last;

HF_TIMER_DEFINE(dev_timer, hrtimer, dev_arc, dev_callback);

static struct hf_timer_next dev_callback(const struct dev *d HF_NOESCAPE) /* E */
{
#ifdef MISUSE
	last = d;
#endif
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
