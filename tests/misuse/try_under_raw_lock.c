// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() between the locking and unlocking of a mutex of the C library
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->lock' still locked
#include <holdfast/holdfast.h>

struct dev {
	pthread_mutex_t lock;
	u32 mtu;
};

struct u32_result read_mtu(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	pthread_mutex_lock(&d->lock);
	d->mtu = hf_try(read_mtu(d)); /* E */
	pthread_mutex_unlock(&d->lock);
	return 0;
#else
	int err;

	pthread_mutex_lock(&d->lock);
	err = hf_store_ok(d->mtu, read_mtu(d));
	pthread_mutex_unlock(&d->lock);
	return err;
#endif
}
