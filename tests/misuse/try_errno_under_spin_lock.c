// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() under the kernel's own spinlock
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked
#include <holdfast/num.h>

struct dev {
	struct spinlock {
		int raw;
	} lock;
	u32 mtu;
};

/* As the kernel has them. */
void spin_lock_irqsave(struct spinlock *lock, unsigned long flags);
void spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags);
int stop(struct dev *d);

int f(struct dev *d, unsigned long flags);
int f(struct dev *d, unsigned long flags)
{
#ifdef MISUSE
	spin_lock_irqsave(&d->lock, flags);
	if (d->mtu)
		hf_try_errno(stop(d)); /* E */
	d->mtu = 0;
	spin_unlock_irqrestore(&d->lock, flags);
	return 0;
#else
	int err = 0;

	spin_lock_irqsave(&d->lock, flags);
	if (d->mtu)
		err = stop(d);
	spin_unlock_irqrestore(&d->lock, flags);
	return err;
#endif
}
