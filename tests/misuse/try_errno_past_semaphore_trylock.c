// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() where the trylock of a semaphore gave 0 and took it
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->sem' still locked .* keep the errno
#include <holdfast/num.h>

struct semaphore {
	int raw;
};

struct dev {
	struct semaphore sem;
};

/* As the kernel has them. */
int down_trylock(struct semaphore *sem);
void up(struct semaphore *sem);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	if (down_trylock(&d->sem))
		return -EBUSY;
	hf_try_errno(check(d)); /* E */
	up(&d->sem);
	return 0;
#else
	int err;

	/* Where it was not taken nothing is held. */
	if (down_trylock(&d->sem)) {
		hf_try_errno(check(d));
		return -EBUSY;
	}
	err = check(d);
	up(&d->sem);
	return err;
#endif
}
