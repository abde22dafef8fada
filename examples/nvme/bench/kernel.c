// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The null controller's registers and memory in the kernel.  See null.h. */
#include <linux/dma-direct.h>

#include "null.h"

struct hf_io null_io(struct null_controller *c)
{
	/* On the supported architectures, memory can stand for registers. */
	return hf_kernel_io((void __force __iomem *)&c->regs, sizeof(c->regs));
}

void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len)
{
	return phys_to_virt(dma_to_phys(dev->dev, at));
}
