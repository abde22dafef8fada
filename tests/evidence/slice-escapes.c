// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: if it is returned at once
#include "kernel.h"

#ifdef MISUSE
char *f(void);
char *f(void)
{
	char buf[4] = { 0 };

	return buf;
}
#else
char f(void);
char f(void)
{
	char buf[4] = { 0 };

	return buf[1];
}
#endif
