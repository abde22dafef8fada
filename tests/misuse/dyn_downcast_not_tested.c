// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner converted without a look at the error
// rule: result-misused
// expect-gcc: invalid initializer
// expect-clang: with an expression of incompatible type 'struct circle_own_result'
// explained: owner-of-other-type
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

int radius_of(struct shape_own given);
int radius_of(struct shape_own given)
{
	hf_let(shape, s, given);
#ifdef MISUSE
	hf_let(circle, c, hf_downcast(circle_shape, s)); /* E */
#else
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, s)));
#endif
	return hf_ref(c)->radius;
}
