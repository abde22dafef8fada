// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a local array stored beyond it
// rule: slice-escapes
// compilers: gcc
// expect: storing the address of local variable 'buf'
// analyzer: storing the address of local variable 'buf'
// coccinelle: a slice of the local array 'buf' outlives it
#include <holdfast/slice.h>

struct frame {
	struct u8_slice body;
};

void f(struct frame *to, struct u8_slice other);
void f(struct frame *to, struct u8_slice other)
{
	u8 buf[4] = { 0 };

	hf_fill(hf_slice(u8_slice, buf), 1);
#ifdef MISUSE
	to->body = hf_slice(u8_slice, buf); /* E */
#else
	to->body = other;
#endif
}
