// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: arithmetic with a device's number
// rule: untrusted-number
// expect-gcc: invalid operands to binary \+
// expect-clang: invalid operands to binary expression
#include <holdfast/num.h>

int f(struct hf_untrusted_u32 n, u32 *end);
int f(struct hf_untrusted_u32 n, u32 *end)
{
#ifdef MISUSE
	*end = n + 1; /* E */
#else
	*end = hf_try(hf_at_most(n, 4095)) + 1;
#endif
	return 0;
}
