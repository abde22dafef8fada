// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: CONFIG_DMA_API_DEBUG at run time
#include "kernel.h"

#ifdef MISUSE
u8 f(struct device *dev, u8 *buf);
u8 f(struct device *dev, u8 *buf)
{
	dma_addr_t addr = dma_map_single(dev, buf, 16, DMA_TO_DEVICE);

	if (dma_mapping_error(dev, addr))
		return 0;
	dma_unmap_single(dev, addr, 16, DMA_FROM_DEVICE);
	return buf[0];
}
#else
u8 f(struct device *dev, u8 *buf);
u8 f(struct device *dev, u8 *buf)
{
	dma_addr_t addr = dma_map_single(dev, buf, 16, DMA_FROM_DEVICE);

	if (dma_mapping_error(dev, addr))
		return 0;
	dma_unmap_single(dev, addr, 16, DMA_FROM_DEVICE);
	return buf[0];
}
#endif
