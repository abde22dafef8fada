// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory shared with a device: ordinary memory that the userspace IOMMU maps for it. */
#include <stdio.h>
#include <stdlib.h>

#include <holdfast/sys/sys.h>

/* Through NULL a test would crash far from what it forgot. */
static struct hf_user_iommu *iommu_of(const struct hf_device *dev)
{
	if (dev->iommu)
		return dev->iommu;
	fprintf(stderr, "holdfast: a struct hf_device has no iommu: give it one of hf_user_iommu_new()\n");
	abort();
}

static unsigned int perm(bool device_reads, bool device_writes)
{
	return (device_reads ? HF_USER_DMA_READ : 0U) | (device_writes ? HF_USER_DMA_WRITE : 0U);
}

/* hf_user_alloc() counts its blocks but does not align them to pages: the block is a page larger. */
void *hf_sys_dma_alloc(struct hf_device *dev, size_t size, dma_addr_t *addr, gfp_t gfp)
{
	const size_t page = HF_SYS_DMA_PAGE_SIZE;
	size_t room;
	char *base, *cpu;

	if (__builtin_add_overflow(size, page + sizeof(void *), &room))
		return NULL;
	base = hf_user_alloc(room, gfp);
	if (!base)
		return NULL;
	cpu = base + sizeof(void *);
	cpu += (page - (unsigned long)cpu % page) % page;
	memcpy(cpu - sizeof(void *), &base, sizeof(void *));
	if (hf_user_iommu_map(iommu_of(dev), cpu, size, HF_USER_DMA_READ | HF_USER_DMA_WRITE, addr)) {
		hf_user_free(base);
		return NULL;
	}
	return cpu;
}

void hf_sys_dma_free(struct hf_device *dev, size_t size, void *cpu, dma_addr_t addr)
{
	void *base;

	/* The device may still write what cannot be unmapped.  It stays allocated, and shows as a leak. */
	if (hf_user_iommu_unmap(dev->iommu, addr, size))
		return;
	memcpy(&base, (char *)cpu - sizeof(void *), sizeof(void *));
	hf_user_free(base);
}

int hf_sys_dma_map(struct hf_device *dev, void *p, size_t len, bool device_reads, bool device_writes,
		   dma_addr_t *addr)
{
	return hf_user_iommu_map(iommu_of(dev), p, len, perm(device_reads, device_writes), addr);
}

void hf_sys_dma_unmap(struct hf_device *dev, dma_addr_t addr, size_t len, bool device_reads,
		      bool device_writes)
{
	(void)device_reads;
	(void)device_writes;
	(void)hf_user_iommu_unmap(dev->iommu, addr, len);
}
