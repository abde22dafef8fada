// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock beside its data, taken by the kernel's function and again by hf_lock()
// compilers: clang>=23
// expect: acquiring (lock|mutex) 'd->open' that is already held
#include <linux/mutex.h>

#include <holdfast/lock.h>

struct device_state {
	struct mutex open;
	HF_LOCK_IS(open, mutex);
	int users HF_GUARDED_BY(open);
};

void enter(struct device_state *d);
void enter(struct device_state *d)
{
#ifdef MISUSE
	guard(mutex)(&d->open);
	hf_lock(g, hf_lock_of(d, open)); /* E */
#else
	hf_lock(g, hf_lock_of(d, open));
#endif
	d->users++;
}
