// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a constant index past the end of an array
// rule: constant-out-of-range
// expect: hf_array_at: index 4 is outside \\?'table\\?'
#include <holdfast/slice.h>

u32 f(const u32 *from);
u32 f(const u32 *from)
{
	u32 table[4] = { *from };

#ifdef MISUSE
	return hf_array_at(table, 4); /* E */
#else
	return hf_array_at(table, 3);
#endif
}
