// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() past an interruptible lock whose errno is kept in a variable
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
int mutex_lock_interruptible(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	int err = mutex_lock_interruptible(&d->lock);

	hf_try_errno(err);
	hf_try_errno(check(d)); /* E */
	mutex_unlock(&d->lock);
	return err;
#else
	int err = mutex_lock_interruptible(&d->lock);

	/* Who was interrupted holds nothing. */
	hf_try_errno(err);
	err = check(d);
	mutex_unlock(&d->lock);
	return err;
#endif
}
