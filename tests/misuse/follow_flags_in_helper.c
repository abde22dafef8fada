// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation by the flags of a caller that holds a lock which spins
// rule: sleep-under-spinlock
// compilers: none
// checker: this allocation may sleep
#include <holdfast/lock.h>
#include <holdfast/vec.h>

HF_LOCKED_DEFINE(locked_ids, spinlock, struct u32_vec);

#ifdef MISUSE
#define FLAGS	GFP_KERNEL
#else
#define FLAGS	GFP_ATOMIC
#endif

static int add(struct u32_vec *ids, u32 id, gfp_t gfp)
{
	return hf_vec_push(ids, id, gfp); /* E */
}

int f(const struct locked_ids *l);
int f(const struct locked_ids *l)
{
	hf_lock(ids, l);

	return add(ids, 7, FLAGS);
}
