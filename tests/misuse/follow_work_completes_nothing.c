// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a work item that leaves with an error, and does not complete what its sender waits for
// rule: wake-up-missed
// compilers: none
// checker: this returns an error without completing 'answered', and who waits for it is not told
#include <holdfast/arc.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

struct query {
	struct hf_refs refs;
	struct hf_work work;
	struct hf_completion answered;
	u32 kind;
};

static void query_destroy(struct query *q)
{
	hf_completion_fini(&q->answered);
}

static void query_release(struct query *q)
{
	hf_free(q);
}

int lookup(u32 kind);
void note(int err);

HF_ARC_DEFINE(query, struct query, refs, query_destroy, query_release);
HF_WORK_DEFINE(query_work, query_arc, struct query, work, query_run);

static void query_run(struct query_arc given)
{
	hf_let_arc(query, q, given);
	const int err = lookup(hf_ref(q)->kind);

	if (err) {
		note(err);
#ifdef MISUSE
		return; /* E */
#else
		hf_complete(&hf_ref(q)->answered);
		return;
#endif
	}
	note(0);
	hf_complete(&hf_ref(q)->answered);
}

int query_ask(const struct query_arc *q);
int query_ask(const struct query_arc *q)
{
	hf_try_errno(hf_work_queue(query_work, hf_system_workqueue(), hf_clone(*q)));
	return hf_completion_wait_timeout(&hf_ref(*q)->answered, 100);
}
