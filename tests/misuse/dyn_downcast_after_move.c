// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner converted after it was moved
// rule: use-after-move
// compilers: clang>=22
// expect: calling function 'hf_mut_' requires holding ownership of 's.own'
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

void draw(struct shape_own s);

int radius_of(struct shape_own given);
int radius_of(struct shape_own given)
{
	hf_let(shape, s, given);

#ifdef MISUSE
	draw(hf_move(s));
#endif
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, s))); /* E */
	return hf_ref(c)->radius;
}
