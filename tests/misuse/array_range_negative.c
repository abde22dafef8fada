// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a constant range of negative length
// rule: constant-out-of-range
// expect: hf_array_subslice: the range 4, -2 is outside \\?'frame\\?'
#include <holdfast/slice.h>

size_t f(void);
size_t f(void)
{
	u8 frame[8] = { 1 };
#ifdef MISUSE
	struct u8_slice body = hf_expect(hf_array_subslice(u8_slice, frame, 4, -2), "it is inside"); /* E */
#else
	struct u8_slice body = hf_expect(hf_array_subslice(u8_slice, frame, 4, 2), "it is inside");
#endif

	return hf_len(body);
}
