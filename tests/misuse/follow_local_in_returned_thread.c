// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to a variable of the function that returns the thread which uses it
// rule: callback-outlives-data
// compilers: none
// checker: 'limits' keeps a pointer to 'limits', a variable of this function, which may return while others use it
#include <holdfast/holdfast.h>

struct limits {
	u32 low, high;
};

struct monitor {
	const struct limits *limits;
	u32 alarms;
};

static void monitor_free(struct monitor *m)
{
	hf_free(m);
}

HF_OWN_DEFINE(monitor, struct monitor, monitor_free);
HF_THREAD_DEFINE(monitor_thread, monitor_own, monitor_run);

u32 monitor_read(void);

static int monitor_run(struct monitor *m)
{
	while (!hf_thread_should_stop())
		if (monitor_read() > m->limits->high)
			m->alarms++;
	return 0;
}

struct monitor_thread_own_result monitor_start(u32 high, const struct limits *defaults);
struct monitor_thread_own_result monitor_start(u32 high, const struct limits *defaults)
{
	const struct limits limits = { .low = defaults->low, .high = high };

	hf_let(monitor, m, hf_try_in(monitor_thread_own, hf_new(monitor, GFP_KERNEL)));
#ifdef MISUSE
	hf_mut(m)->limits = &limits; /* E */
#else
	hf_mut(m)->limits = limits.high ? defaults : NULL;
#endif
	return hf_thread_spawn(monitor_thread, "monitor", hf_move(m), GFP_KERNEL);
}
