// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a timer is dropped before the thread that starts it
// rule: callback-outlives-data
// compilers: none
// checker: late' ends here, and 'pump_run' may still use it by 'late': drop '.*pump' first
#include <holdfast/thread.h>
#include <holdfast/timer.h>

struct deadline {
	u32 missed;
};

void deadline_free(struct deadline *d);
HF_OWN_DEFINE(deadline, struct deadline, deadline_free);
HF_TIMER_DEFINE(late_timer, hrtimer, deadline_own, deadline_passed);

static struct hf_timer_next deadline_passed(struct deadline *d)
{
	d->missed++;
	return hf_timer_stop();
}

struct pump {
	const struct late_timer *late;
};

void pump_free(struct pump *p);
HF_OWN_DEFINE(pump, struct pump, pump_free);
HF_THREAD_DEFINE(pump_thread, pump_own, pump_run);

int bus_next(void);

static int pump_run(struct pump *p)
{
	while (!hf_thread_should_stop())
		if (!bus_next())
			hf_timer_start(p->late, 1000000);
	return 0;
}

struct bus {
	struct pump_thread_own pump;
	struct late_timer_own late;
};

void bus_stop(struct bus *b);
void bus_stop(struct bus *b)
{
#ifdef MISUSE
	late_timer_own_drop(&b->late); /* E */
	pump_thread_own_drop(&b->pump);
#else
	pump_thread_own_drop(&b->pump);
	late_timer_own_drop(&b->late);
#endif
}
