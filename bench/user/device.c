// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "../device.h"

int bench_device_new(struct hf_device *dev)
{
	dev->iommu = hf_user_iommu_new();
	return dev->iommu ? 0 : -ENOMEM;
}

void bench_device_free(struct hf_device *dev)
{
	hf_user_iommu_free(dev->iommu);
	dev->iommu = NULL;
}

/* Has no threads, which would count and take time: zeroed, it is empty and takes items. */
const struct hf_workqueue *bench_workqueue(void)
{
	static struct hf_workqueue threadless;

	return &threadless;
}
