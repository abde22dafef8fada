// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number as the operand of a switch
// rule: untrusted-number
// expect-gcc: switch quantity not an integer
// expect-clang: statement requires expression of integer type
#include <holdfast/num.h>

int f(struct hf_untrusted_u16 n);
int f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	switch (n) { /* E */
	default:
		return 0;
	}
#else
	switch (hf_accept_any(n)) {
	default:
		return 0;
	}
#endif
}
