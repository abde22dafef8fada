// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an interrupt handler registered with an object of another type than it expects
// report: BUG: KASAN: slab-out-of-bounds in edu_interrupt
// refused: tests/misuse/irq_handler_of_other_data.c
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "edu.h"

enum { STATUS = 0x24, RAISE = 0x60, ACKNOWLEDGE = 0x64 };

struct edu {
	char name[24];
	int irqs;
};

struct ring {
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
	struct ring *ring;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	pci_set_master(pdev);
	regs = pcim_iomap(pdev, 0, 0);
	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!regs || !ring) {
		kfree(ring);
		return -ENOMEM;
	}
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	/* The bug: the handler expects a struct edu. */
	if (err > 0)
		err = request_irq(pci_irq_vector(pdev, 0), edu_interrupt, 0, "edu", ring);
	if (err) {
		pci_free_irq_vectors(pdev);
		kfree(ring);
		return err;
	}
	pci_set_drvdata(pdev, ring);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct ring *ring = pci_get_drvdata(pdev);

	writel(1, regs + RAISE);
	wait_for_completion(&seen);
	free_irq(pci_irq_vector(pdev, 0), ring);
	pci_free_irq_vectors(pdev);
	kfree(ring);
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
