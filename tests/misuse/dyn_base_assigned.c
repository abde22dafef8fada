// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the base of an object overwritten by that of another one
// rule: wrong-kind
// expect-gcc: assignment of read-only 
// expect-clang: cannot assign to lvalue with const-qualified data member 'ops'
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

void copy(struct shape *to, const struct shape *from);
void copy(struct shape *to, const struct shape *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	to->id = from->id;
#endif
}
