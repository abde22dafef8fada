/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Userspace back end of DMA: an IOMMU between a driver and the model of a device.
 *
 * A driver test in which the device's address of a buffer is just its pointer proves little.  This
 * passes there, and corrupts memory later:
 *
 *	dma = map(buf, 4096);
 *	submit(dma, 8192);		// the device overruns buf
 *	unmap(dma); free(buf);		// the command is still in flight: use after free
 *
 * Here device addresses are unrelated to pointers, every access of the device is checked against
 * one mapping and its direction, and an address dies for ever with its mapping.
 *
 * An address is slot + 1 (16 bits), generation (20 bits), offset (28 bits).  A slot's generation
 * moves on at each unmap, and a slot whose generations are used up is retired, so a stale address
 * never resolves, whatever was mapped since.  The offset within the page is that of the pointer, as
 * with a real IOMMU.  Hence the limits: a mapping is smaller than 256 MiB, and 65,280 exist at a
 * time.
 *
 * Thread-safe.  The device never waits for a lock.  Unmapping waits for the accesses to that
 * mapping that have begun: when hf_user_iommu_unmap() has returned, the device can neither read nor
 * write the memory.
 */
#ifndef HOLDFAST_SYS_USER_IOMMU_H
#define HOLDFAST_SYS_USER_IOMMU_H

#include <holdfast/sys/user.h>

#define HF_USER_DMA_READ	1u	/**< the device may read the memory */
#define HF_USER_DMA_WRITE	2u	/**< the device may write the memory */

struct hf_user_iommu;

/** hf_user_iommu_new() - an IOMMU without mappings, or NULL. */
struct hf_user_iommu *hf_user_iommu_new(void);

/**
 * hf_user_iommu_free() - free the IOMMU; the device must have stopped.
 *
 * Return: how many mappings were left, that is leaked; 0 after a driver without bugs.
 */
size_t hf_user_iommu_free(struct hf_user_iommu *iommu);

/** hf_user_iommu_mappings() - how many mappings exist. */
size_t hf_user_iommu_mappings(const struct hf_user_iommu *iommu);

/**
 * hf_user_iommu_map() - let the device at memory.
 * @cpu: the memory.
 * @len: its bytes.
 * @perm: HF_USER_DMA_READ, HF_USER_DMA_WRITE or both.
 * @iova: where to put the device's address of @cpu; untouched on failure.
 *
 * Return: 0; -EINVAL if there is nothing to map, too much, or @perm is none; -ENOMEM if there is no
 * memory or no address left.
 */
int hf_user_iommu_map(struct hf_user_iommu *iommu, void *cpu, size_t len, unsigned int perm,
		      u64 *iova) __attribute__((__warn_unused_result__));

/**
 * hf_user_iommu_unmap() - take back what hf_user_iommu_map() gave.
 *
 * Return: 0; -EINVAL if there is no mapping of exactly @len bytes at @iova, and nothing is changed.
 */
int hf_user_iommu_unmap(struct hf_user_iommu *iommu, u64 iova, size_t len);

/**
 * hf_user_iommu_pin() - device side: the memory at an address, until hf_user_iommu_unpin().
 *
 * Return: NULL where [@iova, @iova + @len) is not inside one mapping that allows @perm.
 */
void *hf_user_iommu_pin(struct hf_user_iommu *iommu, u64 iova, size_t len, unsigned int perm);

/** hf_user_iommu_unpin() - device side: done with what hf_user_iommu_pin() of @iova gave. */
void hf_user_iommu_unpin(struct hf_user_iommu *iommu, u64 iova);

/**
 * hf_user_iommu_access() - device side: copy to or from memory.
 * @buf: copied from if @write, else to.
 *
 * Return: 0; -EFAULT where hf_user_iommu_pin() gives NULL.
 */
int hf_user_iommu_access(struct hf_user_iommu *iommu, u64 iova, void *buf, size_t len, bool write)
	__attribute__((__warn_unused_result__));

/** hf_user_iommu_resolve() - what a pin would give, not held: about this moment, for tests. */
void *hf_user_iommu_resolve(struct hf_user_iommu *iommu, u64 iova, size_t len, unsigned int perm);

#endif
