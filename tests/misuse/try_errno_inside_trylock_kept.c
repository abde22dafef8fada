// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() where a variable says that a trylock took the lock
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
	int got;

	got = mutex_trylock(&d->lock);
	if (got) {
		hf_try_errno(check(d)); /* E */
		mutex_unlock(&d->lock);
	}
	return got;
#else
	int got;

	got = mutex_trylock(&d->lock);
	if (!got) {
		hf_try_errno(check(d));
		return 0;
	}
	mutex_unlock(&d->lock);
	return got;
#endif
}
