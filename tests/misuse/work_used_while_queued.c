// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a request used after it was queued
// rule: use-after-move
// compilers: clang>=22
// expect: calling function 'hf_ref_' requires holding ownership of 'req.own'
// analyzer: use after 'hf_move'
// coccinelle: 'req' was moved in line
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
	(void)hf_work_queue(request_work, wq, hf_move(req));
	return hf_ref(req)->tag; /* E */
#else
	int tag = hf_ref(req)->tag;

	(void)hf_work_queue(request_work, wq, hf_move(req));
	return tag;
#endif
}

static void work_on(struct request_own given)
{
	hf_let(request, req, given);
}
