// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the driver's state read without its lock
// rule: unlocked-data
// expect-gcc: 'const struct edu_locked' has no member named 'computing'
// expect-clang: no member named 'computing' in 'struct edu_locked'
// explained: nothing
#include <holdfast/lock.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "01-registers.c"
#pragma pop_macro("MISUSE")

struct edu_state {
	u32 value;		/* the last factorial */
	bool computing;		/* set when the device is told to, cleared by its interrupt */
	bool transferring;	/* the same, for the memory that it shares */
	bool gone;		/* the device, for those who use this driver */
};

HF_LOCKED_DEFINE(edu_locked, spinlock_irq, struct edu_state);	/* an interrupt handler takes it */

/* The last factorial, without waiting: -EAGAIN while the device computes. */
struct u32_result edu_value_now(const struct edu_locked *state)
{
#ifdef MISUSE
	if (state->computing) /* E */
		return hf_err(u32, -EAGAIN);
	return hf_ok(u32, state->value);
#else
	hf_lock(s, state);

	if (s->computing)
		return hf_err(u32, -EAGAIN);
	return hf_ok(u32, s->value);
#endif
}
