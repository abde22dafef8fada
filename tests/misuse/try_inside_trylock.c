// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in the block that runs if a trylock took the lock
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked
#include <holdfast/num.h>

struct dev {
	struct mutex {
		int raw;
	} lock;
	u32 mtu;
};

/* As the kernel has them. */
int mutex_trylock(struct mutex *lock);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
struct u32_result read_mtu(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	if (mutex_trylock(&d->lock)) {
		d->mtu = hf_try(read_mtu(d)); /* E */
		mutex_unlock(&d->lock);
	}
	return 0;
#else
	u32 mtu;

	if (mutex_trylock(&d->lock)) {
		d->mtu++;
		mutex_unlock(&d->lock);
		return 0;
	}
	mtu = hf_try(read_mtu(d));
	mutex_lock(&d->lock);
	d->mtu = mtu;
	mutex_unlock(&d->lock);
	return 0;
#endif
}
