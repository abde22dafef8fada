// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a copy into a read-only slice
// rule: const-written
// expect: hf_copy: \\?'to\\?' is read-only
#include <holdfast/slice.h>

int f(struct u8_cslice to, struct u8_slice from);
int f(struct u8_cslice to, struct u8_slice from)
{
#ifdef MISUSE
	return hf_copy(to, from); /* E */
#else
	return hf_copy(from, to);
#endif
}
