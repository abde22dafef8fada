// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* dyn.h: objects of several kinds behind one interface. */
#include <holdfast/arc.h>
#include <holdfast/dyn.h>
#include <holdfast/foreign.h>
#include <holdfast/list.h>
#include <holdfast/pin.h>

#include "harness.h"

/* --- an interface of unique owners -------------------------------------------------------------- */

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	int (*area)(const struct shape *s);
	void (*grow)(struct shape *s, int by);
	int (*finish)(struct shape_own s);
};

struct shape {
	const struct shape_ops *const ops;
	struct hf_link link;
};

HF_DYN_DEFINE(shape, struct shape);
HF_LIST_DEFINE(shapes, shape_own, struct shape, link);

static int shape_area(const struct shape *s)
{
	return s->ops->area(s);
}

static int circles_freed, squares_freed;

/* The base is not its first member. */
struct circle {
	int radius;
	struct shape base;
};

static int circle_init(struct circle *c, int radius);

static void circle_free(struct circle *c)
{
	circles_freed++;
	hf_link_fini(&c->base.link);
	hf_free(c);
}

HF_OWN_DEFINE(circle, struct circle, circle_free);
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);

static int circle_init(struct circle *c, int radius)
{
	if (radius < 0)
		return -ERANGE;
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

/* Takes its object. */
static int circle_finish(struct shape_own given)
{
	hf_let(shape, s, given);
	hf_let(circle, c, hf_try(hf_downcast(circle_shape, s)));

	return hf_ref(c)->radius;
}

HF_IMPL_OPS(circle_shape, .area = circle_area, .grow = circle_grow, .finish = circle_finish);

struct square {
	struct shape base;
	int side;
};

static void square_free(struct square *q)
{
	squares_freed++;
	hf_link_fini(&q->base.link);
	hf_free(q);
}

HF_OWN_DEFINE(square, struct square, square_free);
HF_IMPL_DEFINE(square_shape, shape, square_own, struct square, base);

static int square_init(struct square *q, int side)
{
	hf_impl_init(square_shape, q);
	q->side = side;
	return 0;
}

static int square_area(const struct shape *s)
{
	const struct square *const q = hf_self(square_shape, s);

	return q->side * q->side;
}

static void square_grow(struct shape *s, int by)
{
	struct square *q = hf_self(square_shape, s);

	q->side += by;
}

static int square_finish(struct shape_own given)
{
	hf_let(shape, s, given);

	return hf_self(square_shape, hf_ref(s))->side;
}

HF_IMPL_OPS(square_shape, .area = square_area, .grow = square_grow, .finish = square_finish);

static struct shape_own new_circle(int radius)
{
	hf_let(circle, c, hf_expect(hf_new_with(circle, GFP_KERNEL, circle_init, radius), "there is memory"));

	return hf_upcast(circle_shape, hf_move(c));
}

static struct shape_own new_square(int side)
{
	return hf_upcast(square_shape, hf_expect(hf_new_with(square, GFP_KERNEL, square_init, side), "there is memory"));
}

HF_TEST(dyn, each_kind_has_its_operations_and_its_drop)
{
	circles_freed = squares_freed = 0;
	{
		hf_let(shape, c, new_circle(2));
		hf_let(shape, q, new_square(5));

		HF_EXPECT_EQ(sizeof(c), sizeof(struct circle_own));
		HF_EXPECT_EQ(shape_area(hf_ref(c)), 12);
		HF_EXPECT_EQ(shape_area(hf_ref(q)), 25);
		hf_mut(c)->ops->grow(hf_mut(c), 1);
		hf_mut(q)->ops->grow(hf_mut(q), 1);
		HF_EXPECT_EQ(hf_ref(c)->ops->area(hf_ref(c)), 27);
		HF_EXPECT_EQ(hf_ref(q)->ops->area(hf_ref(q)), 36);
		hf_drop(shape, c);
		HF_EXPECT_EQ(circles_freed, 1);
		HF_EXPECT_EQ(squares_freed, 0);
	}
	HF_EXPECT_EQ(circles_freed, 1);
	HF_EXPECT_EQ(squares_freed, 1);
}

HF_TEST(dyn, operation_takes_its_object)
{
	hf_let(shape, c, new_circle(2));
	hf_let(shape, q, new_square(5));
	const struct shape_ops *const circle_table = hf_ref(c)->ops, *const square_table = hf_ref(q)->ops;

	circles_freed = squares_freed = 0;
	HF_EXPECT_EQ(circle_table->finish(hf_move(c)), 2);
	HF_EXPECT_EQ(square_table->finish(hf_move(q)), 5);
	HF_EXPECT_EQ(circles_freed, 1);
	HF_EXPECT_EQ(squares_freed, 1);
}

HF_TEST(dyn, kinds_are_told_apart)
{
	hf_let(shape, c, new_circle(2));
	hf_let(shape, q, new_square(5));

	HF_EXPECT(hf_is_a(circle_shape, hf_ref(c)));
	HF_EXPECT(!hf_is_a(square_shape, hf_ref(c)));
	HF_EXPECT(hf_is_a(square_shape, hf_ref(q)));
	HF_EXPECT(!hf_is_a(circle_shape, hf_mut(q)));
	HF_EXPECT_EQ(hf_self(circle_shape, hf_ref(c))->radius, 2);
	hf_self(square_shape, hf_mut(q))->side = 7;
	HF_EXPECT_EQ(shape_area(hf_ref(q)), 49);
}

HF_TEST(dyn, downcast_gives_the_owner_back)
{
	circles_freed = 0;
	{
		hf_let(shape, s, new_circle(2));
		const struct circle *const before = hf_self(circle_shape, hf_ref(s));

		{
			hf_let(circle, c, hf_expect(hf_downcast(circle_shape, s), "it is a circle"));

			HF_EXPECT(hf_is_empty(s));
			HF_EXPECT_PTR_EQ(hf_ref(c), before);
			hf_mut(c)->radius = 3;
			hf_set(s, hf_upcast(circle_shape, hf_move(c)));
		}
		HF_EXPECT_EQ(circles_freed, 0);
		HF_EXPECT_EQ(shape_area(hf_ref(s)), 27);
	}
	HF_EXPECT_EQ(circles_freed, 1);
}

HF_TEST(dyn, failed_downcast_loses_nothing)
{
	static struct {
		struct shape_own kept;
	} holder;

	circles_freed = squares_freed = 0;
	{
		hf_let(shape, s, new_circle(2));

		HF_EXPECT_ERR(hf_downcast(square_shape, s), -EINVAL);
		HF_EXPECT_EQ(shape_area(hf_ref(s)), 12);
		hf_set(holder.kept, hf_move(s));
	}
	/* Out of a place, too. */
	HF_EXPECT_ERR(hf_downcast(square_shape, holder.kept), -EINVAL);
	HF_EXPECT_EQ(circles_freed, 0);
	{
		hf_let(circle, c, hf_expect(hf_downcast(circle_shape, holder.kept), "it is a circle"));

		HF_EXPECT(hf_is_empty(holder.kept));
		HF_EXPECT_EQ(hf_ref(c)->radius, 2);
	}
	HF_EXPECT_EQ(circles_freed, 1);
	HF_EXPECT_EQ(squares_freed, 0);
}

static int total_area(const struct shapes *list)
{
	int total = 0;

	hf_list_cursor(at, list);
	for (const struct shape *s; (s = shapes_next(&at));)
		total += shape_area(s);
	return total;
}

HF_TEST(dyn, list_owns_several_kinds)
{
	static struct shapes list;
	int circles = 0, squares = 0;

	circles_freed = squares_freed = 0;
	shapes_init(&list);
	shapes_push_back(&list, new_circle(1));
	shapes_push_back(&list, new_square(2));
	shapes_push_back(&list, new_circle(3));
	shapes_push_back(&list, new_square(4));
	HF_EXPECT_EQ(total_area(&list), 3 + 4 + 27 + 16);
	for (int i = 0; i < 3; i++) {
		hf_let(shape, s, hf_expect(shapes_pop_front(&list), "there are four"));

		if (hf_is_a(circle_shape, hf_ref(s))) {
			hf_let(circle, c, hf_expect(hf_downcast(circle_shape, s), "just asked"));

			circles += hf_ref(c)->radius;
		} else {
			hf_let(square, q, hf_expect(hf_downcast(square_shape, s), "there are two kinds"));

			squares += hf_ref(q)->side;
		}
	}
	HF_EXPECT_EQ(circles, 1 + 3);
	HF_EXPECT_EQ(squares, 2);
	HF_EXPECT_EQ(circles_freed, 2);
	HF_EXPECT_EQ(squares_freed, 1);
	shapes_clear(&list);
	HF_EXPECT_EQ(squares_freed, 2);
	shapes_fini(&list);
}

/* Somebody else's. */
struct file_like {
	void *private_data;
};

HF_FOREIGN_DEFINE(shape_of, shape_own, struct file_like, private_data);

HF_TEST(dyn, foreign_place_owns_any_kind)
{
	static struct file_like file;

	circles_freed = squares_freed = 0;
	hf_foreign_store(shape_of, &file, new_circle(2));
	HF_EXPECT_EQ(shape_area(hf_foreign_ref(shape_of, &file)), 12);
	{
		hf_let(shape, s, hf_expect(hf_foreign_take(shape_of, &file), "it was stored"));
	}
	hf_foreign_store(shape_of, &file, new_square(2));
	HF_EXPECT_EQ(shape_area(hf_foreign_ref(shape_of, &file)), 4);
	{
		hf_let(shape, s, hf_expect(hf_foreign_take(shape_of, &file), "it was stored"));
	}
	HF_EXPECT_EQ(circles_freed, 1);
	HF_EXPECT_EQ(squares_freed, 1);
}

static int make_both(void *sum)
{
	hf_let(circle, c, hf_try(hf_new_with(circle, GFP_KERNEL, circle_init, 1)));
	hf_let(shape, first, hf_upcast(circle_shape, hf_move(c)));
	hf_let(shape, second, hf_upcast(square_shape, hf_try(hf_new_with(square, GFP_KERNEL, square_init, 2))));

	*(int *)sum = shape_area(hf_ref(first)) + shape_area(hf_ref(second));
	return 0;
}

HF_TEST(dyn, nothing_leaks_when_memory_runs_out)
{
	int sum = 0;

	HF_EXPECT_EQ(hf_test_fail_each_alloc(make_both, &sum), 2);
	HF_EXPECT_EQ(sum, 7);
	HF_EXPECT_ERR(hf_new_with(circle, GFP_KERNEL, circle_init, -1), -ERANGE);
}

/* --- an interface of which a kind has arcs: binder's queue --------------------------------------- */

struct item;
struct item_own;

struct item_ops {
	void (*drop)(struct item_own i);
	int (*run)(const struct item *i);
};

struct item {
	const struct item_ops *const ops;
	struct hf_link link;
};

HF_DYN_DEFINE(item, const struct item);
HF_LIST_DEFINE(items, item_own, struct item, link);

static int nodes_destroyed, transactions_freed;

struct node {
	struct hf_refs refs;
	struct item work;
	int id;
};

static void node_destroy(struct node *n)
{
	hf_link_fini(&n->work.link);
	nodes_destroyed++;
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_IMPL_DEFINE(node_item, item, node_arc, struct node, work);

static int node_init(struct node *n, int id)
{
	hf_impl_init(node_item, n);
	n->id = id;
	return 0;
}

static int node_run(const struct item *i)
{
	return hf_self(node_item, i)->id;
}

HF_IMPL_OPS(node_item, .run = node_run);

struct transaction {
	struct item work;
	int code;
};

static void transaction_free(struct transaction *t)
{
	hf_link_fini(&t->work.link);
	transactions_freed++;
	hf_free(t);
}

HF_OWN_DEFINE(transaction, struct transaction, transaction_free);
HF_IMPL_DEFINE(transaction_item, item, transaction_own, struct transaction, work);

static int transaction_init(struct transaction *t, int code)
{
	hf_impl_init(transaction_item, t);
	t->code = code;
	return 0;
}

static int transaction_run(const struct item *i)
{
	return hf_self(transaction_item, i)->code;
}

HF_IMPL_OPS(transaction_item, .run = transaction_run);

static struct item_own new_transaction(int code)
{
	return hf_upcast(transaction_item,
			 hf_expect(hf_new_with(transaction, GFP_KERNEL, transaction_init, code), "there is memory"));
}

HF_TEST(dyn, queue_owns_objects_and_references)
{
	static struct items queue;
	int ran = 0;

	nodes_destroyed = transactions_freed = 0;
	items_init(&queue);
	{
		hf_let_arc(node, n, hf_expect(hf_new_arc_with(node, GFP_KERNEL, node_init, 100), "there is memory"));

		items_push_back(&queue, new_transaction(1));
		items_push_back(&queue, hf_upcast(node_item, hf_clone(n)));
		items_push_back(&queue, new_transaction(2));
		/* One object is in one list once; the second reference is put. */
		HF_EXPECT_EQ(items_try_push_back(&queue, hf_upcast(node_item, hf_clone(n))), -EEXIST);
		HF_EXPECT_ERR(hf_arc_unique(n), -EBUSY);
		HF_EXPECT(hf_linked(&hf_ref(n)->work.link));
		{
			hf_let(item, removed, hf_expect(items_remove(&queue, &hf_ref(n)->work), "it is in the queue"));

			HF_EXPECT_EQ(hf_ref(removed)->ops->run(hf_ref(removed)), 100);
			items_push_front(&queue, hf_move(removed));
		}
	}
	HF_EXPECT_EQ(nodes_destroyed, 0);
	while (!items_empty(&queue)) {
		hf_let(item, i, hf_expect(items_pop_front(&queue), "it is not empty"));

		ran += hf_ref(i)->ops->run(hf_ref(i));
		if (hf_is_a(node_item, hf_ref(i))) {
			hf_let_arc(node, again, hf_arc_from(node, hf_self(node_item, hf_ref(i))));
			hf_let_arc(node, n, hf_expect(hf_downcast(node_item, i), "just asked"));

			HF_EXPECT(!hf_linked(&hf_ref(n)->work.link));
			HF_EXPECT_ERR(hf_arc_unique(n), -EBUSY);
			hf_drop_arc(node, again);
			hf_expect(hf_arc_unique(n), "nobody else has a reference")->id = 0;
		} else {
			hf_let(transaction, t, hf_expect(hf_downcast(transaction_item, i), "there are two kinds"));

			hf_mut(t)->code = 0;
		}
	}
	HF_EXPECT_EQ(ran, 103);
	HF_EXPECT_EQ(nodes_destroyed, 1);
	HF_EXPECT_EQ(transactions_freed, 2);
	items_fini(&queue);
}

HF_TEST(dyn, item_puts_its_reference)
{
	nodes_destroyed = transactions_freed = 0;
	{
		hf_let_arc(node, n, hf_expect(hf_new_arc_with(node, GFP_KERNEL, node_init, 7), "there is memory"));

		{
			hf_let(item, i, hf_upcast(node_item, hf_clone(n)));

			HF_EXPECT_ERR(hf_downcast(transaction_item, i), -EINVAL);
			HF_EXPECT_ERR(hf_arc_unique(n), -EBUSY);
		}
		HF_EXPECT(hf_is_ok(hf_arc_unique(n)));
		HF_EXPECT_EQ(nodes_destroyed, 0);
	}
	HF_EXPECT_EQ(nodes_destroyed, 1);
	HF_EXPECT_EQ(transactions_freed, 0);
}

/* --- violations --------------------------------------------------------------------------------- */

HF_TEST_UNANALYZED(dyn, operation_of_another_kind)
{
	hf_let(shape, c, new_circle(2));
	hf_let(shape, q, new_square(5));

	/* What a table of the wrong kind would do, and a call through the table of another object. */
	HF_EXPECT_VIOLATION(HF_KIND) {
		(void)square_area(hf_ref(c));
	}
	HF_EXPECT_VIOLATION(HF_KIND) {
		hf_ref(q)->ops->grow(hf_mut(c), 1);
	}
	HF_EXPECT_EQ(shape_area(hf_ref(c)), 12);
}

static struct circle not_initialised, stays;
static struct square of_another_kind = { .base = { .ops = &circle_shape_ops } };

HF_TEST_UNANALYZED(dyn, upcast_of_what_is_not_of_the_kind)
{
	HF_EXPECT_VIOLATION(HF_KIND) {
		/* SAFETY: nothing frees it. */
		(void)hf_upcast(circle_shape, hf_adopt_unchecked(circle, &not_initialised)).own;
	}
	HF_EXPECT_VIOLATION(HF_KIND) {
		/* SAFETY: as above. */
		(void)hf_upcast(square_shape, hf_adopt_unchecked(square, &of_another_kind)).own;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		(void)hf_upcast(circle_shape, hf_empty(circle_own)).own;
	}
}

HF_TEST_UNANALYZED(dyn, drop_by_the_table_of_another_kind)
{
	circles_freed = squares_freed = 0;
	hf_impl_init(circle_shape, &stays);
	HF_EXPECT_VIOLATION(HF_KIND) {
		/* SAFETY: nothing frees it. */
		square_shape_ops.drop(hf_upcast(circle_shape, hf_adopt_unchecked(circle, &stays)));
	}
	HF_EXPECT_EQ(circles_freed + squares_freed, 0);
}

static struct shape_own nothing;

HF_TEST_UNANALYZED(dyn, downcast_of_nothing)
{
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_let(circle, c, hf_expect(hf_downcast(circle_shape, nothing), "not reached"));
	}
}

#if HF_DEBUG && HF_TEST_CHECKED
HF_TEST_UNANALYZED(dyn, downcast_of_what_is_lent)
{
	hf_let(shape, s, new_circle(2));
	hf_borrow(lent, s);

	HF_EXPECT_VIOLATION(HF_LOAN) {
		hf_let(circle, c, hf_expect(hf_downcast(circle_shape, s), "not reached"));
	}
	HF_EXPECT_EQ(shape_area(lent), 12);
}
#endif
