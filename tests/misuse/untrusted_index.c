// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number used as an index
// rule: untrusted-number
// expect: array subscript is not an integer
#include <holdfast/num.h>

int f(const int *table, u16 len, struct hf_le16 cid);
int f(const int *table, u16 len, struct hf_le16 cid)
{
#ifdef MISUSE
	(void)len;
	return table[hf_from_le(cid)]; /* E */
#else
	const u16 i = hf_try(hf_below(hf_from_le(cid), len));

	return table[i];
#endif
}
