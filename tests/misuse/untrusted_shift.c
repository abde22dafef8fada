// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number as the width of a shift
// rule: untrusted-number
// expect-gcc: invalid operands to binary <<
// expect-clang: invalid operands to binary expression
#include <holdfast/num.h>

int f(struct hf_untrusted_u16 n);
int f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	return 1 << n; /* E */
#else
	return 1 << hf_try(hf_below(n, 16));
#endif
}
