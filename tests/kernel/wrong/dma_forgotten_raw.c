// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a buffer freed that is still mapped for a device
// report: DMA-API: .*device driver has pending DMA allocations while released from device
// refused: tests/misuse/drop_forgets_mapping.c
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "edu.h"

enum { SIZE = 512 };

struct transfer {
	void *buf;
	dma_addr_t lent;
};

/* The bug: dma_unmap_single() is missing. */
static void transfer_free(struct transfer *t)
{
	kfree(t->buf);
	kfree(t);
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct transfer *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));

	if (!t || err) {
		kfree(t);
		return err ? err : -ENOMEM;
	}
	t->buf = kzalloc(SIZE, GFP_KERNEL);
	if (!t->buf) {
		kfree(t);
		return -ENOMEM;
	}
	t->lent = dma_map_single(&pdev->dev, t->buf, SIZE, DMA_FROM_DEVICE);
	err = dma_mapping_error(&pdev->dev, t->lent);
	if (err) {
		kfree(t->buf);
		kfree(t);
		return err;
	}
	pci_set_drvdata(pdev, t);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	transfer_free(pci_get_drvdata(pdev));
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
