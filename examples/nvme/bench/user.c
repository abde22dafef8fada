/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The null controller's registers and memory in userspace. See null.h.
 */
#include "null.h"

struct hf_io null_io(struct null_controller *c)
{
	return hf_user_io_memory(&c->regs, sizeof(c->regs));
}

void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len)
{
	return hf_user_iommu_resolve(dev->iommu, at, len, HF_USER_DMA_WRITE);
}
