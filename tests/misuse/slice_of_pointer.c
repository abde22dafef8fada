// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the slice of a pointer, whose length nobody knows
// rule: length-unknown
// expect: \\?'frame\\?' is a pointer, not an array: its length is unknown
#include <holdfast/slice.h>

size_t f(u8 *frame, size_t n);
size_t f(u8 *frame, size_t n)
{
#ifdef MISUSE
	struct u8_slice s = hf_slice(u8_slice, frame); /* E */

	(void)n;
#else
	/* SAFETY: the caller says so. */
	struct u8_slice s = hf_slice_unchecked(u8_slice, frame, n);
#endif

	return hf_len(s);
}
