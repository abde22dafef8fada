// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Objects of two kinds behind one interface. */
#include "../bench.h"

#define OPS 256
#define OBJECTS 64

/* --- by hand ------------------------------------------------------------------------------------ */

struct raw_shape {
	const struct raw_shape_ops *ops;
};

struct raw_shape_ops {
	void (*drop)(struct raw_shape *s);
	u32 (*area)(const struct raw_shape *s, u32 scale);
};

struct raw_circle {
	u32 radius;
	struct raw_shape base;
};

struct raw_square {
	struct raw_shape base;
	u32 side;
};

#define raw_of(T, s)	((T *)(void *)((char *)(unsigned long)(s) - offsetof(T, base)))

BENCH_CALL static u32 raw_circle_area(const struct raw_shape *s, u32 scale)
{
	const struct raw_circle *c = raw_of(struct raw_circle, s);

	return 3 * c->radius * c->radius * scale;
}

BENCH_CALL static u32 raw_square_area(const struct raw_shape *s, u32 scale)
{
	const struct raw_square *q = raw_of(struct raw_square, s);

	return q->side * q->side * scale;
}

BENCH_CALL static void raw_circle_drop(struct raw_shape *s)
{
	hf_sys_free(raw_of(struct raw_circle, s));
}

BENCH_CALL static void raw_square_drop(struct raw_shape *s)
{
	hf_sys_free(raw_of(struct raw_square, s));
}

static const struct raw_shape_ops raw_circle_ops = { .drop = raw_circle_drop, .area = raw_circle_area };
static const struct raw_shape_ops raw_square_ops = { .drop = raw_square_drop, .area = raw_square_area };

BENCH_CALL static struct raw_shape *raw_dyn_new(u32 v)
{
	struct raw_circle *c;
	struct raw_square *q;

	if (v & 1) {
		c = hf_sys_alloc(sizeof(*c), GFP_ATOMIC);
		if (!c)
			return NULL;
		c->base.ops = &raw_circle_ops;
		c->radius = v;
		return &c->base;
	}
	q = hf_sys_alloc(sizeof(*q), GFP_ATOMIC);
	if (!q)
		return NULL;
	q->base.ops = &raw_square_ops;
	q->side = v;
	return &q->base;
}

BENCH_CALL static u32 raw_dyn_call_use(const struct raw_shape *s, u32 v)
{
	return s->ops->area(s, v);
}

s64 raw_dyn_call(const struct bench_in *in)
{
	struct raw_shape *c = raw_dyn_new(3), *q = raw_dyn_new(4);
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n && c && q; i++)
		sum += raw_dyn_call_use(in->words[i] & 1 ? c : q, in->words[i]);
	if (c)
		c->ops->drop(c);
	if (q)
		q->ops->drop(q);
	return sum;
}

BENCH_CALL static u32 raw_dyn_drop_end(struct raw_shape *s, u32 v)
{
	const u32 area = s->ops->area(s, v);

	s->ops->drop(s);
	return area;
}

s64 raw_dyn_drop(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < OBJECTS && i < in->n; i++) {
		struct raw_shape *s = raw_dyn_new(in->words[i]);

		if (!s)
			return -ENOMEM;
		sum += raw_dyn_drop_end(s, in->words[i]);
	}
	return sum;
}

/* --- with dyn.h --------------------------------------------------------------------------------- */

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	u32 (*area)(const struct shape *s, u32 scale);
};

struct shape {
	const struct shape_ops *const ops;
};

HF_DYN_DEFINE(shape, struct shape);

struct circle {
	u32 radius;
	struct shape base;
};

static void circle_free(struct circle *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(circle, struct circle, circle_free);
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);

struct square {
	struct shape base;
	u32 side;
};

static void square_free(struct square *q)
{
	hf_free(q);
}

HF_OWN_DEFINE(square, struct square, square_free);
HF_IMPL_DEFINE(square_shape, shape, square_own, struct square, base);

BENCH_CALL static u32 circle_area(const struct shape *s, u32 scale)
{
	const struct circle *c = hf_self(circle_shape, s);

	return 3 * c->radius * c->radius * scale;
}

BENCH_CALL static u32 square_area(const struct shape *s, u32 scale)
{
	const struct square *q = hf_self(square_shape, s);

	return q->side * q->side * scale;
}

HF_IMPL_OPS(circle_shape, .area = circle_area);
HF_IMPL_OPS(square_shape, .area = square_area);

BENCH_CALL static struct shape_own_result hf_dyn_new(u32 v)
{
	if (v & 1) {
		hf_let(circle, c, hf_try_in(shape_own, hf_new(circle, GFP_ATOMIC)));

		hf_impl_init(circle_shape, hf_mut(c));
		hf_mut(c)->radius = v;
		return hf_ok(shape_own, hf_upcast(circle_shape, hf_move(c)));
	}
	hf_let(square, q, hf_try_in(shape_own, hf_new(square, GFP_ATOMIC)));
	hf_impl_init(square_shape, hf_mut(q));
	hf_mut(q)->side = v;
	return hf_ok(shape_own, hf_upcast(square_shape, hf_move(q)));
}

BENCH_CALL static u32 hf_dyn_call_use(const struct shape *s, u32 v)
{
	return s->ops->area(s, v);
}

s64 hf_dyn_call(const struct bench_in *in)
{
	hf_let(shape, c, hf_try(hf_dyn_new(3)));
	hf_let(shape, q, hf_try(hf_dyn_new(4)));
	hf_borrow(circle, c);
	hf_borrow(square, q);
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += hf_dyn_call_use(in->words[i] & 1 ? circle : square, in->words[i]);
	return sum;
}

BENCH_CALL static u32 hf_dyn_drop_end(struct shape_own given, u32 v)
{
	hf_let(shape, s, given);
	const struct shape *lent = hf_ref(s);

	return lent->ops->area(lent, v);
}

s64 hf_dyn_drop(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < OBJECTS && i < in->n; i++)
		sum += hf_dyn_drop_end(hf_try(hf_dyn_new(in->words[i])), in->words[i]);
	return sum;
}
