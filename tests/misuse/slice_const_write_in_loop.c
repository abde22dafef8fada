// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write in a loop over a read-only slice
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/slice.h>

u32 f(struct u8_cslice s);
u32 f(struct u8_cslice s)
{
	u32 sum = 0;

	hf_for_each(p, s) {
#ifdef MISUSE
		*p = 0; /* E */
#endif
		sum += *p;
	}
	return sum;
}
