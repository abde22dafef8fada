// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a guarded member read after the scope that held the lock beside it
// rule: unlocked-data
// compilers: clang>=22
// expect: reading variable 'pending' requires holding lock '(&port::|p->)lock'
#include <holdfast/lock.h>

struct port {
	hf_sys_mutex_lock lock;	/* struct mutex in the kernel */
	HF_LOCK_IS(lock, mutex);
	int pending HF_GUARDED_BY(lock);
};

int f(struct port *p);
int f(struct port *p)
{
	int n;

	{
		hf_lock(g, hf_lock_of(p, lock));
		n = p->pending;
	}
#ifdef MISUSE
	return p->pending; /* E */
#else
	return n;
#endif
}
