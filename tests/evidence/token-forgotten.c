// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"
int start(void);
void settle(int tag);

#ifdef MISUSE
int f(int bad);
int f(int bad)
{
	int tag = start();

	if (bad)
		return -1;
	settle(tag);
	return 0;
}
#else
int f(int bad);
int f(int bad)
{
	int tag = start();

	settle(tag);
	return bad;
}
#endif
