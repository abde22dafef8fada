// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index that a process wrote into pages, used unchecked
// rule: untrusted-number
// expect: array subscript is not an integer
#include <holdfast/pages.h>

int f(const struct hf_pages *ring, const int *slots, u32 n);
int f(const struct hf_pages *ring, const int *slots, u32 n)
{
#ifdef MISUSE
	(void)n;
	return slots[hf_try(hf_pages_load_u32(ring, 0))]; /* E */
#else
	const u32 i = hf_try(hf_below(hf_try(hf_pages_load_u32(ring, 0)), n));

	return slots[i];
#endif
}
