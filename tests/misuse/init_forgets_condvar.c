// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an init function of a counted object that forgets a condition variable
// rule: lock-not-initialised
// compilers: none
// query: but does not initialise its member 'changed'
#include <holdfast/arc.h>
#include <holdfast/pin.h>
#include <holdfast/wait.h>

HF_LOCKED_DEFINE(locked_state, mutex, bool);
HF_CONDVAR_DEFINE(locked_state);

struct job {
	struct hf_refs refs;
	struct locked_state done;
	struct locked_state_condvar changed;
};

static void job_destroy(struct job *job)
{
	hf_cond_fini(&job->changed);
	hf_lock_fini(&job->done);
}

static void job_release(struct job *job)
{
	hf_free(job);
}
HF_ARC_DEFINE(job, struct job, refs, job_destroy, job_release);

#ifdef MISUSE
static int job_init(struct job *job, int unused) /* E */
#else
static int job_init(struct job *job, int unused)
#endif
{
	(void)unused;
	hf_lock_init(&job->done);
#ifndef MISUSE
	hf_cond_init(&job->changed);
#endif
	return 0;
}

struct job_arc_result job_new(void);
struct job_arc_result job_new(void)
{
	return hf_new_arc_with(job, GFP_KERNEL, job_init, 0);
}
