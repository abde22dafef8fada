// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() where a trylock of POSIX took the lock
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked .* keep the errno
#include <holdfast/num.h>

struct dev {
	pthread_mutex_t lock;
	u32 mtu;
};

int check(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	if (pthread_mutex_trylock(&d->lock))
		return -EBUSY;
	hf_try_errno(check(d)); /* E */
	pthread_mutex_unlock(&d->lock);
#else
	/* It gives 0 where it took the lock. */
	if (!pthread_mutex_trylock(&d->lock)) {
		d->mtu = 1;
		pthread_mutex_unlock(&d->lock);
		return 0;
	}
	hf_try_errno(check(d));
	pthread_mutex_lock(&d->lock);
	d->mtu = 2;
	pthread_mutex_unlock(&d->lock);
#endif
	return 0;
}
