// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
int f(const int *table, uint16_t from_device);
int f(const int *table, uint16_t from_device)
{
	return table[from_device];
}
#else
int f(const int *table, uint16_t from_device);
int f(const int *table, uint16_t from_device)
{
	return from_device < 4 ? table[from_device] : -1;
}
#endif
