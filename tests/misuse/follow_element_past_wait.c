// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a guarded vector, after a helper waited
// rule: guard-escapes
// compilers: none
// checker: 'lane->speed' uses a pointer to what belongs to 'l', whose lock was released
#include <holdfast/lock.h>
#include <holdfast/slice.h>
#include <holdfast/vec.h>
#include <holdfast/wait.h>

struct lane {
	u32 speed;
};

HF_SLICE_DEFINE(lane, struct lane);
HF_VEC_DEFINE(lane);

struct link_state {
	struct lane_vec lanes;
	bool busy;
};

HF_LOCKED_DEFINE(locked_link, mutex, struct link_state);
HF_CONDVAR_DEFINE(locked_link);

struct phy {
	struct locked_link link;
	struct locked_link_condvar idle;
};

static void wait_idle(const struct phy *p, struct locked_link_guard lent)
{
	hf_use_guard(l, lent);

	while (l->busy)
		hf_wait(&p->idle, l);
}

int phy_train(const struct phy *p, size_t i, u32 speed);
int phy_train(const struct phy *p, size_t i, u32 speed)
{
	hf_lock(l, &p->link);
#ifndef MISUSE
	wait_idle(p, hf_lend_guard(l));
#endif
	struct lane *const lane = hf_try(hf_get(l->lanes, i));

#ifdef MISUSE
	wait_idle(p, hf_lend_guard(l));
#endif
	lane->speed = speed; /* E */
	return 0;
}
