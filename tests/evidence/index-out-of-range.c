// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
int f(const int *t, size_t i);
int f(const int *t, size_t i)
{
	return t[i];
}
#else
int f(const int *t, size_t i);
int f(const int *t, size_t i)
{
	return i < 4 ? t[i] : 0;
}
#endif
