// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
size_t f(size_t n);
size_t f(size_t n)
{
	return n * 48;
}
#else
size_t f(size_t n);
size_t f(size_t n)
{
	size_t r;

	return __builtin_mul_overflow(n, (size_t)48, &r) ? (size_t)-1 : r;
}
#endif
