// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: sparse knows __le16
#include "kernel.h"

#ifdef MISUSE
uint16_t f(uint16_t wire);
uint16_t f(uint16_t wire)
{
	return (uint16_t)(wire + 1);
}
#else
uint16_t f(uint16_t wire);
uint16_t f(uint16_t wire)
{
	return wire;
}
#endif
