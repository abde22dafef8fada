// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a kind whose objects are not what its owner owns
// rule: owner-of-other-type
// expect: HF_IMPL_DEFINE: square_own is no owner of a struct circle
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

struct square {
	struct shape base;
	int side;
};

void square_free(struct square *q);
HF_OWN_DEFINE(square, struct square, square_free);
HF_IMPL_DEFINE(square_shape, shape, square_own, struct square, base);

struct circle {
	int radius;
	struct shape base;
};

void circle_free(struct circle *c);
HF_OWN_DEFINE(circle, struct circle, circle_free);

#ifdef MISUSE
HF_IMPL_DEFINE(circle_shape, shape, square_own, struct circle, base); /* E */
#else
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);
#endif
