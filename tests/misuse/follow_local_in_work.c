// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a queued work item that writes to a variable of the function that queued it
// rule: callback-outlives-data
// compilers: none
// checker: 'to' keeps a pointer to 'sum', a variable of this function
#include <holdfast/own.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

struct job {
	struct hf_work work;
	const struct hf_completion *done;
	u32 *to;
	u32 n;
};

static void job_free(struct job *j)
{
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_WORK_DEFINE(job_work, job_own, struct job, work, job_run);

static void job_run(struct job_own given)
{
	hf_let(job, j, given);

	*hf_ref(j)->to = hf_ref(j)->n * 2;
	hf_complete(hf_ref(j)->done);
}

static void set_up(struct job *j, u32 *to, u32 n)
{
	hf_work_init(job_work, j);
	j->to = to; /* E */
	j->n = n;
}

struct adder {
	struct hf_completion done;
};

int twice(struct adder *a, u32 n);
int twice(struct adder *a, u32 n)
{
	hf_let(job, j, hf_try(hf_new(job, GFP_KERNEL)));
	u32 sum = 0;

	set_up(hf_mut(j), &sum, n);
	hf_mut(j)->done = &a->done;
	hf_work_queue(job_work, hf_system_workqueue(), hf_move(j));
#ifdef MISUSE
	hf_try_errno(hf_completion_wait_timeout(&a->done, 20));
#else
	hf_completion_wait(&a->done);
#endif
	return (int)sum;
}
