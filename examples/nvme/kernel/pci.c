// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * hf_nvme: a PCI driver for NVM Express controllers.
 *
 * Its table of device IDs is empty, so that it takes no device from another driver.  The
 * administrator binds a device to it by address:
 *
 *	echo hf_nvme >/sys/bus/pci/devices/0000:01:00.0/driver_override
 *	echo 0000:01:00.0 >/sys/bus/pci/drivers_probe
 *
 * or by device ID: echo 1b36 0010 >/sys/bus/pci/drivers/hf_nvme/new_id.
 */
#include <linux/delay.h>
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/module.h>

#include <holdfast/version.h>

#include "hf_nvme.h"

/* A module parameter with a range; a value outside is rejected with a message. */
#define PARAM(name, initial, min, max, text)						\
	static unsigned int name = (initial);						\
	static int name##_set(const char *value, const struct kernel_param *param)		\
	{											\
		return param_set_uint_minmax(value, param, min, max);				\
	}											\
	static const struct kernel_param_ops name##_ops = {					\
		.set = name##_set,								\
		.get = param_get_uint,								\
	};											\
	module_param_cb(name, &name##_ops, &name, 0444);					\
	__MODULE_PARM_TYPE(name, "uint");							\
	MODULE_PARM_DESC(name, text)

/* Names and meanings as in nvme.ko, where it has them. */
PARAM(queues, 0, 0, NVME_MAX_QUEUES,
	"I/O queues with interrupts, at most 64; 0: one for each CPU (default)");
PARAM(poll_queues, 0, 0, NVME_MAX_QUEUES,
	"I/O queues for polled I/O, beside the others, at most 64; default 0");
PARAM(io_queue_depth, 128, 2, NVME_MAX_ENTRIES,
	"entries of an I/O queue, 2 to 1024; default 128");
PARAM(io_timeout, 30, 1, 3600,
	"seconds until a command is aborted, and as many until the controller is reset, 1 to 3600; default 30");

static DEFINE_IDA(ids);
/* The tick completes I/O that hangs, which memory reclaim may wait for. */
static struct hf_workqueue_own workqueue;

/* ---- The core's host ---- */

static u64 host_now_ms(void *host)
{
	return ktime_to_ms(ktime_get());
}

static void host_sleep_ms(void *host, unsigned int ms)
{
	fsleep(ms * 1000ul);
}

static void host_disable_dma(void *host)
{
	const struct hf_nvme *dev = host;

	pci_clear_master(dev->pdev);
}

static void host_log(void *host, enum nvme_log_level level, const char *text, u64 value)
{
	struct pci_dev *pdev = ((const struct hf_nvme *)host)->pdev;

	if (level == NVME_LOG_LEVEL_ERROR)
		pci_err(pdev, "%s: %llu\n", text, value);
	else if (level == NVME_LOG_LEVEL_WARN)
		pci_warn(pdev, "%s: %llu\n", text, value);
	else
		pci_info(pdev, "%s: %llu\n", text, value);
}

HF_WORK_DEFINE(hf_nvme_scan, hf_nvme_arc, struct hf_nvme, scan, scan);

/*
 * Not on the queue of the tick, which must not wait for this: the I/O that adding a disk waits for may
 * end by the tick only.
 */
static void host_changed(void *host)
{
	hf_work_queue(hf_nvme_scan, hf_system_workqueue(), hf_arc_from(hf_nvme, (const struct hf_nvme *)host));
}

static void scan(struct hf_nvme_arc given)
{
	hf_let_arc(hf_nvme, dev, given);
	const int err = hf_nvme_scan_disks(hf_ref(dev));

	if (err)
		pci_err(hf_ref(dev)->pdev, "a disk cannot be added or changed: %s\n", hf_errname(err));
}

static const struct nvme_host_ops host_ops = {
	.now_ms = host_now_ms,
	.sleep_ms = host_sleep_ms,
	.disable_dma = host_disable_dma,
	.log = host_log,
	.changed = host_changed,
};

/* ---- The clock ---- */

HF_DELAYED_WORK_DEFINE(hf_nvme_tick, hf_nvme_arc, struct hf_nvme, tick, tick);

static void schedule_tick(const struct hf_nvme *dev)
{
	hf_work_queue_in(hf_nvme_tick, hf_ref((workqueue)), hf_arc_from(hf_nvme, dev),
			 dev->timeout_ms / 10);
}

static void tick(struct hf_nvme_arc given)
{
	hf_let_arc(hf_nvme, dev, given);
	int err = nvme_tick(hf_ref(hf_ref(dev)->ctrl));

	if (!err) {
		schedule_tick(hf_ref(dev));
		return;
	}
	pci_err(hf_ref(dev)->pdev, "failed or removed: %s; all I/O fails from now on\n",
		hf_errname(err));
	hf_nvme_kill_disks(hf_ref(dev));
}

/* These put the reference of the queue; -ENOENT if it had none. */
static int cancel_tick(const struct hf_nvme *dev)
{
	hf_let_arc(hf_nvme, queued, hf_try(hf_work_cancel_wait(hf_nvme_tick, dev)));

	return 0;
}

static int cancel_scan(const struct hf_nvme *dev)
{
	hf_let_arc(hf_nvme, queued, hf_try(hf_work_cancel_wait(hf_nvme_scan, dev)));

	return 0;
}

/* ---- Probe ---- */

static void put_id(void *id)
{
	ida_free(&ids, (unsigned long)id);
}

static void disable(void *pdev)
{
	pci_clear_master(pdev);
	pci_disable_device(pdev);
}

static void free_vectors(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

static int map(struct hf_nvme *dev, struct hf_io *io)
{
	struct device *d = dev->dma.dev;
	void __iomem *bar;
	int err = pci_enable_device_mem(dev->pdev);

	if (err)
		return dev_err_probe(d, err, "the PCI device cannot be enabled\n");
	hf_try_errno(devm_add_action_or_reset(d, disable, dev->pdev));
	if (!(pci_resource_flags(dev->pdev, 0) & IORESOURCE_MEM))
		return dev_err_probe(d, -ENODEV, "BAR 0 is not memory\n");
	if (!devm_request_mem_region(d, pci_resource_start(dev->pdev, 0),
				     pci_resource_len(dev->pdev, 0), KBUILD_MODNAME))
		return dev_err_probe(d, -EBUSY, "BAR 0 is in use\n");
	bar = pcim_iomap(dev->pdev, 0, 0);
	if (!bar)
		return dev_err_probe(d, -ENOMEM, "BAR 0 cannot be mapped\n");
	*io = hf_kernel_io(bar, pci_resource_len(dev->pdev, 0));

	err = dma_set_mask_and_coherent(d, DMA_BIT_MASK(64));
	if (err)
		return dev_err_probe(d, err, "no DMA with addresses of 64 bits\n");
	dma_set_max_seg_size(d, UINT_MAX);
	/* PRPs need the offsets in pages, also of a copy in a bounce buffer. */
	dma_set_min_align_mask(d, NVME_PAGE_SIZE - 1);
	pci_set_master(dev->pdev);
	return 0;
}

static unsigned int wanted_queues(void)
{
	return min(queues ? queues : num_online_cpus(), NVME_MAX_QUEUES);
}

/* A vector for the admin queue and one for each I/O queue, with affinity; or one for all, of any kind. */
static int alloc_vectors(struct hf_nvme *dev)
{
	struct irq_affinity affinity = { .pre_vectors = 1 };
	int n = pci_alloc_irq_vectors_affinity(dev->pdev, 2, wanted_queues() + 1,
					       PCI_IRQ_MSIX | PCI_IRQ_MSI | PCI_IRQ_AFFINITY, &affinity);

	if (n < 0)
		n = pci_alloc_irq_vectors(dev->pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (n < 0)
		return dev_err_probe(dev->dma.dev, n, "no interrupts\n");
	dev->vectors = n;
	return devm_add_action_or_reset(dev->dma.dev, free_vectors, dev->pdev);
}

static int start(struct hf_nvme *dev, struct hf_io io)
{
	const unsigned int interrupting = dev->vectors > 1 ? dev->vectors - 1 : 1;
	const struct nvme_config config = {
		.io = io,
		.dev = &dev->dma,
		.ops = &host_ops,
		.host = dev,
		.queues = min(interrupting + poll_queues, NVME_MAX_QUEUES),
		.poll_queues = poll_queues,
		.entries = io_queue_depth,
		.max_transfer = HF_NVME_MAX_TRANSFER,
		.vectors = dev->vectors,
		.timeout_ms = dev->timeout_ms,
		.abort_ms = dev->timeout_ms,
	};
	const struct nvme_info *info;
	int err = hf_set_ok(dev->ctrl, nvme_ctrl_start(&config));

	if (err)
		return dev_err_probe(dev->dma.dev, err, "the controller cannot be used\n");
	info = nvme_ctrl_info(hf_ref(dev->ctrl));
	dev->interrupting = info->queues - info->poll_queues;
	return 0;
}

void hf_nvme_destroy(struct hf_nvme *dev)
{
	nvme_ctrl_own_drop(&dev->ctrl);
	hf_nvme_fini_disks(dev);
}

void hf_nvme_release(struct hf_nvme *dev)
{
	/* SAFETY: hf_nvme_destroy() has dropped the disks, in hf_nvme_fini_disks(). */
	hf_free(dev);
}

static int init(struct hf_nvme *dev, struct pci_dev *pdev)
{
	struct hf_io io;
	int err;

	dev->pdev = pdev;
	dev->dma.dev = &pdev->dev;
	dev->timeout_ms = io_timeout * MSEC_PER_SEC;
	hf_work_init(hf_nvme_tick, dev);
	hf_work_init(hf_nvme_scan, dev);
	dev->id = ida_alloc(&ids, GFP_KERNEL);
	if (dev->id < 0)
		return dev->id;
	hf_try_errno(devm_add_action_or_reset(&pdev->dev, put_id, (void *)(unsigned long)dev->id));
	hf_try_errno(map(dev, &io));
	hf_try_errno(alloc_vectors(dev));
	hf_try_errno(start(dev, io));
	err = hf_nvme_init_disks(dev);
	if (err) {
		hf_nvme_destroy(dev);
		return dev_err_probe(&pdev->dev, err, "the disks cannot be added\n");
	}
	return 0;
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct nvme_info *info;
	const struct hf_nvme *dev;
	int err;

	if (pdev->class != PCI_CLASS_STORAGE_EXPRESS)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "not an NVM Express controller: its class is %06x\n",
				     pdev->class);
	hf_let_arc(hf_nvme, made, hf_try(hf_new_arc_with(hf_nvme, GFP_KERNEL, init, pdev)));
	hf_let(hf_nvme_binding, b, hf_try(hf_new(hf_nvme_binding, GFP_KERNEL)));
	hf_set(hf_mut(b)->dev, hf_move(made));
	dev = hf_ref(hf_ref(b)->dev);
	hf_try_errno(hf_set_ok(hf_mut(b)->interrupts, hf_nvme_request_interrupts(dev)));
	/* Before the disks are added: partitions are read at once, which may need the tick. */
	schedule_tick(dev);
	hf_try_errno(hf_set_ok(hf_mut(b)->gate, hf_nvme_gate_new(dev)));
	hf_nvme_set_gate(dev, hf_ref(hf_ref(b)->gate));
	err = hf_nvme_scan_disks(dev);
	if (err)
		return dev_err_probe(&pdev->dev, err, "the disks cannot be added\n");
	err = hf_set_ok(hf_mut(b)->node, hf_nvme_add_node(dev, hf_ref(hf_ref(b)->gate)));
	if (err)
		return dev_err_probe(&pdev->dev, err, "no node /dev/hfnvme%d\n", dev->id);

	info = nvme_ctrl_info(hf_ref(dev->ctrl));
	pci_info(pdev, "hfnvme%d: %s, serial %s, %zu namespaces, %u queues (%u polled) of %u\n",
		 dev->id, info->model, info->serial, hf_len(nvme_ctrl_namespaces(hf_ref(dev->ctrl))),
		 info->queues, info->poll_queues, info->entries);
	hf_foreign_store(hf_nvme_of, pdev, hf_move(b));
	return 0;
}

/* ---- Remove ---- */

void hf_nvme_unbind(struct hf_nvme_binding *b)
{
	const struct hf_nvme *dev = hf_ref(b->dev);
	const struct nvme_ctrl *ctrl = hf_ref(dev->ctrl);

	/* If the device was removed already, fail all I/O at once. */
	if (nvme_tick(ctrl))
		hf_nvme_kill_disks(dev);
	hf_nvme_node_own_drop(&b->node);
	/* Waits for ioctls, which end by the tick at the latest. */
	if (!hf_is_empty(b->gate))
		hf_nvme_bound_revoke(&hf_ref(b->gate)->bound);
	hf_nvme_del_disks(dev);
	/* Not earlier: deleting the disks may wait for commands that only the tick ends. */
	cancel_tick(dev);
	cancel_scan(dev);
	if (nvme_shutdown(ctrl))
		pci_warn(dev->pdev, "the controller did not shut down normally\n");
	hf_nvme_interrupts_own_drop(&b->interrupts);
	hf_nvme_gate_arc_drop(&b->gate);
	hf_nvme_arc_drop(&b->dev);
	hf_free(b);
}

static void remove(struct pci_dev *pdev)
{
	hf_let(hf_nvme_binding, b, hf_expect(hf_foreign_take(hf_nvme_of, pdev),
					     "probe() stored it"));
}

/* System shutdown or reboot: flush the cache of the device. */
static void shutdown(struct pci_dev *pdev)
{
	const struct hf_nvme *dev = hf_ref(hf_foreign_ref(hf_nvme_of, pdev)->dev);

	/* First, as it may wait for I/O that only the tick ends. */
	cancel_scan(dev);
	cancel_tick(dev);
	if (nvme_shutdown(hf_ref(dev->ctrl)))
		pci_warn(pdev, "the controller did not shut down normally\n");
}

/* ---- Sleep of the machine ---- */

static int suspend(struct device *d)
{
	const struct hf_nvme *dev = hf_ref(hf_foreign_ref(hf_nvme_of, to_pci_dev(d))->dev);
	int err;

	cancel_tick(dev);
	err = nvme_suspend(hf_ref(dev->ctrl));
	if (err)
		schedule_tick(dev);
	return err;
}

static int resume(struct device *d)
{
	const struct hf_nvme *dev = hf_ref(hf_foreign_ref(hf_nvme_of, to_pci_dev(d))->dev);
	const int err = nvme_resume(hf_ref(dev->ctrl));

	if (err)
		pci_err(dev->pdev, "failed when the machine woke: %s\n", hf_errname(err));
	/* It kills the disks of a controller that has failed. */
	schedule_tick(dev);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(power, suspend, resume);

/* ---- The module ---- */

static struct pci_driver driver = {
	.name = KBUILD_MODNAME,
	.probe = probe,
	.remove = remove,
	.shutdown = shutdown,
	.dev_groups = hf_nvme_groups,
	.driver.pm = pm_sleep_ptr(&power),
};

static int __init hf_nvme_init(void)
{
	int err;

	hf_try_errno(hf_set_ok((workqueue),
			       hf_workqueue_new_reclaim(KBUILD_MODNAME, 0, GFP_KERNEL)));
	err = pci_register_driver(&driver);
	if (err)
		hf_workqueue_own_drop(&workqueue);
	return err;
}

static void __exit hf_nvme_exit(void)
{
	pci_unregister_driver(&driver);
	hf_workqueue_own_drop(&workqueue);
	ida_destroy(&ids);
}

module_init(hf_nvme_init);
module_exit(hf_nvme_exit);

MODULE_DESCRIPTION("NVM Express controllers, by the Holdfast example driver");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(HF_VERSION_STRING);
