// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result used as a condition
// rule: result-misused
// expect-gcc: used struct type value where scalar is required
// expect-clang: statement requires expression of scalar type
#include <holdfast/num.h>

struct u32_result lookup(int key);

int f(int key);
int f(int key)
{
#ifdef MISUSE
	if (lookup(key)) /* E */
		return 1;
#else
	if (hf_is_ok(lookup(key)))
		return 1;
#endif
	return 0;
}
