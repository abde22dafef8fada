// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a kind of an interface whose structure is not in the object
// rule: wrong-kind
// expect: HF_IMPL_DEFINE: member .*base.* of struct circle is not the structure of line
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

struct line;
struct line_own;

struct line_ops {
	void (*drop)(struct line_own l);
	int (*length)(const struct line *l);
};

struct line {
	const struct line_ops *const ops;
};

HF_DYN_DEFINE(line, struct line);

struct circle {
	int radius;
	struct shape base;
};

void circle_free(struct circle *c);
HF_OWN_DEFINE(circle, struct circle, circle_free);

#ifdef MISUSE
HF_IMPL_DEFINE(circle_line, line, circle_own, struct circle, base); /* E */
#else
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);
#endif
