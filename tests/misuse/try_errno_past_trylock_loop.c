// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() behind a loop that waits by a trylock
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
void spin_lock(struct spinlock *lock);
int spin_trylock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	while (!spin_trylock(&d->lock))
		continue;
	hf_try_errno(check(d)); /* E */
	spin_unlock(&d->lock);
	return 0;
#else
	if (!spin_trylock(&d->lock))
		goto out;
	d->mtu = 1;
	spin_unlock(&d->lock);
out:
	hf_try_errno(check(d));
	spin_lock(&d->lock);
	d->mtu = 2;
	spin_unlock(&d->lock);
	return 0;
#endif
}
