// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for a completion whose timeout is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/wait.h>

int f(struct hf_completion *c);
int f(struct hf_completion *c)
{
#ifdef MISUSE
	hf_completion_wait_timeout(c, 10); /* E */
	return 0;
#else
	return hf_completion_wait_timeout(c, 10);
#endif
}
