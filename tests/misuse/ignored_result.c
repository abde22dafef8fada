// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result that is ignored
// rule: result-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
#include <holdfast/num.h>

struct u32_result lookup(int key);

int f(int key);
int f(int key)
{
#ifdef MISUSE
	lookup(key); /* E */
	return 0;
#else
	return hf_errno(lookup(key));
#endif
}
