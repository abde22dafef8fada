// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a work item cancelled, with a wait for its callback, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'dev_reset_cancel_wait_' while context 'hf_spinning' is held
#include <holdfast/arc.h>
#include <holdfast/lock.h>
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

struct state {
	bool gone;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

int stop(struct locked_state *l, const struct dev *d);
int stop(struct locked_state *l, const struct dev *d)
{
#ifdef MISUSE
	hf_lock(s, l);
	hf_let_arc(dev, back, hf_try(hf_work_cancel_wait(dev_reset, d))); /* E */
#else
	hf_let_arc(dev, back, hf_try(hf_work_cancel_wait(dev_reset, d)));
	hf_lock(s, l);
#endif
	s->gone = true;
	return 0;
}

static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
}
