// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for a completion that a signal may end, and the result is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/wait.h>

int f(struct hf_completion *c);
int f(struct hf_completion *c)
{
#ifdef MISUSE
	hf_completion_wait_until(c, HF_NO_DEADLINE, HF_INTERRUPTIBLE); /* E */
	return 0;
#else
	return hf_completion_wait_until(c, HF_NO_DEADLINE, HF_INTERRUPTIBLE);
#endif
}
