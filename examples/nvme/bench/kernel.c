// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is below the null controller in the kernel: registers that are memory.  See null.h. */
#include <linux/dma-direct.h>

#include "null.h"

struct hf_io null_io(struct null_controller *c)
{
	/* Memory answers as registers do, on the architectures that this runs on. */
	return hf_kernel_io((void __force __iomem *)&c->regs, sizeof(c->regs));
}

void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len)
{
	return phys_to_virt(dma_to_phys(dev->dev, at));
}
