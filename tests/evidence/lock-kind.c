// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused
#include "kernel.h"

struct dev { rwlock_t lock; int hits; };

#ifdef MISUSE
void f(struct dev *d);
void f(struct dev *d)
{
	spin_lock(&d->lock);
	d->hits++;
	spin_unlock(&d->lock);
}
#else
void f(struct dev *d);
void f(struct dev *d)
{
	write_lock(&d->lock);
	d->hits++;
	write_unlock(&d->lock);
}
#endif
