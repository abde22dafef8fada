// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a buffer handed to a device that has it already
// report: DMA-API: .*overlapping mappings aren't supported
// refused: tests/misuse/dma_mapped_twice.c
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "edu.h"

enum { SIZE = 512 };

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	dma_addr_t first, second;
	u8 *buf = kzalloc(SIZE, GFP_KERNEL);
	int err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));

	if (!buf || err) {
		kfree(buf);
		return err ? err : -ENOMEM;
	}
	first = dma_map_single(dev, buf, SIZE, DMA_FROM_DEVICE);
	err = dma_mapping_error(dev, first);
	if (!err) {
		/* The bug: the device may write into the buffer already. */
		second = dma_map_single(dev, buf, SIZE, DMA_FROM_DEVICE);
		err = dma_mapping_error(dev, second);
		if (!err)
			dma_unmap_single(dev, second, SIZE, DMA_FROM_DEVICE);
		dma_unmap_single(dev, first, SIZE, DMA_FROM_DEVICE);
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
