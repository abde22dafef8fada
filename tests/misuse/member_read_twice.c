// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock beside its data taken for reading by who reads already
// rule: double-lock
// compilers: clang>=22
// expect: acquiring lock 'p->lock' that is already held
#include <holdfast/lock.h>

struct port {
	hf_sys_rwsem_lock lock;	/* struct rw_semaphore in the kernel */
	HF_LOCK_IS(lock, rwsem);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p);
int f(struct port *p)
{
	hf_read_lock(g, hf_lock_of(p, lock));
#ifdef MISUSE
	{
		hf_read_lock(h, hf_lock_of(p, lock)); /* E */
		return p->pending;
	}
#endif
	return p->pending;
}
