// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The harness in the kernel.  Under QEMU's -icount each instruction advances the guest's time by one
 * nanosecond, so reading the clock counts instructions.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "../bench.h"

#define RUNS	15

static s64 nothing(const struct bench_in *in)
{
	(void)in;
	return 0;
}

/* The minimum of several runs, in which no interrupt came. */
static u64 count(bench_fn *fn, const struct bench_in *in, s64 *result)
{
	bench_fn *volatile call = fn;
	u64 least = ~0ULL;

	for (unsigned int i = 0; i < RUNS; i++) {
		const u64 start = ktime_get_ns();
		u64 ns;

		*result = call(in);
		ns = ktime_get_ns() - start;
		if (ns < least)
			least = ns;
	}
	return least;
}

static u64 count_on_new_inputs(bench_fn *fn, struct bench_memory *m, s64 *result)
{
	struct bench_in in;

	bench_inputs(&in, m, 1);
	in.window = hf_kernel_io((void __iomem *)m->window, sizeof(m->window));
	return count(fn, &in, result);
}

static int __init holdfast_bench_init(void)
{
	struct bench_memory *m = kvzalloc(sizeof(*m), GFP_KERNEL);
	s64 raw_result, safe_result;
	int err = 0;
	u64 empty;

	if (!m)
		return -ENOMEM;
	empty = count_on_new_inputs(nothing, m, &raw_result);
	for (const struct bench_kernel *k = bench_table; k->name; k++) {
		const u64 safe = count_on_new_inputs(k->safe, m, &safe_result) - empty;
		u64 raw = 0;

		if (safe_result < 0) {
			pr_err("%s gives an error: %lld\n", k->name, safe_result);
			err = -EINVAL;
		}
		/* A driver path has no raw side: bench/guest compares levels of checks. */
		if (k->raw) {
			raw = count_on_new_inputs(k->raw, m, &raw_result) - empty;
			if (raw_result != safe_result) {
				pr_err("%s: raw gives %lld, with Holdfast it is %lld\n", k->name,
				       raw_result, safe_result);
				err = -EINVAL;
			}
		}
		pr_info("counted %s %u %llu %llu, result %lld\n", k->name, k->ops, raw, safe,
			safe_result);
	}
#define BENCH_KERNEL(name, ops, hostile)
#define BENCH_DRIVER(name, ops)
#define BENCH_END(name)	bench_##name##_end();
#include "../list.h"
	kvfree(m);
	return err;
}

static void __exit holdfast_bench_exit(void)
{
}

module_init(holdfast_bench_init);
module_exit(holdfast_bench_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("What Holdfast's checks cost in the kernel");
