// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result taken for the object that it may contain
// rule: owner-of-other-type
// expect-gcc: invalid initializer
// expect-clang: initializing 'struct edu_hw_own' with an expression of incompatible type 'struct edu_hw_own_result'
// explained: result-misused
#include <holdfast/own.h>
#include <holdfast/pin.h>

#include "../edu.h"

#pragma push_macro("MISUSE")
#undef MISUSE
#include "02-lock.c"
#pragma pop_macro("MISUSE")

#define EDU_LINE	64u		/* bytes */
#define EDU_LINES	64u

/* The memory that the device copies from and to. */
struct edu_line {
	u8 byte[EDU_LINE];
};

HF_DMA_DEFINE(edu_lines, struct edu_line);
HF_LOCKED_DEFINE(edu_memory, mutex, struct edu_lines);		/* who transfers holds it, and sleeps */

/* What exists only while the device does. */
struct edu_hw {
	struct edu_regs regs;
	struct hf_device dev;
	struct edu_memory memory;
};

static int edu_hw_init(struct edu_hw *hw, const struct edu_config *c)
{
	const char *version;

	hw->regs = hf_try(edu_regs_map(c->io));
	hf_try_errno(edu_identify(&hw->regs, &version));
	if (hf_mask(edu_regs_read_dma_command(&hw->regs), EDU_RUN) ||
	    hf_mask(edu_regs_read_status(&hw->regs), EDU_COMPUTING))
		return -EBUSY;
	hw->dev = c->dev;
	/* SAFETY: nobody else can reach it yet. */
	*hf_lock_get_mut_unchecked(&hw->memory) = hf_try(edu_lines_alloc(&hw->dev, EDU_LINES, GFP_KERNEL));
	hf_lock_init(&hw->memory);
	return 0;
}

static void edu_hw_free(struct edu_hw *hw)
{
	/* SAFETY: nobody can reach it any more. */
	edu_lines_drop(hf_lock_get_mut_unchecked(&hw->memory));
	hf_lock_fini(&hw->memory);
	hf_free(hw);
}

HF_OWN_DEFINE(edu_hw, struct edu_hw, edu_hw_free);

struct edu_hw_own_result edu_hw_new(const struct edu_config *c)
{
	return hf_new_with(edu_hw, GFP_KERNEL, edu_hw_init, c);
}

/* Whether the device is there, is ours, and remembers what it is told.  It is not kept. */
int edu_test(const struct edu_config *c)
{
#ifdef MISUSE
	hf_let(edu_hw, hw, edu_hw_new(c)); /* E */
#else
	hf_let(edu_hw, hw, hf_try(edu_hw_new(c)));
#endif

	edu_regs_write_status(&hf_ref(hw)->regs, EDU_IRQ_WHEN_COMPUTED);
	return hf_mask(edu_regs_read_status(&hf_ref(hw)->regs), EDU_IRQ_WHEN_COMPUTED) ? 0 : -EIO;
}
