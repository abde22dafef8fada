// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a little-endian field read as big-endian
// rule: wire-number
// expect-gcc: '_Generic' selector of type .*hf_le16.* is not compatible with any association
// expect-clang: controlling expression type 'struct hf_le16' not compatible
#include <holdfast/num.h>

int f(struct hf_le16 x);
int f(struct hf_le16 x)
{
#ifdef MISUSE
	return hf_accept_any(hf_from_be(x)); /* E */
#else
	return hf_accept_any(hf_from_le(x));
#endif
}
