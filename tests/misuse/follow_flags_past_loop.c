// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation that may sleep, by the flags of a caller that spins, behind a loop in the helper
// rule: sleep-under-spinlock
// compilers: none
// checker: this allocation may sleep, and a spinning lock is held
#include <holdfast/lock.h>
#include <holdfast/vec.h>

struct map {
	struct u32_vec ids;
};

HF_LOCKED_DEFINE(locked_map, spinlock_bh, struct map);

static int map_add(struct map *m, u32 id, gfp_t gfp)
{
	hf_for_each(i, m->ids) {
		if (*i == id)
			return -EEXIST;
	}
	return hf_vec_push(&m->ids, id, gfp); /* E */
}

int fdb_add(const struct locked_map *l, u32 id);
int fdb_add(const struct locked_map *l, u32 id)
{
	hf_lock(m, l);

#ifdef MISUSE
	return map_add(m, id, GFP_KERNEL);
#else
	return map_add(m, id, GFP_NOWAIT);
#endif
}

int fdb_learn(const struct locked_map *l, u32 id);
int fdb_learn(const struct locked_map *l, u32 id)
{
	hf_lock(m, l);

	return map_add(m, id, GFP_ATOMIC);
}
