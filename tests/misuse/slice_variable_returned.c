// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a local array returned by way of a variable
// rule: slice-escapes
// compilers: none
// coccinelle: a slice of the local array 'buf' outlives it
#include <holdfast/slice.h>

struct u8_slice f(struct u8_slice other);
struct u8_slice f(struct u8_slice other)
{
	u8 buf[4] = { 0 };
	struct u8_slice s = hf_slice(u8_slice, buf);

	hf_fill(s, 1);
#ifdef MISUSE
	return s; /* E */
#else
	return other;
#endif
}
