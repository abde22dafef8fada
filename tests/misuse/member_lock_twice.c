// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock beside its data taken by who holds it
// rule: double-lock
// compilers: clang>=22
// expect: acquiring lock 'p->lock' that is already held
#include <holdfast/lock.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p);
int f(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
#ifdef MISUSE
	{
		hf_lock(h, hf_lock_of(p, lock)); /* E */
		p->pending++;
	}
#endif
	return p->pending;
}
