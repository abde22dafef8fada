// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: sparse knows __user
#include "kernel.h"

#ifdef MISUSE
u8 f(u8 __user *from);
u8 f(u8 __user *from)
{
	return *from;
}
#else
int f(u8 *to, u8 __user *from);
int f(u8 *to, u8 __user *from)
{
	return get_user(*to, from);
}
#endif
