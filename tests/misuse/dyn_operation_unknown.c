// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an operation that the interface does not have
// rule: wrong-kind
// expect-gcc: has no member named 'length'
// expect-clang: field designator 'length' does not refer to any field
#include <holdfast/dyn.h>

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	int (*area)(const struct shape *s);
};

struct shape {
	const struct shape_ops *const ops;
	int id;
};

HF_DYN_DEFINE(shape, struct shape);

struct circle {
	int radius;
	struct shape base;
};

void circle_free(struct circle *c);
HF_OWN_DEFINE(circle, struct circle, circle_free);
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);

int circle_area(const struct shape *s);

#ifdef MISUSE
HF_IMPL_OPS(circle_shape, .length = circle_area); /* E */
#else
HF_IMPL_OPS(circle_shape, .area = circle_area);
#endif
