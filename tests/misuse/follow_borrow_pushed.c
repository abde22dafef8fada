// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a vector of pointers keeps a borrow of what an owner drops
// rule: borrow-escapes
// compilers: none
// checker: keeps a pointer to what belongs to 'j', whose scope has ended
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/vec.h>

struct job {
	u32 id;
};

void job_free(struct job *j);
HF_OWN_DEFINE(job, struct job, job_free);
int job_start(struct job *j);

HF_SLICE_DEFINE(job_ref, struct job *);
HF_VEC_DEFINE(job_ref);
HF_RESULT_DEFINE(job_ref, struct job *);
HF_LOCKED_DEFINE(running, mutex, struct job_ref_vec);

static struct running running;
static struct job idle __attribute__((unused));

int job_run(u32 id);
int job_run(u32 id)
{
	hf_let(job, j, hf_try(hf_new(job, GFP_KERNEL)));

	hf_mut(j)->id = id;
	hf_lock(v, &running);
#ifdef MISUSE
	hf_try_errno(hf_vec_push(v, hf_mut(j), GFP_KERNEL)); /* E */
#else
	hf_try_errno(hf_vec_push(v, &idle, GFP_KERNEL));
#endif
	return job_start(hf_mut(j));
}
