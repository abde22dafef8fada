// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() returns while a kernel lock, taken by hand, is held
// compilers: clang>=23
// expect: spinlock 'd->lock' is not held on every path
#include <linux/spinlock.h>

#include <holdfast/holdfast.h>

struct device_state {
	spinlock_t lock;
	int count __guarded_by(&lock);
};

int prepare(int n);

int add(struct device_state *d, int n);
int add(struct device_state *d, int n)
{
#ifdef MISUSE
	spin_lock(&d->lock); /* E */
	hf_try_errno(prepare(n));
#else
	hf_try_errno(prepare(n));
	spin_lock(&d->lock);
#endif
	d->count += n;
	spin_unlock(&d->lock);
	return 0;
}
