// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread that is joined under the lock that its function takes
// rule: lock-order
// compilers: none
// checker: this waits for 'pump_run', which takes the lock of 't.pump.state', and this thread holds it
#include <holdfast/arc.h>
#include <holdfast/lock.h>
#include <holdfast/thread.h>

struct state {
	bool stopping;
	u32 pumped;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);
struct pump;
struct task {
	const struct pump *pump;
};

static void task_free(struct task *t)
{
	hf_free(t);
}

HF_OWN_DEFINE(task, struct task, task_free);
HF_THREAD_DEFINE(pump_thread, task_own, pump_run);

struct pump {
	struct locked_state state;
	struct pump_thread_own thread;
};

static bool pump_once(const struct pump *p)
{
	hf_lock(s, &p->state);

	s->pumped++;
	return !s->stopping;
}

static int pump_run(struct task *t)
{
	while (!hf_thread_should_stop() && pump_once(t->pump))
		;
	return 0;
}

static int pump_end(struct pump *p)
{
	hf_let(pump_thread, t, hf_take(p->thread));

	return hf_is_empty(t) ? 0 : hf_thread_join(pump_thread, hf_move(t));
}

int pump_stop(struct pump *p);
int pump_stop(struct pump *p)
{
#ifdef MISUSE
	hf_lock(s, &p->state);

	s->stopping = true;
#else
	{
		hf_lock(s, &p->state);

		s->stopping = true;
	}
#endif
	return pump_end(p); /* E */
}
