// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() between a driver's own macros for its lock
// rule: try-past-held
// compilers: none
// coccinelle: may return with 'd' still locked
#include <holdfast/num.h>

struct dev {
	int lock;
	u32 mtu;
};

/* As the kernel has them. */
void mutex_lock(int *lock);
void mutex_unlock(int *lock);
struct u32_result read_mtu(struct dev *d);

#define DEV_LOCK(d)	mutex_lock(&(d)->lock)
#define DEV_UNLOCK(d)	mutex_unlock(&(d)->lock)

int f(struct dev *d);
int f(struct dev *d)
{
#ifdef MISUSE
	DEV_LOCK(d);
	d->mtu = hf_try(read_mtu(d)); /* E */
	DEV_UNLOCK(d);
	return 0;
#else
	int err;

	DEV_LOCK(d);
	err = hf_store_ok(d->mtu, read_mtu(d));
	DEV_UNLOCK(d);
	return err;
#endif
}
