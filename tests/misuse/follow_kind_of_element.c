// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a list of several kinds is taken for one kind, in a helper
// rule: wrong-kind
// compilers: none
// checker: todo' has elements of other kinds too
#include <holdfast/dyn.h>
#include <holdfast/list.h>

struct job;
struct job_own;
struct job_ops {
	void (*drop)(struct job_own j);
	int (*run)(struct job *j);
};

struct job {
	const struct job_ops *const ops;
	struct hf_link link;
};

HF_DYN_DEFINE(job, struct job);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct copy {
	struct job base;
	u64 bytes;
};

void copy_free(struct copy *c);
HF_OWN_DEFINE(copy, struct copy, copy_free);
HF_IMPL_DEFINE(copy_job, job, copy_own, struct copy, base);

struct fence {
	struct job base;
	u32 seqno;
};

void fence_free(struct fence *f);
HF_OWN_DEFINE(fence, struct fence, fence_free);
HF_IMPL_DEFINE(fence_job, job, fence_own, struct fence, base);

struct ring {
	struct jobs todo;
	u64 copied;
};

static u64 bytes_of(const struct job *j)
{
#ifdef MISUSE
	return hf_self(copy_job, j)->bytes; /* E */
#else
	return hf_is_a(copy_job, j) ? hf_self(copy_job, j)->bytes : 0;
#endif
}

void ring_account(struct ring *r);
void ring_account(struct ring *r)
{
	hf_list_cursor(at, &r->todo);

	for (const struct job *j; (j = jobs_next(&at));)
		r->copied += bytes_of(j);
}
