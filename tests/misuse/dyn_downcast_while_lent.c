// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner converted while its object is lent
// rule: loan-conflict
// compilers: clang>=22
// expect: cannot call function 'hf_mut_' while loan of 's.own.loan' is held
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
	hf_borrow(lent, s);

#ifdef MISUSE
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, s))); /* E */
	return lent->id + hf_ref(c)->radius;
#else
	return lent->id + hf_self(circle_shape, lent)->radius;
#endif
}
