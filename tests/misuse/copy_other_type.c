// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: elements of one type copied over those of another
// rule: slice-of-other-type
// expect: hf_copy: \\?'to\\?' and \\?'from\\?' are of different types
#include <holdfast/slice.h>

int f(struct u8_slice to, struct u32_cslice from, struct u8_cslice bytes);
int f(struct u8_slice to, struct u32_cslice from, struct u8_cslice bytes)
{
	(void)from;
	(void)bytes;
#ifdef MISUSE
	return hf_copy(to, from); /* E */
#else
	return hf_copy(to, bytes);
#endif
}
