/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of what is called back: interrupts.
 */
#ifndef HOLDFAST_SYS_KERNEL_CALLBACK_H
#define HOLDFAST_SYS_KERNEL_CALLBACK_H

#include <linux/interrupt.h>

/* --- interrupts --------------------------------------------------------------------------------- */

/** An interrupt, and how it is registered for. */
struct hf_irq_line {
	unsigned int irq;
	unsigned long flags;
};

/** hf_kernel_irq() - the interrupt @irq, from pci_irq_vector() and the like; @flags: IRQF_SHARED and the like. */
HF_SYS_INLINE struct hf_irq_line hf_kernel_irq(unsigned int irq, unsigned long flags)
{
	return (struct hf_irq_line){ .irq = irq, .flags = flags };
}

struct hf_sys_irq {
	unsigned int irq_;
};

HF_SYS_INLINE __must_check int hf_sys_irq_request(struct hf_sys_irq *r, struct hf_irq_line line, const char *text,
						  irq_handler_t handler, irq_handler_t thread, void *ctx)
{
	r->irq_ = line.irq;
	return request_threaded_irq(line.irq, handler, thread, line.flags, text, ctx);
}

HF_SYS_INLINE void hf_sys_irq_free(struct hf_sys_irq *r, void *ctx)
{
	free_irq(r->irq_, ctx);
}

#endif
