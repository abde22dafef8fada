// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for a completion under the lock that whoever completes it takes
// rule: condvar-of-other-lock
// compilers: none
// checker: this thread sleeps with 'c.jobs' held, which 'chan_finish' has to lock before it can notify 'c.idle'
#include <holdfast/result.h>
#include <holdfast/wait.h>

struct jobs {
	u32 running;
};

HF_LOCKED_DEFINE(locked_jobs, mutex, struct jobs);

struct chan {
	struct locked_jobs jobs;
	struct hf_completion idle;
};

static bool last(const struct chan *c)
{
	hf_lock(j, &c->jobs);

	return --j->running == 0;
}

void chan_finish(const struct chan *c);
void chan_finish(const struct chan *c)
{
	if (last(c))
		hf_complete(&c->idle);
}

int chan_drain(const struct chan *c);
int chan_drain(const struct chan *c)
{
#ifdef MISUSE
	hf_lock(j, &c->jobs);

	if (j->running)
		hf_try_errno(hf_completion_wait_timeout(&c->idle, 100)); /* E */
#else
	{
		hf_lock(j, &c->jobs);

		if (!j->running)
			return 0;
	}
	hf_try_errno(hf_completion_wait_timeout(&c->idle, 100));
#endif
	return 0;
}
