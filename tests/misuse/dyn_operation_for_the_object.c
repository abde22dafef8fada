// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an operation that takes the object, not the base that is in it
// rule: function-type
// expect: incompatible (function )?pointer type
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

#ifdef MISUSE
static int circle_area(const struct circle *c)
{
	return c->radius;
}
#else
static int circle_area(const struct shape *s)
{
	return hf_self(circle_shape, s)->radius;
}
#endif

HF_IMPL_OPS(circle_shape, .area = circle_area); /* E */
