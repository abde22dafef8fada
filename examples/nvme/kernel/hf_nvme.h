/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel module around the driver core: the PCI driver (pci.c) and its disks (blk.c).
 */
#ifndef EXAMPLES_NVME_KERNEL_HF_NVME_H
#define EXAMPLES_NVME_KERNEL_HF_NVME_H

#include <linux/blk-mq.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "../nvme.h"

/* In bytes, a multiple of the page size; any DMA mapping accepts it. */
#define HF_NVME_MAX_TRANSFER	(128u << 10)

struct hf_nvme;

/* The disk of a namespace. */
struct hf_nvme_disk {
	struct hf_nvme *dev;
	const struct nvme_namespace *ns;
	struct gendisk *disk;
	bool added;
};

/* An interrupt vector, of the queues index, index + vectors, and so on. */
struct hf_nvme_vector {
	struct hf_nvme *dev;
	unsigned int index;
	bool requested;
};

/*
 * A controller that the driver is bound to.  probe() initialises the members in this order,
 * remove() undoes it in reverse order; what is not initialised yet is zero.
 */
struct hf_nvme {
	struct pci_dev *pdev;
	struct hf_device dma;
	int id;				/* the 0 of hfnvme0n1 */
	bool has_id;

	bool enabled;
	bool claimed;
	void __iomem *bar;
	unsigned int vectors;

	struct nvme_ctrl_own ctrl;
	unsigned int interrupting;	/* the last queue with interrupts */
	unsigned int timeout_ms;
	struct hf_nvme_vector vector[NVME_MAX_QUEUES + 1];
	struct delayed_work tick;

	struct blk_mq_tag_set tags;
	struct hf_nvme_disk disks[NVME_MAX_NAMESPACES];
};

/* Add a disk for each namespace.  Interrupts are enabled. */
HF_MUST_USE int hf_nvme_add_disks(struct hf_nvme *dev);
/* Delete the disks, after waiting for I/O in flight. */
void hf_nvme_del_disks(struct hf_nvme *dev);
/* The controller failed or was removed: fail all new I/O at once. */
void hf_nvme_kill_disks(struct hf_nvme *dev);
/* After hf_nvme_del_disks(), and after the last hf_nvme_kill_disks(). */
void hf_nvme_free_disks(struct hf_nvme *dev);

/* Attributes in the directory of the PCI device in sysfs. */
extern const struct attribute_group *hf_nvme_groups[];

/* Complete requests of the queues of a struct hf_nvme_vector. */
irqreturn_t hf_nvme_interrupt(int irq, void *vector);

#endif /* EXAMPLES_NVME_KERNEL_HF_NVME_H */
