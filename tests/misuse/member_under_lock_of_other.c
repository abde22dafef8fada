// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guarded member touched under the lock of another object
// rule: wrong-lock
// compilers: clang>=23
// expect: reading variable 'pending' requires holding lock 'q->lock'
#include <holdfast/lock.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p, struct port *q);
int f(struct port *p, struct port *q)
{
	hf_lock(g, hf_lock_of(p, lock));
#ifdef MISUSE
	return q->pending; /* E */
#else
	(void)q;
	return p->pending;
#endif
}
