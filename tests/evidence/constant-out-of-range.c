// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: as a warning, of an array that is seen
#include "kernel.h"

#ifdef MISUSE
int f(void);
int f(void)
{
	int table[4] = { 0 };

	return table[4];
}
#else
int f(void);
int f(void)
{
	int table[4] = { 0 };

	return table[3];
}
#endif
