// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the table of an object replaced by that of another kind
// rule: wrong-kind
// expect-gcc: assignment of read-only member 'ops'
// expect-clang: cannot assign to non-static data member 'ops' with const-qualified type
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

void make_square(struct square *q);
void make_square(struct square *q)
{
#ifdef MISUSE
	q->base.ops = &circle_shape_ops; /* E */
#else
	hf_impl_init(square_shape, q);
#endif
}
