// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: HF_TRY given to a wait for a completion
// rule: lock-kind
// expect: hf_completion_wait_until: HF_TRY is for locks
#include <holdfast/wait.h>

int f(struct hf_completion *c);
int f(struct hf_completion *c)
{
#ifdef MISUSE
	return hf_completion_wait_until(c, HF_NO_DEADLINE, HF_TRY); /* E */
#else
	return hf_completion_wait_until(c, hf_deadline_in(0), HF_KILLABLE);
#endif
}
