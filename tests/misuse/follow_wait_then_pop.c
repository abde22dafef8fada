// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait without an end that stands in a branch, behind which the element is taken
// rule: wake-up-missed
// compilers: none
// checker: a wait may end for no reason, and another thread may have been first: test the condition again
#include <holdfast/vec.h>
#include <holdfast/wait.h>

struct jobs {
	struct u32_vec ids;
	bool closed;
};

HF_LOCKED_DEFINE(locked_jobs, mutex, struct jobs);
HF_CONDVAR_DEFINE(locked_jobs);

struct printer {
	struct locked_jobs jobs;
	struct locked_jobs_condvar more;
};

int printer_add(const struct printer *p, u32 id);
int printer_add(const struct printer *p, u32 id)
{
	hf_lock(j, &p->jobs);

	hf_try_errno(hf_vec_push(&j->ids, id, GFP_KERNEL));
	hf_notify_all(&p->more);
	return 0;
}

struct u32_result printer_next(const struct printer *p);
struct u32_result printer_next(const struct printer *p)
{
	hf_lock(j, &p->jobs);

#ifdef MISUSE
	if (!hf_len(j->ids) && !j->closed) { /* E */
#else
	while (!hf_len(j->ids) && !j->closed) {
#endif
		hf_wait(&p->more, j);
	}
	return hf_vec_pop(u32, &j->ids);
}
