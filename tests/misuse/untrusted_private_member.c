// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number taken past its check
// rule: private-member
// compilers: none
// query: 'val_' is private to Holdfast
#include <holdfast/num.h>

int f(const int *table, struct hf_untrusted_u16 n);
int f(const int *table, struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	return table[n.val_]; /* E */
#else
	const u16 i = hf_try(hf_below(n, 4));

	return table[i];
#endif
}
