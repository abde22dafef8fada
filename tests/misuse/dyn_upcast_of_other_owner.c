// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner of a square converted as that of a circle
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1 of .circle_shape_upcast_
// expect-clang: to parameter of incompatible type .struct circle_own
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

struct shape_own to_shape(struct circle_own c, struct square_own q);
struct shape_own to_shape(struct circle_own c, struct square_own q)
{
#ifdef MISUSE
	(void)c;
	return hf_upcast(circle_shape, q); /* E */
#else
	(void)q;
	return hf_upcast(circle_shape, c);
#endif
}
