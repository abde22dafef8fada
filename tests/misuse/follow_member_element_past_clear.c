// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a list that another function kept in a member, after a helper emptied the list
// rule: borrow-outlives-owner
// compilers: none
// checker: 'e->running' was borrowed earlier, from 'e->waiting', which was dropped in line
#include <holdfast/list.h>
#include <holdfast/own.h>

struct job {
	struct hf_link link;
	u32 done;
};

static void job_free(struct job *j)
{
	hf_link_fini(&j->link);
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct engine {
	struct jobs waiting;
	struct job *running;
};

int engine_kick(struct engine *e);
int engine_kick(struct engine *e)
{
	e->running = hf_try(jobs_front_mut(&e->waiting));
	return 0;
}

static void engine_flush(struct engine *e)
{
#ifdef MISUSE
	jobs_clear(&e->waiting);
#else
	e->running = NULL;
	jobs_clear(&e->waiting);
#endif
}

u32 engine_reset(struct engine *e);
u32 engine_reset(struct engine *e)
{
	engine_flush(e);
	return e->running ? e->running->done : 0; /* E */
}
