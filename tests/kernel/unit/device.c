// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A device for the tests, whose DMA operations are a software IOMMU.
 *
 * As in userspace, DMA addresses are unrelated to pointers and are never reused, and every access
 * is checked against one mapping and its direction.  An unmap must have the address, size and
 * direction of a mapping.
 */
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/version.h>

#include "main.h"

#define OFFSET_BITS	28

struct mapping {
	struct device *dev;	/* NULL: unused */
	dma_addr_t at;
	u8 *cpu;
	size_t len;
	unsigned int how;
};

static DEFINE_SPINLOCK(lock);
static struct mapping mappings[64];
static u64 generation;

static dma_addr_t map(struct device *dev, void *cpu, size_t len, unsigned int how)
{
	dma_addr_t at = DMA_MAPPING_ERROR;
	unsigned long flags;
	size_t i;

	if (hf_kernel_alloc_fails())
		return at;
	spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(mappings) && mappings[i].dev; i++)
		;
	if (i < ARRAY_SIZE(mappings)) {
		at = (++generation << OFFSET_BITS) | offset_in_page(cpu);
		mappings[i] = (struct mapping){
			.dev = dev, .at = at, .cpu = cpu, .len = len, .how = how,
		};
	}
	spin_unlock_irqrestore(&lock, flags);
	return at;
}

static bool unmap(struct device *dev, dma_addr_t at, size_t len, unsigned int how)
{
	bool found = false;
	unsigned long flags;
	size_t i;

	spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(mappings) && !found; i++)
		if (mappings[i].dev == dev && mappings[i].at == at && mappings[i].len == len &&
		    mappings[i].how == how) {
			mappings[i].dev = NULL;
			found = true;
		}
	spin_unlock_irqrestore(&lock, flags);
	if (!found)
		hf_test_fail_(__FILE__, __LINE__, "an unmap matches no mapping");
	return found;
}

/* --- the DMA operations, which the kernel calls -------------------------------------------------- */

static unsigned int how_of(enum dma_data_direction dir)
{
	switch (dir) {
	case DMA_TO_DEVICE:
		return HF_TEST_DEVICE_READS;
	case DMA_FROM_DEVICE:
		return HF_TEST_DEVICE_WRITES;
	default:
		return HF_TEST_DEVICE_READS | HF_TEST_DEVICE_WRITES;
	}
}

static void *device_alloc(struct device *dev, size_t size, dma_addr_t *at, gfp_t gfp,
			  unsigned long attrs)
{
	void *cpu = alloc_pages_exact(size, gfp | __GFP_ZERO);

	if (!cpu)
		return NULL;
	*at = map(dev, cpu, size, how_of(DMA_BIDIRECTIONAL));
	if (*at == DMA_MAPPING_ERROR) {
		free_pages_exact(cpu, size);
		return NULL;
	}
	return cpu;
}

static void device_free(struct device *dev, size_t size, void *cpu, dma_addr_t at, unsigned long attrs)
{
	if (unmap(dev, at, size, how_of(DMA_BIDIRECTIONAL)))
		free_pages_exact(cpu, size);
}

static void device_unmap(struct device *dev, dma_addr_t at, size_t size, enum dma_data_direction dir,
			 unsigned long attrs)
{
	unmap(dev, at, size, how_of(dir));
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
static dma_addr_t device_map(struct device *dev, struct page *page, unsigned long offset, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	return map(dev, (u8 *)page_address(page) + offset, size, how_of(dir));
}
#define map_phys	map_page
#define unmap_phys	unmap_page
#else
static dma_addr_t device_map(struct device *dev, phys_addr_t at, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	return map(dev, phys_to_virt(at), size, how_of(dir));
}
#endif

static const struct dma_map_ops device_ops = {
	.alloc = device_alloc,
	.free = device_free,
	.map_phys = device_map,
	.unmap_phys = device_unmap,
};

/* --- the functions of harness.h ----------------------------------------------------------------- */

struct hf_device hf_test_device_new(void)
{
	static atomic_t count;
	struct device *dev;
	char name[32];

	snprintf(name, sizeof(name), "holdfast_test.%d", atomic_inc_return(&count));
	dev = root_device_register(name);
	if (IS_ERR(dev))
		return (struct hf_device){ .dev = NULL };
	dev->dma_mask = &dev->coherent_dma_mask;
	dev->coherent_dma_mask = DMA_BIT_MASK(64);
	set_dma_ops(dev, &device_ops);
	return (struct hf_device){ .dev = dev };
}

bool hf_test_device_is(const struct hf_device *dev)
{
	return dev->dev;
}

void hf_test_device_free(struct hf_device *dev)
{
	const size_t left = hf_test_device_mappings(dev);

	if (left)
		hf_test_fail_(__FILE__, __LINE__, "%zu mappings are still there", left);
	root_device_unregister(dev->dev);
	dev->dev = NULL;
}

void *hf_test_device_sees(struct hf_device *dev, dma_addr_t at, size_t n, unsigned int how)
{
	void *found = NULL;
	unsigned long flags;
	size_t i;

	spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(mappings); i++) {
		const struct mapping *m = &mappings[i];

		if (m->dev == dev->dev && (m->how & how) == how && at >= m->at &&
		    at - m->at <= m->len && n <= m->len - (at - m->at))
			found = m->cpu + (at - m->at);
	}
	spin_unlock_irqrestore(&lock, flags);
	return found;
}

