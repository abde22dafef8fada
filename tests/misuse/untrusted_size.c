// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number as the size of a copy
// rule: untrusted-number
// expect-gcc: incompatible type for argument 3 of '.*memcpy'
// expect-clang: passing 'struct hf_untrusted_u32' to parameter of incompatible type
#include <holdfast/num.h>

int f(u8 *to, const u8 *from, size_t room, struct hf_untrusted_u32 n);
int f(u8 *to, const u8 *from, size_t room, struct hf_untrusted_u32 n)
{
#ifdef MISUSE
	(void)room;
	memcpy(to, from, n); /* E */
#else
	const size_t size = hf_try(hf_at_most(n, room));

	memcpy(to, from, size);
#endif
	return 0;
}
