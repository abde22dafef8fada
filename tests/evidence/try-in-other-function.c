// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

int start(void);
bool started(void);
bool started(void)
{
	int err = start();

#ifdef MISUSE
	if (err)
		return err;
#else
	if (err)
		return false;
#endif
	return true;
}
