// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to an element of a local array kept past its scope
// rule: slice-escapes
// compilers: clang>=23
// expect: local variable 'buf' does not live long enough
// explained: borrow-escapes
#include <holdfast/slice.h>

u8 f(u8 *other, size_t n);
u8 f(u8 *other, size_t n)
{
	u8 *p = other;

	{
		u8 buf[4] = { 0 };

#ifdef MISUSE
		p = &hf_array_at(buf, n); /* E */
#endif
		*p = hf_array_at(buf, n);
	}
	return *p;
}
