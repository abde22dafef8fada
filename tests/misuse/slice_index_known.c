// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index of a slice whose length the optimiser knows to be too short
// rule: constant-out-of-range
// flags: -O2
// expect: hf_at: this constant index is outside the slice
#include <holdfast/slice.h>

u8 f(void);
u8 f(void)
{
	u8 frame[8] = { 1 };
	struct u8_slice s = hf_slice(u8_slice, frame);

#ifdef MISUSE
	return hf_at(s, 8); /* E */
#else
	return hf_at(s, 7);
#endif
}
