// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the drop function of a table called with a borrow
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1
// expect-clang: to parameter of incompatible type 'struct shape_own'
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

void end(struct shape_own given);
void end(struct shape_own given)
{
	hf_let(shape, s, given);

#ifdef MISUSE
	hf_ref(s)->ops->drop(hf_ref(s)); /* E */
#else
	hf_drop(shape, s);
#endif
}
