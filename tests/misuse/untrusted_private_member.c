// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an untrusted number taken past its check
// rule: private-member
// compilers: none
// coccinelle: 'val_' is Holdfast's own
#include <holdfast/num.h>

int f(const int *table, struct hf_untrusted_u16 n);
int f(const int *table, struct hf_untrusted_u16 n)
{
#ifdef MISUSE
	return table[n.val_]; /* E */
#else
	return table[hf_try(hf_below(n, 4))];
#endif
}
