// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* In the kernel the device for the driver paths has no bus, and physical DMA addresses. */
#include <linux/device.h>
#include <linux/err.h>

#include "../device.h"

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

const struct hf_workqueue *bench_workqueue(void)
{
	return hf_system_workqueue();
}
