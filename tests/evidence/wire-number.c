// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: sparse knows __le16
#include "kernel.h"

#ifdef MISUSE
u16 f(__le16 wire);
u16 f(__le16 wire)
{
	return wire + 1;
}
#else
u16 f(__le16 wire);
u16 f(__le16 wire)
{
	return le16_to_cpu(wire) + 1;
}
#endif
