// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object written by an operation that borrows it shared
// rule: write-to-shared
// expect-gcc: increment of member 'radius' in read-only object
// expect-clang: cannot assign to variable|read-only variable is not assignable|const-qualified
// explained: const-written
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

static int circle_area(const struct shape *s)
{
#ifdef MISUSE
	return ++hf_self(circle_shape, s)->radius; /* E */
#else
	return hf_self(circle_shape, s)->radius + 1;
#endif
}

HF_IMPL_OPS(circle_shape, .area = circle_area);
