// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() where a trylock of the kernel took the lock
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked .* keep the errno
#include <holdfast/num.h>

struct dev {
	struct spinlock {
		int raw;
	} lock;
	u32 mtu;
};

/* As the kernel has them. */
int spin_trylock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	if (!spin_trylock(&d->lock))
		return -EBUSY;
	hf_try_errno(check(d)); /* E */
	spin_unlock(&d->lock);
	return 0;
#else
	int err;

	/* Where it was not taken nothing is held. */
	if (!spin_trylock(&d->lock)) {
		hf_try_errno(check(d));
		return -EBUSY;
	}
	err = check(d);
	spin_unlock(&d->lock);
	hf_try_errno(err);
	return 0;
#endif
}
