// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a read-only slice filled
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/slice.h>

size_t f(struct u8_slice s, struct u8_cslice c);
size_t f(struct u8_slice s, struct u8_cslice c)
{
#ifdef MISUSE
	hf_fill(c, 0); /* E */
#else
	hf_fill(s, 0);
#endif
	return hf_len(s) + hf_len(c);
}
