// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guarded member written by a reader
// rule: unlocked-data
// compilers: clang>=22
// expect: writing variable 'pending' requires holding lock '(&port::|p->)lock' exclusively
#include <holdfast/lock.h>

struct port {
	hf_sys_rwsem_lock lock;	/* struct rw_semaphore in the kernel */
	HF_LOCK_IS(lock, rwsem);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p);
int f(struct port *p)
{
#ifdef MISUSE
	hf_read_lock(g, hf_lock_of(p, lock));
	return p->pending++; /* E */
#else
	hf_write_lock(g, hf_lock_of(p, lock));
	return p->pending++;
#endif
}
