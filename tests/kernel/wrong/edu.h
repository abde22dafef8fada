/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A driver for QEMU's educational device, which is bound and unbound once. */
#include <linux/pci.h>

#include "wrong.h"

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id);
static void edu_remove(struct pci_dev *pdev);

static const struct pci_device_id edu_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, { } };

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};
