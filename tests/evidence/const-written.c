// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#include "kernel.h"

#ifdef MISUSE
void f(const char *s);
void f(const char *s)
{
	s[0] = 1;
}
#else
void f(char *s);
void f(char *s)
{
	s[0] = 1;
}
#endif
