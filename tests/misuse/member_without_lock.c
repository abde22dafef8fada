// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guarded member touched without the lock beside it
// rule: unlocked-data
// compilers: clang>=22
// expect: writing variable 'pending' requires holding lock '(&port::|p->)lock' exclusively
#include <holdfast/lock.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

void f(struct port *p);
void f(struct port *p)
{
#ifdef MISUSE
	p->pending++; /* E */
#else
	hf_lock(g, hf_lock_of(p, lock));
	p->pending++;
#endif
}
