/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Paths of the driver: name, operations a call. */
BENCH_DRIVER(nvme_queue_1, 256)
BENCH_DRIVER(nvme_queue_32, 16 * 32)
BENCH_DRIVER(nvme_queue_1024, 1023)
BENCH_DRIVER(nvme_prp_list, 64)
BENCH_DRIVER(nvme_identify, 16)
BENCH_DRIVER(nvme_hostile, 512)
BENCH_END(nvme)
