// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the lock of any object of the type will do to Clang
#include "kernel.h"

#ifdef MISUSE
struct dev { struct mutex lock; int hits __guarded_by(&lock); };
int f(struct dev *d, struct dev *e);
int f(struct dev *d, struct dev *e)
{
	guard(mutex)(&e->lock);
	return d->hits;
}
#else
struct dev { struct mutex lock; int hits __guarded_by(&lock); };
int f(struct dev *d, struct dev *e);
int f(struct dev *d, struct dev *e)
{
	guard(mutex)(&e->lock);
	return e->hits;
}
#endif
