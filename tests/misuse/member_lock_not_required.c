// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that requires the lock beside its data, called without it
// rule: unlocked-data
// compilers: clang>=22
// expect: calling function 'add' requires holding lock 'p->lock' exclusively
#include <holdfast/lock.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

static int add(struct port *p, int n) HF_REQUIRES(hf_lock_of(p, lock));
static int add(struct port *p, int n)
{
	return p->pending += n;
}

int f(struct port *p);
int f(struct port *p)
{
#ifdef MISUSE
	return add(p, 1); /* E */
#else
	hf_lock(g, hf_lock_of(p, lock));
	return add(p, 1);
#endif
}
