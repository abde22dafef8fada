// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"
int start(void);
void settle(int tag);

#ifdef MISUSE
void f(void);
void f(void)
{
	int tag = start();

	settle(tag);
	settle(tag);
}
#else
void f(void);
void f(void)
{
	int tag = start();

	settle(tag);
}
#endif
