// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a table whose drop function takes a borrow
// rule: wrong-kind
// expect: HF_DYN_DEFINE: .*drop.* in the table of struct shape is no void
#include <holdfast/dyn.h>

struct shape;
struct shape_own;

struct shape_ops {
#ifdef MISUSE
	void (*drop)(struct shape *s);
#else
	void (*drop)(struct shape_own s);
#endif
};

struct shape {
	const struct shape_ops *const ops;
};

HF_DYN_DEFINE(shape, struct shape); /* E */
