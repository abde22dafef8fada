/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What bench/run generates for the harness: the variants that were built. */
#ifndef HOLDFAST_BENCH_HARNESS_H
#define HOLDFAST_BENCH_HARNESS_H

#include "../bench.h"

/* The kernels as one compiler made them with one level of checks. */
struct bench_set {
	const char *compiler, *variant;
	const struct bench_kernel *table;	/* ends with one that has no name */
};

/* Ends with one that has no compiler. */
extern const struct bench_set bench_sets[];
/* The Rust twins, as .safe of kernels of the same names; ends with one that has no name. */
extern const struct bench_kernel bench_rust[];

#endif
