/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The tables of variants, which bench/run generates for the harness. */
#ifndef HOLDFAST_BENCH_HARNESS_H
#define HOLDFAST_BENCH_HARNESS_H

#include "../bench.h"

/* The kernels, built by one compiler at one level of checks. */
struct bench_set {
	const char *compiler, *variant;
	const struct bench_kernel *table;	/* the last entry has no name */
};

/* The last entry has no compiler. */
extern const struct bench_set bench_sets[];
/* The Rust twins are .safe of kernels of the same names.  The last entry has no name. */
extern const struct bench_kernel bench_rust[];

#endif
