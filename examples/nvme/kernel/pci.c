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
#include <linux/interrupt.h>
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
/* WQ_MEM_RECLAIM: the tick completes I/O that hangs, which memory reclaim may wait for. */
static struct workqueue_struct *workqueue;

static void hf_nvme_free(struct hf_nvme *dev);
HF_OWN_DEFINE(hf_nvme, struct hf_nvme, hf_nvme_free);
HF_SLICE_DEFINE(hf_nvme_vector, struct hf_nvme_vector);

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
	struct hf_nvme *dev = host;

	pci_clear_master(dev->pdev);
}

static void host_log(void *host, enum nvme_log_level level, const char *text, u64 value)
{
	struct hf_nvme *dev = host;

	if (level == NVME_LOG_LEVEL_ERROR)
		dev_err(&dev->pdev->dev, "%s: %llu\n", text, value);
	else if (level == NVME_LOG_LEVEL_WARN)
		dev_warn(&dev->pdev->dev, "%s: %llu\n", text, value);
	else
		dev_info(&dev->pdev->dev, "%s: %llu\n", text, value);
}

static const struct nvme_host_ops host_ops = {
	.now_ms = host_now_ms,
	.sleep_ms = host_sleep_ms,
	.disable_dma = host_disable_dma,
	.log = host_log,
};

/* ---- The clock ---- */

static void schedule_tick(struct hf_nvme *dev)
{
	queue_delayed_work(workqueue, &dev->tick, msecs_to_jiffies(dev->timeout_ms / 10));
}

static void tick(struct work_struct *work)
{
	struct hf_nvme *dev = container_of(to_delayed_work(work), struct hf_nvme, tick);
	int err = nvme_tick(hf_ref(dev->ctrl));

	if (!err) {
		schedule_tick(dev);
		return;
	}
	dev_err(&dev->pdev->dev, "failed or removed: %s; all I/O fails from now on\n", hf_errname(err));
	hf_nvme_kill_disks(dev);
}

/* ---- Probe ---- */

static struct hf_nvme_own_result hf_nvme_new(struct pci_dev *pdev)
{
	hf_let(hf_nvme, dev, hf_try_in(hf_nvme_own, hf_new(hf_nvme, GFP_KERNEL)));
	int id;

	hf_mut(dev)->pdev = pdev;
	hf_mut(dev)->dma.dev = &pdev->dev;
	hf_mut(dev)->timeout_ms = io_timeout * MSEC_PER_SEC;
	INIT_DELAYED_WORK(&hf_mut(dev)->tick, tick);
	id = ida_alloc(&ids, GFP_KERNEL);
	if (id < 0)
		return hf_err(hf_nvme_own, id);
	hf_mut(dev)->id = id;
	hf_mut(dev)->has_id = true;
	return hf_ok(hf_nvme_own, hf_move(dev));
}

static int map(struct hf_nvme *dev)
{
	struct device *d = &dev->pdev->dev;
	int err = pci_enable_device_mem(dev->pdev);

	if (err)
		return dev_err_probe(d, err, "the PCI device cannot be enabled\n");
	dev->enabled = true;
	if (!(pci_resource_flags(dev->pdev, 0) & IORESOURCE_MEM))
		return dev_err_probe(d, -ENODEV, "BAR 0 is not memory\n");
	err = pci_request_region(dev->pdev, 0, KBUILD_MODNAME);
	if (err)
		return dev_err_probe(d, err, "BAR 0 is in use\n");
	dev->claimed = true;
	dev->bar = pci_iomap(dev->pdev, 0, 0);
	if (!dev->bar)
		return dev_err_probe(d, -ENOMEM, "BAR 0 cannot be mapped\n");

	err = dma_set_mask_and_coherent(d, DMA_BIT_MASK(64));
	if (err)
		return dev_err_probe(d, err, "no DMA with addresses of 64 bits\n");
	dma_set_max_seg_size(d, UINT_MAX);
	pci_set_master(dev->pdev);
	return 0;
}

static unsigned int wanted_queues(void)
{
	return min(queues ? queues : num_online_cpus(), NVME_MAX_QUEUES);
}

/* A vector for the admin queue and one for each I/O queue, with affinity; or one for all. */
static int alloc_vectors(struct hf_nvme *dev)
{
	struct irq_affinity affinity = { .pre_vectors = 1 };
	int n = pci_alloc_irq_vectors_affinity(dev->pdev, 2, wanted_queues() + 1,
					       PCI_IRQ_MSIX | PCI_IRQ_AFFINITY, &affinity);

	if (n < 0)
		n = pci_alloc_irq_vectors(dev->pdev, 1, 1, PCI_IRQ_MSIX);
	if (n < 0)
		return dev_err_probe(&dev->pdev->dev, n, "no MSI-X interrupts\n");
	dev->vectors = n;
	return 0;
}

