// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() past a semaphore that was waited for by an interruptible wait
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->sem' still held .* keep the errno
#include <holdfast/num.h>

struct semaphore {
	int raw;
};

struct dev {
	struct semaphore sem;
};

/* As the kernel has them. */
int down_killable(struct semaphore *sem);
void up(struct semaphore *sem);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	int err;

	err = down_killable(&d->sem);
	if (err)
		return err;
	hf_try_errno(check(d)); /* E */
	up(&d->sem);
	return err;
#else
	int err;

	err = down_killable(&d->sem);
	hf_try_errno(err);
	err = check(d);
	up(&d->sem);
	hf_try_errno(err);
	return 0;
#endif
}
