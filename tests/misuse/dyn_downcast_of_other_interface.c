// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner of one interface taken for that of another
// rule: owner-of-other-type
// expect: hf_downcast: .*l.* is no owner of the interface of circle_shape
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

int radius_of(struct shape_own given_s, struct line_own given_l);
int radius_of(struct shape_own given_s, struct line_own given_l)
{
	hf_let(shape, s, given_s);
	hf_let(line, l, given_l);
#ifdef MISUSE
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, l))); /* E */
#else
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, s)));
#endif
	return hf_ref(c)->radius;
}
