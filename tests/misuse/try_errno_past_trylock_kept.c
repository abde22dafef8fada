// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() past a trylock whose value is kept in a variable
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
	const int got = mutex_trylock(&d->lock);

	if (!got)
		return -EBUSY;
	hf_try_errno(check(d)); /* E */
	mutex_unlock(&d->lock);
	return 0;
#else
	const int got = mutex_trylock(&d->lock);
	int err = 0;

	if (got) {
		err = check(d);
		mutex_unlock(&d->lock);
	}
	hf_try_errno(err);
	return 0;
#endif
}
