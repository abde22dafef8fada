// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: KMSAN at run time
#include "kernel.h"

struct info {
	u8 kind;
#ifndef MISUSE
	u8 zero[3];
#endif
	u32 speed;
};

unsigned long f(void __user *to, u8 kind, u32 speed);
unsigned long f(void __user *to, u8 kind, u32 speed)
{
	struct info i = { .kind = kind, .speed = speed };

	return copy_to_user(to, &i, sizeof(i));
}
