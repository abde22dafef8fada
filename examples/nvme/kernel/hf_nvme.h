/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel module around the driver core: the PCI driver (pci.c), disks and interrupts (blk.c),
 * ioctls (ioctl.c).
 *
 *	PCI device		owns an hf_nvme_binding, by its driver data, until remove()
 *	binding			owns the interrupts, the node, the gate and a reference to the hf_nvme
 *	open file, open disk	each own a reference to the gate, which has one to the hf_nvme until the
 *				driver is unbound
 *	interrupt, queued work	each own a reference to the hf_nvme
 *	hf_nvme			owns the controller and the disks
 *
 * Devres manages what the PCI device itself has enabled, mapped and allocated: it ends after the
 * binding.
 */
#ifndef EXAMPLES_NVME_KERNEL_HF_NVME_H
#define EXAMPLES_NVME_KERNEL_HF_NVME_H

#include <linux/blk-mq.h>
#include <linux/pci.h>

#include <holdfast/file.h>
#include <holdfast/foreign.h>
#include <holdfast/lock.h>
#include <holdfast/ref.h>
#include <holdfast/revocable.h>
#include <holdfast/vec.h>
#include <holdfast/work.h>

#include "../nvme.h"
#include "compat.h"

/* In bytes, a multiple of the page size; any DMA mapping accepts it. */
#define HF_NVME_MAX_TRANSFER	(128u << 10)

#define hf_nvme_get_gendisk(disk)	get_device(disk_to_dev(disk))
HF_REF_DEFINE(hf_nvme_gendisk, struct gendisk, hf_nvme_get_gendisk, put_disk);

struct hf_nvme;

/* The disk of a namespace.  Its drop deletes the disk, after waiting for I/O in flight. */
struct hf_nvme_disk {
	struct hf_nvme *dev;			/* which owns this */
	const struct nvme_namespace *ns;
	struct nvme_namespace shown;		/* what the block layer knows of it */
	bool polls;
	struct hf_nvme_gendisk_arc disk;
};

void hf_nvme_disk_free(struct hf_nvme_disk *d);
HF_OWN_DEFINE(hf_nvme_disk, struct hf_nvme_disk, hf_nvme_disk_free);
HF_SLICE_DEFINE(hf_nvme_disk, struct hf_nvme_disk_own);
HF_OWNING_VEC_DEFINE(hf_nvme_disk, hf_nvme_disk_own_drop);

/* The disks, at the index of their namespace; empty if there is none. */
struct hf_nvme_disks {
	struct hf_nvme *dev;			/* which this is a member of */
	struct blk_mq_tag_set tags;
	struct hf_nvme_disk_vec all;
	const struct hf_nvme_gate *gate;	/* the binding's */
	bool closed;				/* the driver is being unbound */
};

HF_LOCKED_DEFINE(hf_nvme_locked_disks, mutex, struct hf_nvme_disks);

/* A controller and its disks.  What the members do not guard is constant once it is shared. */
struct hf_nvme {
	struct hf_refs refs;
	struct pci_dev *pdev;		/* bound to the driver as long as this exists */
	struct hf_device dma;
	int id;				/* the 0 of hfnvme0n1 */
	unsigned int vectors;		/* of interrupts */
	unsigned int interrupting;	/* the last queue with interrupts */
	unsigned int timeout_ms;
	struct nvme_ctrl_own ctrl;
	struct hf_delayed_work tick;
	struct hf_work scan;		/* for namespaces, after a reset that found changes */
	struct hf_nvme_locked_disks disks;
};

void hf_nvme_destroy(struct hf_nvme *dev);
void hf_nvme_release(struct hf_nvme *dev);
HF_ARC_DEFINE(hf_nvme, struct hf_nvme, refs, hf_nvme_destroy, hf_nvme_release);

