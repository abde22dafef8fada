// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number narrowed without a check
// rule: untrusted-number
// expect-gcc: invalid initializer|incompatible types when initializing type
// expect-clang: initializing 'struct hf_untrusted_u16' with an expression of incompatible type
#include <holdfast/num.h>

int f(struct hf_untrusted_u32 n);
int f(struct hf_untrusted_u32 n)
{
#ifdef MISUSE
	struct hf_untrusted_u16 id = n; /* E */

	return hf_equals(id, 3);
#else
	return hf_equals(n, 3);
#endif
}
