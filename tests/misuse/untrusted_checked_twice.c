// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number that is trusted already checked as if it came from a device
// rule: untrusted-number
// expect-gcc: '_Generic' selector of type .* is not compatible with any association
// expect-clang: controlling expression type .* not compatible with any generic association type
#include <holdfast/num.h>

int f(u16 n);
int f(u16 n)
{
#ifdef MISUSE
	return hf_try(hf_below(n, 3)); /* E */
#else
	return hf_try(hf_below(hf_untrusted_u16(n), 3));
#endif
}
