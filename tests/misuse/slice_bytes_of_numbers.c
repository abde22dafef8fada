// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: numbers looked at as bytes
// rule: slice-of-other-type
// expect: hf_bytes: \\?'s\\?' is no slice of characters or bytes
#include <holdfast/slice.h>

size_t f(struct u32_cslice s, struct char_cslice text);
size_t f(struct u32_cslice s, struct char_cslice text)
{
#ifdef MISUSE
	return hf_len(hf_bytes(s)) + hf_len(text); /* E */
#else
	return hf_len(s) + hf_len(hf_bytes(text));
#endif
}
