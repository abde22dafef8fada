/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The device for the driver paths, and a workqueue; in user/device.c and kernel/device.c. */
#ifndef HOLDFAST_BENCH_DEVICE_H
#define HOLDFAST_BENCH_DEVICE_H

#include "bench.h"

/* Makes a device that can share memory.  Returns 0 or an errno. */
HF_MUST_USE int bench_device_new(struct hf_device *dev);
void bench_device_free(struct hf_device *dev);

/* For items that are due long after the program's end. */
const struct hf_workqueue *bench_workqueue(void);

#endif
