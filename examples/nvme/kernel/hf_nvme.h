/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The module around the driver core: a PCI function (pci.c) that has disks (blk.c).
 */
#ifndef EXAMPLES_NVME_KERNEL_HF_NVME_H
#define EXAMPLES_NVME_KERNEL_HF_NVME_H

#include <linux/blk-mq.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "../nvme.h"

/* Bytes: a multiple of the page size that any DMA mapping takes. */
#define HF_NVME_MAX_TRANSFER	(128u << 10)

struct hf_nvme;

/* A namespace, as the block layer sees it. */
struct hf_nvme_disk {
	struct hf_nvme *dev;
	const struct nvme_namespace *ns;
	struct gendisk *disk;
	bool added;
};

/* An interrupt: that of the queues index, index + vectors, and so on. */
struct hf_nvme_vector {
	struct hf_nvme *dev;
	unsigned int index;
	bool requested;
};

/*
 * A controller that the driver is bound to.  It is put together from the top to the bottom of this
 * structure and taken apart the other way; what is not there yet is zero.
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
	unsigned int interrupting;	/* the last queue that does */
	unsigned int timeout_ms;
	struct hf_nvme_vector vector[NVME_MAX_QUEUES + 1];
	struct delayed_work tick;

	struct blk_mq_tag_set tags;
	struct hf_nvme_disk disks[NVME_MAX_NAMESPACES];
};

/* Disks of all namespaces, from a running controller with its interrupts. */
HF_MUST_USE int hf_nvme_add_disks(struct hf_nvme *dev);
/* No disks any more: what is in flight has ended. */
void hf_nvme_del_disks(struct hf_nvme *dev);
/* The controller answers no more: new I/O fails at once. */
void hf_nvme_kill_disks(struct hf_nvme *dev);
/* After hf_nvme_del_disks(), and when nobody kills them any more. */
void hf_nvme_free_disks(struct hf_nvme *dev);

/* What an administrator reads of a controller, in its directory in /sys/bus/pci/devices. */
extern const struct attribute_group *hf_nvme_groups[];

/* End what the device has completed on the queues of a struct hf_nvme_vector. */
irqreturn_t hf_nvme_interrupt(int irq, void *vector);

#endif /* EXAMPLES_NVME_KERNEL_HF_NVME_H */
