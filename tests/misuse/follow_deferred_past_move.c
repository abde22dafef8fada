// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a deferred call gets a borrow of what is moved before the scope ends
// rule: borrow-outlives-owner
// compilers: none
// checker: the call that 'unmark' defers gets a pointer to what belongs to 'j'
#include <holdfast/own.h>
#include <holdfast/scope.h>

struct job {
	u32 state;
	bool marked;
};

void job_free(struct job *j);
HF_OWN_DEFINE(job, struct job, job_free);
int job_prepare(struct job *j);
int job_run(struct job_own j);

static void job_unmark(void *marked)
{
	*(bool *)marked = false;
}

static int job_hand_over(struct job_own *from)
{
	return job_run(hf_take(*from)); /* E */
}

int job_start(struct job_own given);
int job_start(struct job_own given)
{
	hf_let(job, j, given);
	hf_defer(unmark, job_unmark, &hf_mut(j)->marked);

	hf_mut(j)->marked = true;
	hf_try_errno(job_prepare(hf_mut(j)));
#ifdef MISUSE
	return job_hand_over(&j);
#else
	hf_mut(j)->marked = false;
	hf_dismiss(unmark);
	return job_hand_over(&j);
#endif
}
