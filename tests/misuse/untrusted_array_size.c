// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number as the size of an array
// rule: untrusted-number
// expect-gcc: size of array 'name' has non-integer type
// expect-clang: size of array has non-integer type
#include <holdfast/num.h>

int f(struct hf_untrusted_u16 n);
int f(struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	char name[n]; /* E */

	return (int)sizeof(name);
#else
	char name[8];

	return (int)sizeof(name) + hf_try(hf_at_most(n, 8));
#endif
}
