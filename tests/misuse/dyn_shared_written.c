// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of what may be shared
// rule: write-to-shared
// expect: hf_mut: .*s.* is a shared owner, which gives no exclusive borrow
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

HF_DYN_DEFINE(shape, const struct shape);

int use(struct shape_own given);
int use(struct shape_own given)
{
	hf_let(shape, s, given);

#ifdef MISUSE
	return ++hf_mut(s)->id; /* E */
#else
	return hf_ref(s)->id + 1;
#endif
}
