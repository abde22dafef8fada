// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() past a trylock whose value is compared with 0
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked .* keep the errno
#include <holdfast/num.h>

struct mutex {
	int raw;
};

struct dev {
	struct mutex lock;
};

/* As the kernel has them. */
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	if (mutex_trylock(&d->lock) == 0)
		return -EBUSY;
	hf_try_errno(check(d)); /* E */
	mutex_unlock(&d->lock);
	return 0;
#else
	int err;

	if (mutex_trylock(&d->lock) == 0) {
		hf_try_errno(check(d));
		return -EBUSY;
	}
	err = check(d);
	mutex_unlock(&d->lock);
	return err;
#endif
}
