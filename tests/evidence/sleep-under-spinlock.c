// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: might_sleep() at run time
#include "kernel.h"

#ifdef MISUSE
void f(spinlock_t *l);
void f(spinlock_t *l)
{
	spin_lock(l);
	msleep(1);
	spin_unlock(l);
}
#else
void f(spinlock_t *l);
void f(spinlock_t *l)
{
	spin_lock(l);
	spin_unlock(l);
	msleep(1);
}
#endif
