// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device's number used as an index that is already proven
// rule: untrusted-number
// expect-gcc: wrong type argument to unary plus
// expect-clang: invalid argument type 'struct hf_untrusted_u16' to unary expression
#include <holdfast/num.h>
#include <holdfast/slice.h>

int f(struct u32_cslice table, struct hf_untrusted_u16 cid);
int f(struct u32_cslice table, struct hf_untrusted_u16 cid)
{
#ifdef MISUSE
	return hf_at(table, cid) == 0; /* E */
#else
	return hf_at(table, hf_try(hf_below(cid, hf_len(table)))) == 0;
#endif
}
