// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a base whose table can be replaced
// rule: wrong-kind
// expect: HF_DYN_DEFINE: member .*ops.* of struct shape is no const pointer to a const table
#include <holdfast/dyn.h>

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
};

struct shape {
#ifdef MISUSE
	const struct shape_ops *ops;
#else
	const struct shape_ops *const ops;
#endif
};

HF_DYN_DEFINE(shape, struct shape); /* E */
