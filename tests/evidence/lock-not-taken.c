// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by Clang
#include "kernel.h"

struct dev { struct mutex lock; int hits, busy; };

void f(struct dev *d);
void f(struct dev *d)
{
#ifdef MISUSE
	if (!mutex_trylock(&d->lock))
		d->busy++;
#else
	if (!mutex_trylock(&d->lock))
		return;
#endif
	d->hits++;
	mutex_unlock(&d->lock);
}
