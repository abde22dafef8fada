// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: the data of an interrupt handler freed before the handler
// report: BUG: KASAN: slab-use-after-free in edu_interrupt
// refused: tests/misuse/irq_borrow_given.c
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "edu.h"

enum { STATUS = 0x24, RAISE = 0x60, ACKNOWLEDGE = 0x64 };

struct edu {
	int irqs;
};

static void __iomem *regs;
static DECLARE_COMPLETION(seen);

static irqreturn_t edu_interrupt(int irq, void *data)
{
	struct edu *edu = data;

	writel(readl(regs + STATUS), regs + ACKNOWLEDGE);
	edu->irqs++;
	complete(&seen);
	return IRQ_HANDLED;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	pci_set_master(pdev);
	regs = pcim_iomap(pdev, 0, 0);
	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!regs || !edu) {
		kfree(edu);
		return -ENOMEM;
	}
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (err > 0)
		err = request_irq(pci_irq_vector(pdev, 0), edu_interrupt, 0, "edu", edu);
	if (err) {
		pci_free_irq_vectors(pdev);
		kfree(edu);
		return err;
	}
	pci_set_drvdata(pdev, edu);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	kfree(edu);
	/* The bug: the handler is still there for a last interrupt. */
	writel(1, regs + RAISE);
	wait_for_completion(&seen);
	free_irq(pci_irq_vector(pdev, 0), edu);
	pci_free_irq_vectors(pdev);
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
