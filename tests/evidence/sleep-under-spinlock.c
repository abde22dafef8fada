// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: might_sleep() at run time
#include "kernel.h"
void msleep(unsigned int ms);

#ifdef MISUSE
void f(struct spinlock *l);
void f(struct spinlock *l)
{
	spin_lock(l);
	msleep(1);
	spin_unlock(l);
}
#else
void f(struct spinlock *l);
void f(struct spinlock *l)
{
	spin_lock(l);
	spin_unlock(l);
	msleep(1);
}
#endif