static int start(struct hf_nvme *dev)
{
	const unsigned int interrupting = dev->vectors > 1 ? dev->vectors - 1 : 1;
	const struct nvme_config config = {
		.io = hf_kernel_io(dev->bar, pci_resource_len(dev->pdev, 0)),
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
	struct nvme_ctrl_own_result started = nvme_ctrl_start(&config);
	const struct nvme_info *info;

	if (!hf_is_ok(started))
		return dev_err_probe(&dev->pdev->dev, hf_errno(started),
				     "the controller cannot be used\n");
	hf_set(dev->ctrl, hf_try(started));
	info = nvme_ctrl_info(hf_ref(dev->ctrl));
	dev->interrupting = info->queues - info->poll_queues;
	return 0;
}

static int request_interrupts(struct hf_nvme *dev)
{
	hf_for_each(v, hf_try(hf_array_subslice(hf_nvme_vector_slice, dev->vector, 0, dev->vectors))) {
		int err;

		v->dev = dev;
		v->index = v - dev->vector;
		err = pci_request_irq(dev->pdev, v->index, hf_nvme_interrupt, NULL, v, "hfnvme%dq%u",
				      dev->id, v->index);
		if (err)
			return dev_err_probe(&dev->pdev->dev, err, "no interrupt %u\n", v->index);
		v->requested = true;
	}
	return 0;
}

static int add_disks(struct hf_nvme *dev)
{
	int err;

	/* Before the disks are added: partitions are read at once, which may need the tick. */
	schedule_tick(dev);
	err = hf_nvme_add_disks(dev);
	if (err)
		return dev_err_probe(&dev->pdev->dev, err, "the disks cannot be added\n");
	return 0;
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct nvme_info *info;

	if (pdev->class != PCI_CLASS_STORAGE_EXPRESS)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "not an NVM Express controller: its class is %06x\n",
				     pdev->class);
	hf_let(hf_nvme, dev, hf_try(hf_nvme_new(pdev)));
	hf_try_errno(map(hf_mut(dev)));
	hf_try_errno(alloc_vectors(hf_mut(dev)));
	hf_try_errno(start(hf_mut(dev)));
	hf_try_errno(request_interrupts(hf_mut(dev)));
	hf_try_errno(add_disks(hf_mut(dev)));

	info = nvme_ctrl_info(hf_ref(hf_ref(dev)->ctrl));
	pci_info(pdev, "hfnvme%d: %s, serial %s, %u namespaces, %u queues (%u polled) of %u\n",
		 hf_ref(dev)->id, info->model, info->serial, info->namespace_count, info->queues,
		 info->poll_queues, info->entries);
	/* SAFETY: remove() adopts it again. */
	pci_set_drvdata(pdev, hf_leak(dev));
	return 0;
}

/* ---- Remove ---- */

static void stop(struct hf_nvme *dev)
{
	const struct nvme_ctrl *ctrl = hf_ref(dev->ctrl);

	/* If the device was removed already, fail all I/O at once. */
	if (nvme_tick(ctrl))
		hf_nvme_kill_disks(dev);
	hf_nvme_del_disks(dev);
	/* Not earlier: deleting the disks may wait for commands that only the tick ends. */
	cancel_delayed_work_sync(&dev->tick);
	hf_nvme_free_disks(dev);
	if (nvme_shutdown(ctrl))
		pci_warn(dev->pdev, "the controller did not shut down normally\n");
	hf_for_each(v, hf_slice(hf_nvme_vector_slice, dev->vector))
		if (v->requested)
			pci_free_irq(dev->pdev, v->index, v);
	nvme_ctrl_own_drop(&dev->ctrl);
}

static void hf_nvme_free(struct hf_nvme *dev)
{
	if (!hf_is_empty(dev->ctrl))
		stop(dev);
	if (dev->vectors)
		pci_free_irq_vectors(dev->pdev);
	if (dev->bar)
		pci_iounmap(dev->pdev, dev->bar);
	if (dev->claimed)
		pci_release_region(dev->pdev, 0);
	if (dev->enabled) {
		pci_clear_master(dev->pdev);
		pci_disable_device(dev->pdev);
	}
	if (dev->has_id)
		ida_free(&ids, dev->id);
	hf_free(dev);
}

static void remove(struct pci_dev *pdev)
{
	/* SAFETY: probe() leaked the owner for this. */
	hf_let(hf_nvme, dev, hf_adopt_unchecked(hf_nvme, pci_get_drvdata(pdev)));
}

/* System shutdown or reboot: flush the cache of the device. */
static void shutdown(struct pci_dev *pdev)
{
	struct hf_nvme *dev = pci_get_drvdata(pdev);

	cancel_delayed_work_sync(&dev->tick);
	if (nvme_shutdown(hf_ref(dev->ctrl)))
		pci_warn(pdev, "the controller did not shut down normally\n");
}

/* ---- The module ---- */

static struct pci_driver driver = {
	.name = KBUILD_MODNAME,
	.probe = probe,
	.remove = remove,
	.shutdown = shutdown,
	.dev_groups = hf_nvme_groups,
};

static int __init hf_nvme_init(void)
{
	int err;

	workqueue = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!workqueue)
		return -ENOMEM;
	err = pci_register_driver(&driver);
	if (err)
		destroy_workqueue(workqueue);
	return err;
}

static void __exit hf_nvme_exit(void)
{
	pci_unregister_driver(&driver);
	destroy_workqueue(workqueue);
	ida_destroy(&ids);
}

module_init(hf_nvme_init);
module_exit(hf_nvme_exit);

MODULE_DESCRIPTION("NVM Express controllers, by the Holdfast example driver");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(HF_VERSION_STRING);
