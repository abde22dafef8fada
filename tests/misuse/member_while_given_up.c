// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guarded member touched while the lock beside it is given up
// rule: unlocked-data
// compilers: clang>=22
// expect: writing variable 'pending' requires holding lock '(&port::|p->)lock' exclusively
#include <holdfast/lock.h>

struct port {
	hf_sys_spinlock_irq_lock lock;	/* spinlock_t in the kernel */
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

void work(void) HF_SLEEPS;

void f(struct port *p);
void f(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
	{
		hf_unlocked(g);
		work();
#ifdef MISUSE
		p->pending++; /* E */
#endif
	}
	p->pending++;
}
