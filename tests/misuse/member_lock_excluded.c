// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that takes the lock beside its data, called by who holds it
// rule: lock-excluded
// compilers: clang>=22
// expect: cannot call function 'reset' while lock 'p->lock' is held
#include <holdfast/lock.h>

struct port {
	hf_sys_mutex_lock lock;	/* struct mutex in the kernel */
	HF_LOCK_IS(lock, mutex);
	int pending HF_GUARDED_BY(lock);
};

static void reset(struct port *p) HF_EXCLUDES(hf_lock_of(p, lock));
static void reset(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
	p->pending = 0;
}

void f(struct port *p);
void f(struct port *p)
{
#ifdef MISUSE
	hf_lock(g, hf_lock_of(p, lock));
	reset(p); /* E */
#else
	reset(p);
	hf_lock(g, hf_lock_of(p, lock));
#endif
	p->pending++;
}
