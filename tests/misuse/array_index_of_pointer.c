// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index of a pointer, whose length nobody knows
// rule: length-unknown
// expect: \\?'table\\?' is a pointer, not an array: its length is unknown
#include <holdfast/slice.h>

u32 f(u32 *table);
u32 f(u32 *table)
{
#ifdef MISUSE
	return hf_array_at(table, 1); /* E */
#else
	return *table;
#endif
}
