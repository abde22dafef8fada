// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a guarded list, after the lock was given up
// rule: guard-escapes
// compilers: none
// checker: 'j->status' uses a pointer to what belongs to 's', whose lock was released
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/own.h>

struct job {
	struct hf_link link;
	u32 id, status;
};

static void job_free(struct job *j)
{
	hf_link_fini(&j->link);
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct state {
	struct jobs todo;
	u32 last;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

u32 hw_run(u32 id);

int run_one(const struct locked_state *l);
int run_one(const struct locked_state *l)
{
	u32 status;

	hf_lock(s, l);
	struct job *const j = hf_try(jobs_front_mut(&s->todo));
	const u32 id = j->id;

	{
		hf_unlocked(s);
		status = hw_run(id);
	}
#ifdef MISUSE
	j->status = status; /* E */
#else
	s->last = status;
#endif
	return 0;
}
