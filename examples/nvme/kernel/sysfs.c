// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Attributes of a controller in sysfs, named as those of nvme.ko. */
#include <linux/pci.h>
#include <linux/sysfs.h>

#include "hf_nvme.h"

/* The attributes exist while the driver is bound. */
static const struct nvme_ctrl *ctrl_of(struct device *d)
{
	const struct hf_nvme *dev = hf_ref(hf_foreign_ref(hf_nvme_of, to_pci_dev(d))->dev);

	return hf_ref(dev->ctrl);
}

static ssize_t model_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvme_ctrl_info(ctrl_of(d))->model);
}
static DEVICE_ATTR_RO(model);

static ssize_t serial_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvme_ctrl_info(ctrl_of(d))->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t firmware_rev_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvme_ctrl_info(ctrl_of(d))->firmware);
}
static DEVICE_ATTR_RO(firmware_rev);

/* Those that the controller grants now, including the admin queue. */
static ssize_t queue_count_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvme_ctrl_queues(ctrl_of(d)) + 1);
}
static DEVICE_ATTR_RO(queue_count);

/* 0's based, as in the specification. */
static ssize_t sqsize_show(struct device *d, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvme_ctrl_info(ctrl_of(d))->entries - 1);
}
static DEVICE_ATTR_RO(sqsize);

static ssize_t state_show(struct device *d, struct device_attribute *attr, char *buf)
{
	const int err = nvme_ctrl_state(ctrl_of(d));

	return sysfs_emit(buf, "%s\n", !err ? "live" : err == -EAGAIN ? "resetting" : "dead");
}
static DEVICE_ATTR_RO(state);

static ssize_t reset_controller_store(struct device *d, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	return nvme_reset(ctrl_of(d)) ?: count;
}
static DEVICE_ATTR_WO(reset_controller);

static struct attribute *attributes[] = {
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_queue_count.attr,
	&dev_attr_sqsize.attr,
	&dev_attr_state.attr,
	&dev_attr_reset_controller.attr,
	NULL,
};

static const struct attribute_group group = {
	.attrs = attributes,
};

const struct attribute_group *hf_nvme_groups[] = {
	&group,
	NULL,
};
