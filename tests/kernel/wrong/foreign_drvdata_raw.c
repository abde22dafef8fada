// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object of another type stored in a device's data than is read from there
// report: BUG: KASAN: slab-out-of-bounds in edu_remove
// refused: tests/misuse/foreign_store_of_other_type.c
#include <linux/slab.h>

#include "edu.h"

struct edu {
	char name[24];
	int irqs;
};

struct ring {
	int head;
};

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL);

	if (!ring)
		return -ENOMEM;
	/* The bug: edu_remove() expects a struct edu. */
	pci_set_drvdata(pdev, ring);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	pci_info(pdev, "%d interrupts\n", edu->irqs);
	kfree(edu);
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
