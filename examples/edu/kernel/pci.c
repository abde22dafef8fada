// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A binding is the drvdata of its device, and ends in remove().  What it is lent ends later: devres manages it. */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <holdfast/foreign.h>
#include <holdfast/version.h>

#include "../edu.h"

static unsigned int timeout_ms = 1000;
module_param(timeout_ms, uint, 0444);
MODULE_PARM_DESC(timeout_ms, "milliseconds until a factorial or a transfer fails; default 1000");

static DEFINE_IDA(ids);
HF_FOREIGN_BY_DEFINE(edu_of, edu_binding_own, struct pci_dev, pci_get_drvdata, pci_set_drvdata);

static void put_id(void *id)
{
	ida_free(&ids, (unsigned long)id);
}

static void stop(void *pdev)
{
	pci_intx(pdev, false);
	pci_clear_master(pdev);
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *entry)
{
	struct edu_config config = { .timeout_ms = timeout_ms, .stop = stop, .host = pdev };
	const int id = ida_alloc(&ids, GFP_KERNEL);

	if (id < 0)
		return id;
	hf_try_errno(devm_add_action_or_reset(&pdev->dev, put_id, (void *)(unsigned long)id));
	config.name = devm_kasprintf(&pdev->dev, GFP_KERNEL, "hf_edu%d", id);
	if (!config.name)
		return -ENOMEM;
	hf_try_errno(pcim_enable_device(pdev));
	hf_try_errno(pcim_iomap_regions(pdev, BIT(0), config.name));
	config.io = hf_kernel_io(pcim_iomap_table(pdev)[0], pci_resource_len(pdev, 0));
	config.dev = (struct hf_device){ .dev = &pdev->dev };
	hf_try_errno(dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(28)));
	hf_try_errno(pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES));
	config.line = hf_kernel_irq(pci_irq_vector(pdev, 0), pdev->msi_enabled ? 0 : IRQF_SHARED);
	/* Also for the messages that are interrupts. */
	pci_set_master(pdev);
	hf_foreign_store(edu_of, pdev, hf_try(edu_bind(&config)));
	pci_info(pdev, "%s, %s\n", config.name, pdev->msi_enabled ? "MSI" : "INTx");
	return 0;
}

static void remove(struct pci_dev *pdev)
{
	hf_let(edu_binding, b, hf_expect(hf_foreign_take(edu_of, pdev), "probe() stored it"));
}

static const struct pci_device_id edu_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, { } };
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = probe,
	.remove = remove,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("QEMU's educational device, by the Holdfast example driver");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(HF_VERSION_STRING);
