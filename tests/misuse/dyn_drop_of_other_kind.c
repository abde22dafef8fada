// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the drop function of another kind in the table
// rule: wrong-kind
// expect: initialized field overwritten|initializer overrides prior initialization
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

struct square {
	struct shape base;
	int side;
};

void square_free(struct square *q);
HF_OWN_DEFINE(square, struct square, square_free);
HF_IMPL_DEFINE(square_shape, shape, square_own, struct square, base);

int circle_area(const struct shape *s);
void square_drop(struct shape_own s);

#ifdef MISUSE
HF_IMPL_OPS(circle_shape, .drop = square_drop, .area = circle_area); /* E */
#else
HF_IMPL_OPS(circle_shape, .area = circle_area);
#endif
