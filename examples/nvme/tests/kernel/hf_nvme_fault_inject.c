// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Fault injection for one of QEMU's NVMe controllers, while this module is loaded:
 *
 *	insmod hf_nvme_fault_inject.ko device=0000:00:10.0 bar=4096
 *		its BAR 0 has so many bytes
 *	insmod hf_nvme_fault_inject.ko device=0000:00:10.0 cap=0x200101003f csts=2
 *		its registers are plain memory with these values
 *	insmod hf_nvme_fault_inject.ko device=0000:00:10.0 page=3 offset=25 size=1 value=200
 *		these bytes are in the third Identify page that a probe reads
 *
 * The driver is not changed.  Kprobes change what PCI reports to it and what a DMA left in memory.
 * DMA addresses are used as physical ones: there is no IOMMU.
 */
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

static char *device = "";
module_param(device, charp, 0);
MODULE_PARM_DESC(device, "PCI address of a controller");

static ulong bar;
module_param(bar, ulong, 0);
MODULE_PARM_DESC(bar, "bytes of BAR 0; 0: as they are");

static u64 cap, csts;
module_param(cap, ullong, 0);
MODULE_PARM_DESC(cap, "the register CAP; 0: all registers are the device's");
module_param(csts, ullong, 0);
MODULE_PARM_DESC(csts, "the register CSTS, if CAP is given");

static uint page, offset, size;
static u64 value;
module_param(page, uint, 0);
MODULE_PARM_DESC(page, "which Identify page is changed, from 1; 0: none");
module_param(offset, uint, 0);
MODULE_PARM_DESC(offset, "where");
module_param(size, uint, 0);
MODULE_PARM_DESC(size, "how many bytes, up to 8");
module_param(value, ullong, 0);
MODULE_PARM_DESC(value, "what they are, little-endian");

#define IDENTIFY_SIZE	4096

static struct pci_dev *pdev;
static resource_size_t true_end;
static void *registers;			/* plain memory, mapped in place of the device's */
static unsigned long mapped;		/* the device's registers, while the driver has the above */
static unsigned int pages;		/* that the device wrote since the driver mapped its BAR */

/* A page that the device wrote is the CPU's again. */
static int before_unmap(struct kprobe *p, struct pt_regs *regs)
{
	const dma_addr_t addr = regs_get_kernel_argument(regs, 1);

	if ((void *)regs_get_kernel_argument(regs, 0) == &pdev->dev &&
	    regs_get_kernel_argument(regs, 2) == IDENTIFY_SIZE &&
	    regs_get_kernel_argument(regs, 3) == DMA_FROM_DEVICE && ++pages == page)
		memcpy(phys_to_virt(addr) + offset, &value, size);
	return 0;
}

/* Nonzero for what is not the device's: it returns as always. */
static int before_iomap(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if ((void *)regs_get_kernel_argument(regs, 0) != pdev)
		return 1;
	pages = 0;
	return 0;
}

static int after_iomap(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	u64 *r = registers;

	if (!registers)
		return 0;
	memset(r, 0, pci_resource_len(pdev, 0));
	r[0] = cap;
	r[1] = 0x10400;			/* VS: 1.4.0 */
	((u32 *)r)[7] = csts;
	mapped = regs_return_value(regs);
	regs_set_return_value(regs, (unsigned long)registers);
	return 0;
}

static int before_iounmap(struct kprobe *p, struct pt_regs *regs)
{
	if (registers && (void *)regs_get_kernel_argument(regs, 1) == registers)
		regs->si = mapped;
	return 0;
}

static struct kprobe unmapping = {
	.symbol_name = "dma_unmap_page_attrs",
	.pre_handler = before_unmap,
};

static struct kprobe iounmapping = {
	.symbol_name = "pci_iounmap",
	.pre_handler = before_iounmap,
};

static struct kprobe *probes[] = { &unmapping, &iounmapping };

static struct kretprobe iomapping = {
	.kp.symbol_name = "pci_iomap",
	.entry_handler = before_iomap,
	.handler = after_iomap,
};

static void give_back(void)
{
	pdev->resource[0].end = true_end;
	pci_dev_put(pdev);
	kfree(registers);
}

static int __init fault_inject_init(void)
{
	unsigned int domain, bus, slot, function;
	int err;

	if (sscanf(device, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4 ||
	    size > sizeof(value) || offset > IDENTIFY_SIZE - sizeof(value))
		return -EINVAL;
	pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, function));
	if (!pdev)
		return -ENODEV;
	true_end = pci_resource_end(pdev, 0);
	if (bar)
		pdev->resource[0].end = pci_resource_start(pdev, 0) + bar - 1;
	if (cap) {
		registers = kzalloc(pci_resource_len(pdev, 0), GFP_KERNEL);
		if (!registers) {
			err = -ENOMEM;
			goto out;
		}
	}
	err = register_kprobes(probes, ARRAY_SIZE(probes));
	if (err)
		goto out;
	err = register_kretprobe(&iomapping);
	if (!err)
		return 0;
	unregister_kprobes(probes, ARRAY_SIZE(probes));
out:
	give_back();
	return err;
}

/* No driver is bound to the device. */
static void __exit fault_inject_exit(void)
{
	unregister_kretprobe(&iomapping);
	unregister_kprobes(probes, ARRAY_SIZE(probes));
	give_back();
}

module_init(fault_inject_init);
module_exit(fault_inject_exit);

MODULE_DESCRIPTION("Fault injection for NVM Express controllers, to test drivers");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
