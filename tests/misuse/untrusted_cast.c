// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number cast to a number
// rule: untrusted-number
// expect-gcc: aggregate value used where an integer was expected
// expect-clang: operand of type 'struct hf_untrusted_u16' where arithmetic or pointer type is required
#include <holdfast/num.h>

size_t f(struct hf_untrusted_u16 n);
size_t f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	return (size_t)n; /* E */
#else
	return hf_accept_any(n);
#endif
}
