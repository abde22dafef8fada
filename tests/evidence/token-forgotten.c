// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"
int begin(void);
void complete(int tag);

#ifdef MISUSE
int f(int bad);
int f(int bad)
{
	int tag = begin();

	if (bad)
		return -1;
	complete(tag);
	return 0;
}
#else
int f(int bad);
int f(int bad)
{
	int tag = begin();

	complete(tag);
	return bad;
}
#endif
