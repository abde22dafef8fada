// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object behind an interface taken for one of another kind
// report: BUG: KASAN: slab-out-of-bounds in radius_of
// refused: tests/misuse/dyn_downcast_not_tested.c
#include <linux/container_of.h>
#include <linux/slab.h>

#include "wrong.h"

struct shape {
	const struct shape_ops *ops;
	int id;
};

struct shape_ops {
	void (*drop)(struct shape *s);
};

struct square {
	struct shape base;
	int side;
};

struct circle {
	struct shape base;
	int centre[2];
	int radius;
};

static void square_drop(struct shape *s)
{
	kfree(container_of(s, struct square, base));
}

static const struct shape_ops square_ops = { .drop = square_drop };

/* The bug: it does not look whether the shape is a circle. */
static noinline int radius_of(const struct shape *s)
{
	return container_of(s, struct circle, base)->radius;
}

static int wrong(void)
{
	struct square *q = kzalloc(sizeof(*q), GFP_KERNEL);
	int err;

	if (!q)
		return -ENOMEM;
	q->base.ops = &square_ops;
	err = min(radius_of(&q->base), 0);
	q->base.ops->drop(&q->base);
	return err;
}
