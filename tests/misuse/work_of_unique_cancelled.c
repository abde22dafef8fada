// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a queued request cancelled by a pointer that was kept
// rule: callback-outlives-data
// expect: hf_work_cancel: a queued request_work has no other owner than the queue
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct request {
	struct hf_work work;
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
HF_WORK_DEFINE(request_work, request_own, struct request, work, work_on);
struct dev {
	struct hf_refs refs;
	struct hf_work reset;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_WORK_DEFINE(dev_reset, dev_arc, struct dev, reset, reset_dev);

bool cancel(const struct request *kept, const struct dev *d);
bool cancel(const struct request *kept, const struct dev *d)
{
#ifdef MISUSE
	hf_let(request, req, hf_try_or(hf_work_cancel(request_work, kept), false)); /* E */

	return true;
#else
	hf_let_arc(dev, back, hf_try_or(hf_work_cancel(dev_reset, d), false));

	return kept->tag;
#endif
}

static void work_on(struct request_own given)
{
	hf_let(request, req, given);
}

static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
}
