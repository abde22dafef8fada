// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait that may fail, and nobody looks
// rule: result-ignored
// expect-gcc: ignoring return value of 'hf_must_use_' declared with attribute 'warn_unused_result'
// expect-clang: ignoring return value of function declared with 'warn_unused_result' attribute
#include <holdfast/wait.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "05-interrupt.c"
#pragma pop_macro("MISUSE")

/* Ask for the factorial of @n. */
int edu_ask(const struct edu *edu, u32 n)
{
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);

	hf_access_else(hw, &edu->hw, return -ENODEV);
	hf_lock(s, &edu->state);
	while (s->computing && !s->gone)
		hf_try_errno(hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
	if (s->gone)
		return -ENODEV;
	s->computing = true;
	edu_regs_write_factorial(&hw->regs, n);
	return 0;
}

/* The factorial that was asked for last. */
struct u32_result edu_answer(const struct edu *edu)
{
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);
	hf_lock(s, &edu->state);

	while (s->computing && !s->gone)
#ifdef MISUSE
		hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE); /* E */
#else
		hf_try_errno_in(u32, hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
#endif
	if (s->gone)
		return hf_err(u32, -ENODEV);
	return hf_ok(u32, s->value);
}
