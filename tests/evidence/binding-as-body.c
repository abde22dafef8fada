// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#include "kernel.h"
#include <linux/cleanup.h>
#include <linux/mutex.h>

void count(struct mutex *lock, int shared);
void count(struct mutex *lock, int shared)
{
#ifdef MISUSE
	if (shared)
		guard(mutex)(lock);
#else
	if (shared) {
		guard(mutex)(lock);
	}
#endif
}