int hf_test_device_read(struct hf_device *dev, dma_addr_t from, void *to, size_t n)
{
	const void *p = hf_test_device_sees(dev, from, n, HF_TEST_DEVICE_READS);

	if (!p)
		return -EFAULT;
	memcpy(to, p, n);
	return 0;
}

int hf_test_device_write(struct hf_device *dev, dma_addr_t to, void *from, size_t n)
{
	void *p = hf_test_device_sees(dev, to, n, HF_TEST_DEVICE_WRITES);

	if (!p)
		return -EFAULT;
	memcpy(p, from, n);
	return 0;
}

size_t hf_test_device_mappings(struct hf_device *dev)
{
	unsigned long flags;
	size_t i, n = 0;

	spin_lock_irqsave(&lock, flags);
	for (i = 0; i < ARRAY_SIZE(mappings); i++)
		n += mappings[i].dev == dev->dev;
	spin_unlock_irqrestore(&lock, flags);
	return n;
}

/* --- files -------------------------------------------------------------------------------------- */

int hf_test_open(const char *text, int flags, struct hf_test_file *file)
{
	char *path = kasprintf(GFP_KERNEL, "/dev/%s", text);

	if (!path)
		return -ENOMEM;
	file->f = filp_open(path, flags, 0);
	kfree(path);
	return PTR_ERR_OR_ZERO(file->f);
}

/* As if it had another descriptor, which is closed. */
void hf_test_flush(struct hf_test_file *file)
{
	get_file(file->f);
	filp_close(file->f, NULL);
}

static void close_file(void *f)
{
	filp_close(f, NULL);
	flush_delayed_fput();
}

/* On a thread of the kernel: the end of a file that a process closes waits until it leaves the kernel. */
void hf_test_close(struct hf_test_file *file)
{
	struct hf_test_thread closer;

	hf_test_spawn(&closer, close_file, file->f);
	hf_test_join(&closer);
}

ssize_t hf_test_read(struct hf_test_file *file, void __user *to, size_t n)
{
	return file->f->f_mode & FMODE_READ ? file->f->f_op->read(file->f, to, n, &file->f->f_pos) : -EBADF;
}

ssize_t hf_test_write(struct hf_test_file *file, const void __user *from, size_t n)
{
	return file->f->f_mode & FMODE_WRITE ? file->f->f_op->write(file->f, from, n, &file->f->f_pos) : -EBADF;
}

int hf_test_ioctl(struct hf_test_file *file, unsigned int cmd, void __user *arg)
{
	return (int)file->f->f_op->unlocked_ioctl(file->f, cmd, (unsigned long)arg);
}

__poll_t hf_test_poll(struct hf_test_file *file, __poll_t events)
{
	return vfs_poll(file->f, NULL) & (events | EPOLLERR | EPOLLHUP);
}

int hf_test_mmap(struct hf_test_file *file, size_t len, int prot, int flags, u64 offset,
		 void __user **addr)
{
	const unsigned long at = vm_mmap(file->f, 0, len, (unsigned long)prot, (unsigned long)flags,
					 (unsigned long)offset);

	if (IS_ERR_VALUE(at))
		return (int)at;
	*addr = (void __user *)at;
	return 0;
}

struct area {
	struct mm_struct *mm;
	unsigned long at;
	size_t len;
};

static void unmap_area(void *arg)
{
	const struct area *a = arg;

	kthread_use_mm(a->mm);
	vm_munmap(a->at, a->len);
	kthread_unuse_mm(a->mm);
	flush_delayed_fput();
}

/* On a thread of the kernel, as hf_test_close(): it may be the end of the file. */
void hf_test_munmap(void __user *addr, size_t len)
{
	struct area a = { .mm = current->mm, .at = (unsigned long)addr, .len = len };
	struct hf_test_thread unmapper;

	hf_test_spawn(&unmapper, unmap_area, &a);
	hf_test_join(&unmapper);
}

void hf_test_shrink(void)
{
	struct file *const f = filp_open("/proc/sys/vm/drop_caches", O_WRONLY, 0);
	loff_t at = 0;

	if (IS_ERR(f) || kernel_write(f, "2", 1, &at) != 1)
		hf_test_fail_(__FILE__, __LINE__, "drop_caches cannot be written");
	if (!IS_ERR(f))
		filp_close(f, NULL);
}

/* The rule of mprotect(), which modules cannot call. */
int hf_test_mprotect(void __user *addr, size_t len, int prot)
{
	const unsigned long wanted = (prot & PROT_READ ? VM_MAYREAD : 0) | (prot & PROT_WRITE ? VM_MAYWRITE : 0) |
				     (prot & PROT_EXEC ? VM_MAYEXEC : 0);
	struct vm_area_struct *vma;
	int err;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, (unsigned long)addr);
	err = !vma || vma->vm_start > (unsigned long)addr || vma->vm_end < (unsigned long)addr + len ? -ENOMEM :
	      (vma->vm_flags & wanted) != wanted ? -EACCES : 0;
	mmap_read_unlock(current->mm);
	return err;
}
