// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() under a semaphore of the kernel's
// rule: try-past-held
// compilers: none
// coccinelle: may return with '&d->config' still held
#include <holdfast/num.h>

struct dev {
	struct rw_semaphore {
		int raw;
	} config;
	u32 mtu;
};

/* As the kernel has them. */
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
int apply(struct dev *d, u32 mtu);

int f(struct dev *d, u32 mtu);
int f(struct dev *d, u32 mtu)
{
#ifdef MISUSE
	down_write(&d->config);
	hf_try_errno(apply(d, mtu)); /* E */
	d->mtu = mtu;
	up_write(&d->config);
	return 0;
#else
	int err;

	down_write(&d->config);
	err = apply(d, mtu);
	if (!err)
		d->mtu = mtu;
	up_write(&d->config);
	return err;
#endif
}
