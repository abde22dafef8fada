// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: where __must_check is said
#include "kernel.h"
int __must_check send(int x);

#ifdef MISUSE
int f(void);
int f(void)
{
	send(3);
	return 0;
}
#else
int f(void);
int f(void)
{
	return send(3);
}
#endif
