// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a circle used after it was moved into the owner of a shape
// rule: use-after-move
// compilers: clang>=22
// expect: calling function 'hf_ref_' requires holding ownership of 'c.own'
// analyzer: use after 'hf_move'
// coccinelle: was moved in line
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

struct circle_own new_circle(void);

int area_of(void);
int area_of(void)
{
	hf_let(circle, c, new_circle());
	hf_let(shape, s, hf_upcast(circle_shape, hf_move(c)));

#ifdef MISUSE
	return hf_ref(c)->radius; /* E */
#else
	return hf_self(circle_shape, hf_ref(s))->radius;
#endif
}
