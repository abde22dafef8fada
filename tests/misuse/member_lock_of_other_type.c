// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock whose type is not that of the kind that the structure says
// rule: lock-kind
// expect: hf_lock_of: \\?'lock\\?' is not of the type that HF_LOCK_IS\(\) says
#include <holdfast/lock.h>

struct port {
#ifdef MISUSE
	hf_sys_mutex_lock lock;
#else
	hf_sys_spinlock_irq_lock lock;
#endif
	HF_LOCK_IS(lock, spinlock_irq);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p);
int f(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock)); /* E */
	return p->pending++;
}
