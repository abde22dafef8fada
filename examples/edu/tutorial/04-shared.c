// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object used after it was given away
// rule: use-after-move
// compilers: clang>=22
// expect: calling function 'hf_ref_' requires holding ownership of 'hw.own'
// analyzer: use after 'hf_move' of 'hw.own.moved_'
// coccinelle: 'hw' was moved
#include <holdfast/arc.h>
#include <holdfast/revocable.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "03-object.c"
#pragma pop_macro("MISUSE")

HF_REVOCABLE_DEFINE(edu_access, srcu, edu_hw_own);
HF_CONDVAR_DEFINE(edu_locked);

/* What the interrupt, the node and each open file share. */
struct edu {
	struct hf_refs refs;
	u32 timeout_ms;
	struct edu_access hw;
	struct edu_locked state;
	struct edu_locked_condvar changed;
};

static int edu_init(struct edu *edu, const struct edu_config *c)
{
	hf_let(edu_hw, hw, hf_try(edu_hw_new(c)));

#ifdef MISUSE
	hf_try_errno(edu_access_init(&edu->hw, hf_move(hw)));
	edu_regs_write_status(&hf_ref(hw)->regs, EDU_IRQ_WHEN_COMPUTED); /* E */
#else
	edu_regs_write_status(&hf_ref(hw)->regs, EDU_IRQ_WHEN_COMPUTED);
	hf_try_errno(edu_access_init(&edu->hw, hf_move(hw)));
#endif
	hf_lock_init(&edu->state);
	hf_cond_init(&edu->changed);
	edu->timeout_ms = c->timeout_ms;
	return 0;
}

static void edu_destroy(struct edu *edu)
{
	hf_cond_fini(&edu->changed);
	hf_lock_fini(&edu->state);
	edu_access_fini(&edu->hw);
}

static void edu_release(struct edu *edu)
{
	hf_free(edu);
}

HF_ARC_DEFINE(edu, struct edu, refs, edu_destroy, edu_release);

struct edu_arc_result edu_new(const struct edu_config *c)
{
	return hf_new_arc_with(edu, GFP_KERNEL, edu_init, c);
}

/* Whether the device computes; -ENODEV when it has gone. */
int edu_computes(const struct edu *edu)
{
	hf_access_else(hw, &edu->hw, return -ENODEV);
	return hf_mask(edu_regs_read_status(&hw->regs), EDU_COMPUTING) != 0;
}
