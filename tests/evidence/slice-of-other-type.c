// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: as a warning
#include "kernel.h"

void fill(u8 *p, size_t n);

#ifdef MISUSE
void f(u32 a[4]);
void f(u32 a[4])
{
	fill(a, 16);
}
#else
void f(u8 a[16]);
void f(u8 a[16])
{
	fill(a, 16);
}
#endif
