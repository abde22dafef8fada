// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a base without an object around it
// rule: wrong-kind
// expect: shape_own_new_
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

int begin(void);
int begin(void)
{
#ifdef MISUSE
	hf_let(shape, s, hf_try(hf_new(shape, GFP_KERNEL))); /* E */
#else
	hf_let(circle, c, hf_try(hf_new(circle, GFP_KERNEL)));

	hf_impl_init(circle_shape, hf_mut(c));
	hf_let(shape, s, hf_upcast(circle_shape, hf_move(c)));
#endif
	return hf_ref(s)->id;
}
