// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a part of a local array returned
// rule: slice-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'buf' returned
// explained: borrow-escapes
// coccinelle: a slice of the local array 'buf' outlives it
#include <holdfast/slice.h>

struct u8_slice_result f(struct u8_slice other, size_t n);
struct u8_slice_result f(struct u8_slice other, size_t n)
{
	u8 buf[4] = { 0 };

	hf_fill(hf_expect(hf_array_subslice(u8_slice, buf, 0, n), "n is inside"), 1);
#ifdef MISUSE
	return hf_array_subslice(u8_slice, buf, 0, n); /* E */
#else
	return hf_ok(u8_slice, other);
#endif
}
