// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Interrupts without a device: the kernel's own code from the descriptor on. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>

#include "main.h"

static void raise(struct irq_work *work)
{
	generic_handle_irq(container_of(work, struct hf_test_irq, raise)->irq);
}

bool hf_test_irq_new(struct hf_test_irq *irq)
{
	const int got = irq_alloc_descs(-1, 0, 1, NUMA_NO_NODE);

	if (got < 0) {
		hf_test_fail_(__FILE__, __LINE__, "irq_alloc_descs() gives %d", got);
		return false;
	}
	irq->irq = (unsigned int)got;
	irq->raise = IRQ_WORK_INIT_HARD(raise);
	irq_set_chip_and_handler(irq->irq, &dummy_irq_chip, handle_simple_irq);
	irq_modify_status(irq->irq, IRQ_NOREQUEST, 0);
	return true;
}

void hf_test_irq_free(struct hf_test_irq *irq)
{
	irq_free_descs(irq->irq, 1);
}

struct hf_irq_line hf_test_irq_line(struct hf_test_irq *irq, bool shared)
{
	return hf_kernel_irq(irq->irq, shared ? IRQF_SHARED : 0);
}

void hf_test_irq_raise(struct hf_test_irq *irq)
{
	irq_work_queue(&irq->raise);
	irq_work_sync(&irq->raise);
}
