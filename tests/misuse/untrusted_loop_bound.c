// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number as the bound of a loop
// rule: untrusted-number
// expect-gcc: invalid operands to binary <
// expect-clang: invalid operands to binary expression
#include <holdfast/num.h>

int f(struct hf_untrusted_u16 n);
int f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	int sum = 0;

	for (u16 i = 0; i < n; i++) /* E */
		sum += i;
	return sum;
#else
	int sum = 0;

	const u16 end = hf_try(hf_at_most(n, 64));

	for (u16 i = 0; i < end; i++)
		sum += i;
	return sum;
#endif
}
