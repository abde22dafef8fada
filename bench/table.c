// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The table of kernels. */
#include "bench.h"

#define BENCH_KERNEL(name_, ops_, hostile_)						\
	{ .name = #name_, .ops = ops_, .hostile = hostile_, .raw = raw_##name_, .safe = hf_##name_ },
#define BENCH_DRIVER(name_, ops_)	{ .name = #name_, .ops = ops_, .safe = hf_##name_ },
#define BENCH_END(name_)
const struct bench_kernel bench_table[] = {
#include "list.h"
	{ .name = NULL },
};
