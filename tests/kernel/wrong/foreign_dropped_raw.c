// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a device's data put by the function that stored it, which had the only reference
// report: BUG: KASAN: slab-use-after-free in edu_remove
// refused: tests/misuse/foreign_borrow_stored.c
#include <linux/kref.h>
#include <linux/slab.h>

#include "edu.h"

struct edu {
	struct kref refs;
	int irqs;
};

static void edu_release(struct kref *refs)
{
	kfree(container_of(refs, struct edu, refs));
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu = kzalloc(sizeof(*edu), GFP_KERNEL);

	if (!edu)
		return -ENOMEM;
	kref_init(&edu->refs);
	/* The bug: kref_get() is missing. */
	pci_set_drvdata(pdev, edu);
	kref_put(&edu->refs, edu_release);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	pci_info(pdev, "%d interrupts\n", edu->irqs);
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return 0;
}
