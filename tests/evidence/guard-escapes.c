// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: where it is returned, by Clang
#include "kernel.h"

#ifdef MISUSE
struct dev { struct mutex lock; int hits __guarded_by(&lock); };
int *f(struct dev *d);
int *f(struct dev *d)
{
	guard(mutex)(&d->lock);
	return &d->hits;
}
#else
struct dev { struct mutex lock; int hits __guarded_by(&lock); };
int f(struct dev *d);
int f(struct dev *d)
{
	guard(mutex)(&d->lock);
	return d->hits;
}
#endif
