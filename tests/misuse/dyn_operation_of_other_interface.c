// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an operation for another interface in the table of a kind
// rule: function-type
// expect: incompatible (function )?pointer type
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

int line_length(const struct line *l);
int circle_area(const struct shape *s);

#ifdef MISUSE
HF_IMPL_OPS(circle_shape, .area = line_length); /* E */
#else
HF_IMPL_OPS(circle_shape, .area = circle_area);
#endif
