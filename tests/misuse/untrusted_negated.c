// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number as the operand of a minus
// rule: untrusted-number
// expect-gcc: wrong type argument to unary minus
// expect-clang: invalid argument type 'struct hf_untrusted_u16' to unary expression
#include <holdfast/num.h>

int f(struct hf_untrusted_u16 n);
int f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	return -n; /* E */
#else
	return -hf_accept_any(n);
#endif
}
