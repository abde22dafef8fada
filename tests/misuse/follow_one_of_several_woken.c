// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: one waiter woken of several that wait for different things
// rule: wake-up-missed
// compilers: none
// checker: several wait for 'changed', each for something else, and this may wake one for whom nothing changed
#include <holdfast/holdfast.h>

struct pump_state {
	u32 pressure;
	bool stopped;
};

HF_LOCKED_DEFINE(pump_locked, mutex, struct pump_state);
HF_CONDVAR_DEFINE(pump_locked);

struct pump {
	struct pump_locked state;
	struct pump_locked_condvar changed;
};

void pump_measured(const struct pump *p, u32 pressure);
void pump_measured(const struct pump *p, u32 pressure)
{
	hf_lock(s, &p->state);

	s->pressure = pressure;
#ifdef MISUSE
	hf_notify_one(&p->changed); /* E */
#else
	hf_notify_all(&p->changed);
#endif
}

void pump_stop(const struct pump *p);
void pump_stop(const struct pump *p)
{
	hf_lock(s, &p->state);

	s->stopped = true;
	hf_notify_all(&p->changed);
}

int pump_wait_for_pressure(const struct pump *p, u32 least);
int pump_wait_for_pressure(const struct pump *p, u32 least)
{
	hf_lock(s, &p->state);

	while (s->pressure < least)
		hf_try_errno(hf_wait_interruptible(&p->changed, s));
	return 0;
}

void pump_wait_for_stop(const struct pump *p);
void pump_wait_for_stop(const struct pump *p)
{
	hf_lock(s, &p->state);

	while (!s->stopped)
		hf_wait(&p->changed, s);
}
