// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a read-only slice given to a function that writes
// rule: const-written
// expect-gcc: incompatible type for argument 1 of 'scramble'
// expect-clang: passing '(struct )?u8_cslice'.* to parameter of incompatible type
#include <holdfast/slice.h>

void scramble(struct u8_slice s);

void f(struct u8_slice s, struct u8_cslice c);
void f(struct u8_slice s, struct u8_cslice c)
{
	(void)c;
#ifdef MISUSE
	scramble(c); /* E */
#else
	scramble(s);
#endif
}
