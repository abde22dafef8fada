// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a comparison with a device's number
// rule: untrusted-number
// expect-gcc: invalid operands to binary <
// expect-clang: invalid operands to binary expression
#include <holdfast/num.h>

int f(struct hf_untrusted_u32 n);
int f(struct hf_untrusted_u32 n)
{
#ifdef MISUSE
	return n < 3; /* E */
#else
	return hf_is_ok(hf_below(n, 3));
#endif
}
