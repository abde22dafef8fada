// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a buffer unmapped twice
// report: DMA-API: .*device driver tries to free DMA memory it has not allocated
// refused: tests/misuse/dma_unmapped_twice.c
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "edu.h"

enum { SIZE = 512 };

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	u8 *buf = kzalloc(SIZE, GFP_KERNEL);
	dma_addr_t lent;
	int err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));

	if (!buf || err) {
		kfree(buf);
		return err ? err : -ENOMEM;
	}
	lent = dma_map_single(dev, buf, SIZE, DMA_FROM_DEVICE);
	err = dma_mapping_error(dev, lent);
	if (!err) {
		dma_unmap_single(dev, lent, SIZE, DMA_FROM_DEVICE);
		/* The bug: it was unmapped. */
		if (!buf[0])
			dma_unmap_single(dev, lent, SIZE, DMA_FROM_DEVICE);
	}
	kfree(buf);
	return err;
}

static void edu_remove(struct pci_dev *pdev)
{
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
