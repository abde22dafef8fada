// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Objects of several kinds behind one interface: unique owners, and a locked queue of transactions and references.
#include <holdfast/holdfast.h>

/* --- unique owners ------------------------------------------------------------------------------- */

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	int (*area)(const struct shape *s);
	void (*grow)(struct shape *s, int by);
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

static int circle_init(struct circle *c, int radius)
{
	hf_impl_init(circle_shape, c);
	c->radius = radius;
	return 0;
}

static int circle_area(const struct shape *s)
{
	const struct circle *c = hf_self(circle_shape, s);

	return 3 * c->radius * c->radius;
}

static void circle_grow(struct shape *s, int by)
{
	hf_self(circle_shape, s)->radius += by;
}

HF_IMPL_OPS(circle_shape, .area = circle_area, .grow = circle_grow);

struct square {
	struct shape base;
	int side;
};

void square_free(struct square *q);
HF_OWN_DEFINE(square, struct square, square_free);
HF_IMPL_DEFINE(square_shape, shape, square_own, struct square, base);

static int square_area(const struct shape *const s)
{
	return hf_self(square_shape, s)->side * hf_self(square_shape, s)->side;
}

static void square_grow(struct shape *const s, int by)
{
	struct square *const q = hf_self(square_shape, s);

	q->side += by;
}

HF_IMPL_OPS(square_shape, .area = square_area, .grow = square_grow);

/* What is made depends on a number. */
static struct shape_own_result new_shape(bool round, int n)
{
	if (round) {
		hf_let(circle, c, hf_try_in(shape_own, hf_new_with(circle, GFP_KERNEL, circle_init, n)));

		return hf_ok(shape_own, hf_upcast(circle_shape, hf_move(c)));
	}
	hf_let(square, q, hf_try_in(shape_own, hf_new(square, GFP_KERNEL)));
	hf_impl_init(square_shape, hf_mut(q));
	hf_mut(q)->side = n;
	return hf_ok(shape_own, hf_upcast(square_shape, hf_move(q)));
}

struct picture {
	struct shape_own shapes[4];
};

static void picture_free(struct picture *p)
{
	for (size_t i = 0; i < 4; i++)
		shape_own_drop(&hf_array_at(p->shapes, i));
	hf_free(p);
}

HF_OWN_DEFINE(picture, struct picture, picture_free);

static int total_area(const struct picture *p)
{
	int total = 0;

	for (size_t i = 0; i < 4; i++) {
		const struct shape *s = hf_ref(hf_array_at(p->shapes, i));

		total += s->ops->area(s);
	}
	return total;
}

int draw(int n);
int draw(int n)
{
	hf_let(picture, p, hf_try(hf_new(picture, GFP_KERNEL)));

	for (int i = 0; i < 4; i++)
		hf_set(hf_array_at(hf_mut(p)->shapes, i), hf_try(new_shape(i & 1, n + i)));
	{
		hf_borrow_mut(s, hf_mut(p)->shapes[0]);

		s->ops->grow(s, 1);
	}
	hf_let(shape, first, hf_take(hf_mut(p)->shapes[0]));
	if (hf_is_a(circle_shape, hf_ref(first))) {
		hf_let(circle, c, hf_try(hf_downcast(circle_shape, first)));

		hf_mut(c)->radius = 0;
		hf_set(first, hf_upcast(circle_shape, hf_move(c)));
	} else {
		hf_let(square, q, hf_try(hf_downcast(square_shape, first)));

		return hf_ref(q)->side;
	}
	hf_set(hf_mut(p)->shapes[0], hf_move(first));
	return total_area(hf_ref(p));
}

/* One kind or the other: what one downcast refuses is there for the next. */
int side_of(struct shape_own given);
int side_of(struct shape_own given)
{
	hf_let(shape, s, given);
	hf_let(circle, c, hf_empty(circle_own));

	if (!hf_set_ok(c, hf_downcast(circle_shape, s)))
		return hf_ref(c)->radius;
	hf_let(square, q, hf_try(hf_downcast(square_shape, s)));
	return hf_ref(q)->side;
}

/* --- one queue of objects and references ---------------------------------------------------------- */

struct item;
struct item_own;

struct item_ops {
	void (*drop)(struct item_own i);
	int (*run)(struct item_own i);
};

struct item {
	const struct item_ops *const ops;
	struct hf_link link;
};

HF_DYN_DEFINE(item, const struct item);
HF_LIST_DEFINE(items, item_own, struct item, link);
HF_LOCKED_DEFINE(locked_items, spinlock, struct items);

struct node {
	struct hf_refs refs;
	struct item work;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_IMPL_DEFINE(node_item, item, node_arc, struct node, work);

static int node_run(struct item_own given)
{
	hf_let(item, i, given);
	hf_let_arc(node, n, hf_try(hf_downcast(node_item, i)));

	return hf_ref(n)->id;
}

HF_IMPL_OPS(node_item, .run = node_run);

struct transaction {
	struct item work;
	int code;
};

void transaction_free(struct transaction *t);
HF_OWN_DEFINE(transaction, struct transaction, transaction_free);
HF_IMPL_DEFINE(transaction_item, item, transaction_own, struct transaction, work);

static int transaction_run(struct item_own given)
{
	hf_let(item, i, given);
	hf_let(transaction, t, hf_try(hf_downcast(transaction_item, i)));

	return hf_mut(t)->code++;
}

HF_IMPL_OPS(transaction_item, .run = transaction_run);

struct thread {
	struct locked_items todo;
};

int queue(struct thread *to, struct transaction_own given, const struct node *n);
int queue(struct thread *to, struct transaction_own given, const struct node *n)
{
	hf_let(transaction, t, given);

	hf_impl_init(transaction_item, hf_mut(t));
	hf_lock(todo, &to->todo);
	items_push_back(todo, hf_upcast(transaction_item, hf_move(t)));
	return items_try_push_back(todo, hf_upcast(node_item, hf_arc_from(node, n)));
}

static struct item_own_result next(struct thread *t)
{
	hf_lock(todo, &t->todo);
	return items_pop_front(todo);
}

int run_one(struct thread *t);
int run_one(struct thread *t)
{
	hf_let(item, i, hf_try(next(t)));
	const struct item_ops *ops = hf_ref(i)->ops;

	return ops->run(hf_move(i));
}

int look(struct thread *t);
int look(struct thread *t)
{
	int ids = 0;

	hf_lock(todo, &t->todo);
	hf_list_cursor(at, todo);
	for (const struct item *i; (i = items_next(&at));)
		if (hf_is_a(node_item, i))
			ids += hf_self(node_item, i)->id;
	return ids;
}
