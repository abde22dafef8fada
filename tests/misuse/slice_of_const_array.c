// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a writable slice of an array of constants
// rule: const-written
// expect: hf_slice: \\?'table\\?' is not an array for a u8_slice
// explained: slice-of-other-type
#include <holdfast/slice.h>

static const u8 table[8] = { 1 };

size_t f(void);
size_t f(void)
{
#ifdef MISUSE
	struct u8_slice s = hf_slice(u8_slice, table); /* E */
#else
	struct u8_cslice s = hf_slice(u8_cslice, table);
#endif

	return hf_len(s);
}
