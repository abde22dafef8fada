// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow given to a workqueue, while its owner is dropped at the end of the scope
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct request_own'
// explained: owner-of-other-type
#include <holdfast/own.h>
#include <holdfast/work.h>

struct request {
	struct hf_work work;
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
HF_WORK_DEFINE(request_work, request_own, struct request, work, work_on);

int begin(const struct hf_workqueue *wq);
int begin(const struct hf_workqueue *wq)
{
	hf_let(request, req, hf_try(hf_new(request, GFP_KERNEL)));

	hf_work_init(request_work, hf_mut(req));
#ifdef MISUSE
	return hf_work_queue(request_work, wq, hf_mut(req)); /* E */
#else
	return hf_work_queue(request_work, wq, hf_move(req));
#endif
}

static void work_on(struct request_own given)
{
	hf_let(request, req, given);
}
