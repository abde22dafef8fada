// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: a tag is a number
#include "kernel.h"

int start(void);
void settle(int tag);

#ifdef MISUSE
int f(void);
int f(void)
{
	return start() + 1;
}
#else
void f(void);
void f(void)
{
	settle(start());
}
#endif
