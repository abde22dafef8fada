// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: what a device owns used after its driver was unbound
// report: BUG: KASAN: slab-use-after-free in edu_status
// refused: tests/misuse/revocable_without_guard.c
#include <linux/device.h>

#include "edu.h"

struct window {
	int status;
};

static struct edu {
	struct window *window;
} edu;

/* Called by those who have opened the device's file, for instance. */
static noinline int edu_status(const struct edu *e)
{
	return e->window->status;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	edu.window = devm_kzalloc(&pdev->dev, sizeof(*edu.window), GFP_KERNEL);
	return edu.window ? 0 : -ENOMEM;
}

static void edu_remove(struct pci_dev *pdev)
{
}

static int wrong(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	/* The bug: the window ended with the driver. */
	pr_info("status %d\n", edu_status(&edu));
	return 0;
}
