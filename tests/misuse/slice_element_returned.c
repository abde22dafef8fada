// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to an element of a local array returned
// rule: slice-escapes
// compilers: clang>=23
// expect: stack memory associated with local variable 'buf' is returned
// explained: borrow-escapes
#include <holdfast/slice.h>

u8 *f(u8 *other, size_t n);
u8 *f(u8 *other, size_t n)
{
	u8 buf[4] = { 0 };
	u8 *p = other;

	hf_array_at(buf, n) = 1;
#ifdef MISUSE
	p = &hf_array_at(buf, n); /* E */
#endif
	return p;
}
