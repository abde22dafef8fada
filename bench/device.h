/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the paths of a driver run on: user/device.c, or kernel/device.c. */
#ifndef HOLDFAST_BENCH_DEVICE_H
#define HOLDFAST_BENCH_DEVICE_H

#include "bench.h"

/* A device that memory can be shared with; 0 or an errno. */
HF_MUST_USE int bench_device_new(struct hf_device *dev);
void bench_device_free(struct hf_device *dev);

#endif
