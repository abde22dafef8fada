// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation of the kernel's whose flags let it sleep, under a guard that spins
// compilers: clang>=23
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
#include <linux/slab.h>

#include <holdfast/lock.h>

#ifdef MISUSE
#define HOW GFP_KERNEL
#else
#define HOW GFP_ATOMIC
#endif

HF_LOCKED_DEFINE(locked_name, spinlock, const char *);

void *fill(struct locked_name *name, struct kmem_cache *cache, int how);
void *fill(struct locked_name *name, struct kmem_cache *cache, int how)
{
	hf_lock(s, name);

	switch (how) {
	case 0:
		return kmalloc(24, HOW); /* E */
	case 1:
		return kzalloc(24, HOW); /* E */
	case 2:
		return kcalloc(3, 8, HOW); /* E */
	case 3:
		return kmalloc_array(3, 8, HOW); /* E */
	case 4:
		return kmem_cache_alloc(cache, HOW); /* E */
	case 5:
		return kmem_cache_zalloc(cache, HOW); /* E */
	case 6:
		return kmemdup(*s, 24, HOW); /* E */
	case 7:
		return kstrdup(*s, HOW); /* E */
	default:
		return kasprintf(HOW, "%s%d", *s, how); /* E */
	}
}