/* Where those who have something open find the controller, until the driver is unbound. */
HF_REVOCABLE_DEFINE(hf_nvme_bound, srcu, hf_nvme_arc);
struct hf_nvme_gate {
	struct hf_refs refs;
	struct hf_nvme_bound bound;
};
void hf_nvme_gate_destroy(struct hf_nvme_gate *g);
void hf_nvme_gate_release(struct hf_nvme_gate *g);
HF_ARC_DEFINE(hf_nvme_gate, struct hf_nvme_gate, refs, hf_nvme_gate_destroy, hf_nvme_gate_release);
struct hf_nvme_gate_arc_result hf_nvme_gate_new(const struct hf_nvme *dev);

HF_FILE_DEFINE(hf_nvme_node, hf_nvme_gate_arc, hf_nvme_gate_arc);
/* The node of a controller in /dev. */
struct hf_nvme_node_own_result hf_nvme_add_node(const struct hf_nvme *dev, const struct hf_nvme_gate *gate);

/* What an open disk has. */
struct hf_nvme_entry {
	struct hf_nvme_gate_arc gate;
	const struct nvme_namespace *ns;	/* of the controller behind the gate */
};
void hf_nvme_entry_free(struct hf_nvme_entry *e);
HF_OWN_DEFINE(hf_nvme_entry, struct hf_nvme_entry, hf_nvme_entry_free);
HF_FOREIGN_DEFINE(hf_nvme_entry_of, hf_nvme_entry_own, struct gendisk, private_data);
int hf_nvme_disk_ioctl(struct block_device *bdev, COMPAT_BLK_MODE mode, unsigned int cmd, unsigned long arg);

HF_MUST_USE int hf_nvme_init_disks(struct hf_nvme *dev);
void hf_nvme_fini_disks(struct hf_nvme *dev);
/*
 * Make the disks what the namespaces are: add those that have none, change the others, delete those of
 * namespaces that are gone.  Interrupts are enabled.  Returns the first error; the others are there.
 */
int hf_nvme_scan_disks(const struct hf_nvme *dev);
/* Who opens the disks that come enters by this gate. */
void hf_nvme_set_gate(const struct hf_nvme *dev, const struct hf_nvme_gate *gate);
/* -ENXIO: there is no disk of this namespace. */
struct hf_nvme_gendisk_arc_result hf_nvme_disk_of(const struct hf_nvme *dev, u32 nsid);
/* Execute an I/O command of a user, as nvme_execute() does an admin command. */
HF_MUST_USE int hf_nvme_execute(struct gendisk *disk, struct nvme_command *c);
/* Delete all disks, after waiting for I/O in flight; none is added any more. */
void hf_nvme_del_disks(const struct hf_nvme *dev);
/* The controller failed or was removed: fail all new I/O at once. */
void hf_nvme_kill_disks(const struct hf_nvme *dev);

struct hf_nvme_interrupts;
void hf_nvme_free_interrupts(struct hf_nvme_interrupts *all);
HF_OWN_DEFINE(hf_nvme_interrupts, struct hf_nvme_interrupts, hf_nvme_free_interrupts);
/* One for each vector. */
struct hf_nvme_interrupts_own_result hf_nvme_request_interrupts(const struct hf_nvme *dev);

/* What ends when the driver is unbound. */
struct hf_nvme_binding {
	struct hf_nvme_arc dev;
	struct hf_nvme_gate_arc gate;
	struct hf_nvme_node_own node;
	struct hf_nvme_interrupts_own interrupts;
};

void hf_nvme_unbind(struct hf_nvme_binding *b);
HF_OWN_DEFINE(hf_nvme_binding, struct hf_nvme_binding, hf_nvme_unbind);
HF_FOREIGN_BY_DEFINE(hf_nvme_of, hf_nvme_binding_own, struct pci_dev, pci_get_drvdata,
		     pci_set_drvdata);

/* Attributes in the directory of the PCI device in sysfs. */
extern const struct attribute_group *hf_nvme_groups[];

#endif /* EXAMPLES_NVME_KERNEL_HF_NVME_H */
