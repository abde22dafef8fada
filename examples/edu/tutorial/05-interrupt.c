// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer given to an interrupt handler, which runs on when its owner is gone
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument 3 of 'edu_irq_request_'
// expect-clang: passing 'const struct edu \*' to parameter of incompatible type 'struct edu_arc'
// explained: owner-of-other-type
#include <holdfast/irq.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "04-shared.c"
#pragma pop_macro("MISUSE")

HF_IRQ_DEFINE(edu_irq, edu_arc, edu_interrupt);

static irqreturn_t edu_interrupt(const struct edu *edu HF_NOESCAPE)
{
	hf_access_else(hw, &edu->hw, return IRQ_NONE);
	const struct hf_untrusted_u32 status = edu_regs_read_irq_status(&hw->regs);
	const u32 why = hf_mask(status, EDU_IRQ_FACTORIAL | EDU_IRQ_DMA);

	/* A device that was pulled out reads as all ones. */
	if (!why || hf_equals(status, ~0u))
		return IRQ_NONE;
	edu_regs_write_irq_ack(&hw->regs, why);
	hf_lock(s, &edu->state);
	if (why & EDU_IRQ_DMA)
		s->transferring = false;
	/* What the device did not do, it cannot complete. */
	if (why & EDU_IRQ_FACTORIAL && s->computing) {
		s->computing = false;
		s->value = hf_accept_any(edu_regs_read_factorial(&hw->regs));
	}
	hf_notify_all(&edu->changed);
	return IRQ_HANDLED;
}

struct edu_irq_own_result edu_listen(const struct edu *edu, const struct edu_config *c)
{
#ifdef MISUSE
	return hf_irq_request(edu_irq, c->line, c->name, edu, GFP_KERNEL); /* E */
#else
	return hf_irq_request(edu_irq, c->line, c->name, hf_arc_from(edu, edu), GFP_KERNEL);
#endif
}
