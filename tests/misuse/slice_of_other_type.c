// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of bytes made of an array of words
// rule: slice-of-other-type
// expect: hf_slice: \\?'words\\?' is not an array for a u8_slice
#include <holdfast/slice.h>

size_t f(void);
size_t f(void)
{
	u32 words[8] = { 1 };
#ifdef MISUSE
	struct u8_slice s = hf_slice(u8_slice, words); /* E */
#else
	struct u32_slice s = hf_slice(u32_slice, words);
#endif

	return hf_len(s);
}
