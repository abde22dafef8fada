// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#include "kernel.h"

#ifdef MISUSE
size_t f(const u8 *a);
size_t f(const u8 *a)
{
	return ARRAY_SIZE(a);
}
#else
size_t f(void);
size_t f(void)
{
	static const u8 a[4];

	return ARRAY_SIZE(a);
}
#endif
