// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What the paths of a driver run on in the kernel: a device without a bus, whose DMA addresses are those
 * of memory, and registers that are memory.
 */
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/err.h>

#include "../driver/device.h"
#include "../../examples/nvme/hfnvme/null.h"

int bench_device_new(struct hf_device *dev)
{
	struct device *root = root_device_register("holdfast_bench");

	if (IS_ERR(root))
		return PTR_ERR(root);
	root->dma_mask = &root->coherent_dma_mask;
	root->coherent_dma_mask = DMA_BIT_MASK(64);
	dev->dev = root;
	return 0;
}

void bench_device_free(struct hf_device *dev)
{
	root_device_unregister(dev->dev);
	dev->dev = NULL;
}

struct hf_io null_io(struct null_controller *c)
{
	/* Memory answers as registers do, on the architectures that this runs on. */
	return hf_kernel_io((void __force __iomem *)&c->regs, sizeof(c->regs));
}

void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len)
{
	return phys_to_virt(dma_to_phys(dev->dev, at));
}
