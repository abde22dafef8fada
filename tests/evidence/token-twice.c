// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"
int begin(void);
void complete(int tag);

#ifdef MISUSE
void f(void);
void f(void)
{
	int tag = begin();

	complete(tag);
	complete(tag);
}
#else
void f(void);
void f(void)
{
	int tag = begin();

	complete(tag);
}
#endif
