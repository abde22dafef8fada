// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number as a condition
// rule: untrusted-number
// expect-gcc: used struct type value where scalar is required
// expect-clang: statement requires expression of scalar type
// explained: result-misused
#include <holdfast/num.h>

int f(struct hf_untrusted_u32 n);
int f(struct hf_untrusted_u32 n)
{
#ifdef MISUSE
	if (n) /* E */
		return 1;
#else
	if (!hf_equals(n, 0))
		return 1;
#endif
	return 0;
}
