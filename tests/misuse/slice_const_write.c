// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write through a read-only slice
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/slice.h>

u8 f(struct u8_cslice s);
u8 f(struct u8_cslice s)
{
#ifdef MISUSE
	hf_at(s, 0) = 1; /* E */
#endif
	return hf_at(s, 0);
}
