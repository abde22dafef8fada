// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* own.h: unique owners, moves, loans. */
#include <holdfast/own.h>
#include <holdfast/result.h>

#include "harness.h"

struct box {
	int id;
	u8 data[60];
};

static int drops, last_dropped;

static void box_free(struct box *b)
{
	drops++;
	last_dropped = b->id;
	hf_free(b);
}

HF_OWN_DEFINE(box, struct box, box_free);

static struct box_own_result box_new(int id)
{
	hf_let(box, b, hf_try_in(box_own, hf_new(box, GFP_KERNEL)));

	hf_mut(b)->id = id;
	return hf_ok(box_own, hf_move(b));
}

/* For tests in which no allocation fails. */
static struct box_own box_of(int id)
{
	return hf_expect(box_new(id), "no failure is injected");
}

static int id_of(const struct box *b)
{
	return b->id;
}

static void set_id(struct box *b, int id)
{
	b->id = id;
}

/* --- handles ------------------------------------------------------------------------------------ */

HF_TEST(own, handle_is_one_register)
{
	if (HF_DEBUG)
		return;
	HF_EXPECT_EQ(sizeof(struct box_own), sizeof(void *));
	HF_EXPECT_EQ(sizeof(struct box_own_result), sizeof(void *));
}

HF_TEST(own, new_is_zeroed)
{
	hf_let(box, b, hf_expect(hf_new(box, GFP_KERNEL), "no failure is injected"));
	int sum = hf_ref(b)->id;

	for (size_t i = 0; i < sizeof(hf_ref(b)->data); i++)
		sum += hf_ref(b)->data[i];
	HF_EXPECT_EQ(sum, 0);
	HF_EXPECT(!hf_is_empty(b));
}

HF_TEST(own, new_without_memory_is_an_error)
{
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(hf_new(box, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
}

static int make_three(void *arg)
{
	hf_let(box, a, hf_try(box_new(1)));
	hf_let(box, b, hf_try(box_new(2)));
	hf_let(box, c, hf_try(box_new(3)));

	*(int *)arg = id_of(hf_ref(a)) + id_of(hf_ref(b)) + id_of(hf_ref(c));
	return 0;
}

HF_TEST(own, nothing_leaks_when_memory_runs_out)
{
	int sum = 0;

	HF_EXPECT_EQ(hf_test_fail_each_alloc(make_three, &sum), 3);
	HF_EXPECT_EQ(sum, 6);
}

/* --- drops -------------------------------------------------------------------------------------- */

HF_TEST(own, dropped_once_at_the_end_of_the_scope)
{
	drops = 0;
	{
		hf_let(box, b, box_of(7));
		HF_EXPECT_EQ(drops, 0);
	}
	HF_EXPECT_EQ(drops, 1);
	HF_EXPECT_EQ(last_dropped, 7);
}

static int order;

static void tag_free(struct box *b)
{
	order = order * 10 + b->id;
	hf_free(b);
}

HF_OWN_DEFINE(tag, struct box, tag_free);

static struct tag_own tag_of(int id)
{
	hf_let(tag, t, hf_expect(hf_new(tag, GFP_KERNEL), "no failure is injected"));

	hf_mut(t)->id = id;
	return hf_move(t);
}

HF_TEST(own, dropped_in_reverse_order)
{
	order = 0;
	{
		hf_let(tag, a, tag_of(1));
		hf_let(tag, b, tag_of(2));
		hf_let(tag, c, tag_of(3));
	}
	HF_EXPECT_EQ(order, 321);
}

static int leave_by(int way)
{
	for (int i = 1; i <= 2; i++) {
		hf_let(tag, t, tag_of(i));
		if (way == 0)
			return -EIO;
		if (way == 1)
			break;
		if (way == 2)
			goto out;
		if (way == 3)
			continue;
	}
out:
	return 0;
}

HF_TEST(own, dropped_on_every_way_out)
{
	static const int dropped[] = { 1, 1, 1, 12, 12 };

	for (int way = 0; way < (int)HF_TEST_COUNT(dropped); way++) {
		order = 0;
		HF_EXPECT_EQ(leave_by(way), way ? 0 : -EIO);
		HF_EXPECT_EQ(order, dropped[way]);
	}
}

HF_TEST(own, drop_now_is_before_the_end_of_the_scope)
{
	drops = 0;
	{
		hf_let(box, b, box_of(1));
		hf_drop(box, b);
		HF_EXPECT_EQ(drops, 1);
		HF_EXPECT(hf_is_empty(b));
	}
	HF_EXPECT_EQ(drops, 1);
}

HF_TEST(own, drop_ok_ends_what_a_result_owns)
{
	drops = 0;
	HF_EXPECT_EQ(hf_drop_ok(box_own, hf_ok(box_own, box_of(1))), 0);
	HF_EXPECT_EQ(drops, 1);
	HF_EXPECT_EQ(hf_drop_ok(box_own, hf_err(box_own, -ENOENT)), -ENOENT);
	hf_drop_ok(box_own, hf_ok(box_own, hf_empty(box_own)));
	HF_EXPECT_EQ(drops, 1);
}

HF_TEST(own, empty_owner_drops_nothing)
{
	drops = 0;
	{
		hf_let(box, b, hf_empty(box_own));
		HF_EXPECT(hf_is_empty(b));
		box_own_drop(&b);
	}
	HF_EXPECT_EQ(drops, 0);
}

HF_TEST_UNANALYZED(own, explicit_drop_empties)
{
	struct box_own b = box_of(1);

	drops = 0;
	box_own_drop(&b);
	HF_EXPECT(hf_is_empty(b));
	box_own_drop(&b);
	HF_EXPECT_EQ(drops, 1);
}

/* --- moves -------------------------------------------------------------------------------------- */

static int consume(struct box_own given)
{
	hf_let(box, b, given);

	return hf_ref(b)->id;
}

HF_TEST(own, move_gives_the_object_and_leaves_nothing)
{
	drops = 0;
	{
		hf_let(box, a, box_of(5));
		const void *const object = hf_ref(a);
		hf_let(box, b, hf_move(a));

		HF_EXPECT(hf_is_empty(a));
		/* SAFETY: only compared. */
		HF_EXPECT_PTR_EQ(hf_ref(b), object);
		HF_EXPECT_EQ(consume(hf_move(b)), 5);
		HF_EXPECT(hf_is_empty(b));
		HF_EXPECT_EQ(drops, 1);
	}
	HF_EXPECT_EQ(drops, 1);
}

HF_TEST_UNANALYZED(own, moved_owner_is_refused_by_every_door)
{
	hf_let(box, b, box_of(1));
	hf_let(box, c, hf_move(b));
	static int reached;

	hf_test_escape(&b);
	hf_test_escape(&c);
	reached = 0;
	HF_EXPECT_VIOLATION(HF_MOVED) {
		struct box_own d = hf_move(b);
		reached += !hf_is_empty(d) + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		reached += hf_ref(b)->id + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_mut(b)->id = 1;
		reached++;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_borrow(r, b);
		reached += r->id + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_borrow_mut(m, b);
		reached += m->id + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		/* SAFETY: b is empty, so hf_leak() is a violation and gives nothing. */
		reached += hf_leak(b) != NULL;
		reached++;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_drop(box, b);
		reached++;
	}
	HF_EXPECT_EQ(reached, 0);
	HF_EXPECT(hf_is_empty(b));
	HF_EXPECT_EQ(hf_ref(c)->id, 1);
}

#if HF_TEST_CHECKED
HF_TEST_UNANALYZED(own, use_after_move_is_reported_where_it_is_and_by_name)
{
	hf_let(box, first, box_of(1));
	hf_let(box, second, hf_move(first));
	const struct hf_violation *v;
	int line = 0;

	hf_test_escape(&line);
	HF_EXPECT_VIOLATION(HF_MOVED) {
		line = __LINE__ + 1;
		set_id(hf_mut(first), 1);
	}
	v = hf_test_violation();
	HF_EXPECT(strstr(v->expr, "'first'"));
	HF_EXPECT_EQ(v->line, line);
	HF_EXPECT_STR_EQ(v->func, __func__);
	HF_EXPECT_STR_EQ(v->file, __FILE__);
}
#endif

HF_TEST_UNANALYZED(own, moved_owner_can_own_again)
{
	hf_let(box, b, box_of(1));

	HF_EXPECT_EQ(consume(hf_move(b)), 1);
	hf_set(b, box_of(2));
	HF_EXPECT_EQ(hf_ref(b)->id, 2);
}

/* --- fields ------------------------------------------------------------------------------------- */

struct holder {
	int before;
	struct box_own box;
	int after;
};

HF_TEST(own, take_empties_a_field)
{
	struct holder h = { .before = 1, .after = 2 };

	drops = 0;
	hf_set(h.box, box_of(3));
	{
		hf_let(box, b, hf_take(h.box));

		HF_EXPECT(hf_is_empty(h.box));
		HF_EXPECT_EQ(hf_ref(b)->id, 3);
	}
	HF_EXPECT_EQ(drops, 1);
	/* hf_take() of an empty place gives an empty owner. */
	{
		hf_let(box, b, hf_take(h.box));

		HF_EXPECT(hf_is_empty(b));
	}
	HF_EXPECT_EQ(h.before + h.after, 3);
	HF_EXPECT_EQ(drops, 1);
}

HF_TEST_UNANALYZED(own, put_over_a_live_owner_is_refused)
{
	struct holder h = { .box = box_of(1) };
	struct box_own other = box_of(2);
	struct box *const raw = hf_mut(other);

	hf_test_escape(&h);
	hf_test_escape(&other);
	drops = 0;
	HF_EXPECT_VIOLATION(HF_LEAK) {
		hf_set(h.box, hf_move(other));
	}
#if HF_TEST_CHECKED
	HF_EXPECT(strstr(hf_test_violation()->expr, "'h.box'"));
#endif
	HF_EXPECT_EQ(hf_ref(h.box)->id, 1);
	HF_EXPECT_EQ(drops, 0);
	box_own_drop(&h.box);
	/* SAFETY: the violation left hf_set() before it stored the owner, so nobody owns it. */
	if (hf_is_empty(other))
		hf_set(other, hf_adopt_unchecked(box, raw));
	box_own_drop(&other);
}

HF_TEST(own, replace_gives_the_old_one_back)
{
	struct holder h = { .box = box_of(1) };

	drops = 0;
	{
		hf_let(box, old, hf_replace(h.box, box_of(2)));

		HF_EXPECT_EQ(hf_ref(old)->id, 1);
		HF_EXPECT_EQ(drops, 0);
	}
	HF_EXPECT_EQ(drops, 1);
	{
		hf_let(box, last, hf_replace(h.box, hf_empty(box_own)));

		HF_EXPECT_EQ(hf_ref(last)->id, 2);
		HF_EXPECT(hf_is_empty(h.box));
		hf_let(box, none, hf_replace(h.box, hf_move(last)));
		HF_EXPECT(hf_is_empty(none));
	}
	box_own_drop(&h.box);
	HF_EXPECT_EQ(drops, 2);
}

HF_TEST(own, leak_and_adopt_hand_over_without_a_drop)
{
	struct box *raw;

	drops = 0;
	{
		hf_let(box, b, box_of(4));
		/* SAFETY: hf_adopt_unchecked() below takes it back. */
		raw = hf_leak(b);
		HF_EXPECT(hf_is_empty(b));
	}
	HF_EXPECT_EQ(drops, 0);
	HF_EXPECT_EQ(raw->id, 4);
	{
		/* SAFETY: just leaked. */
		hf_let(box, b, hf_adopt_unchecked(box, raw));
		HF_EXPECT_EQ(hf_ref(b)->id, 4);
	}
	HF_EXPECT_EQ(drops, 1);
}

/* --- operands ----------------------------------------------------------------------------------- */

static int calls;

HF_TEST(own, place_is_set_by_a_result_that_succeeded)
{
	struct holder h = { .box = hf_empty(box_own) };

	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_set_ok(h.box, hf_new(box, GFP_KERNEL)), -ENOMEM);
	HF_EXPECT(hf_is_empty(h.box));
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_set_ok(h.box, hf_new(box, GFP_KERNEL)), 0);
	HF_EXPECT(!hf_is_empty(h.box));
	box_own_drop(&h.box);
}

#if HF_TEST_CHECKED
HF_TEST_UNANALYZED(own, place_that_owns_is_not_set_by_a_result)
{
	static struct holder h;

	hf_set(h.box, box_of(1));
	HF_EXPECT_VIOLATION(HF_LEAK) {
		HF_EXPECT_EQ(hf_set_ok(h.box, hf_ok(box_own, hf_empty(box_own))), 0);
	}
	HF_EXPECT_EQ(hf_ref(h.box)->id, 1);
	box_own_drop(&h.box);
}
#endif

static struct box_own *counted(struct box_own *b)
{
	calls++;
	return b;
}

HF_TEST_UNANALYZED(own, operands_are_evaluated_once)
{
	struct box_own a[8] = { [0] = hf_empty(box_own) };
	size_t i = 0;

	for (size_t j = 0; j < 8; j++)
		hf_set(a[j], box_of((int)j));
	calls = 0;
	HF_EXPECT_EQ(id_of(hf_ref(a[i++])), 0);
	HF_EXPECT_EQ(i, 1);
	set_id(hf_mut(a[i++]), 10);
	HF_EXPECT_EQ(i, 2);
	HF_EXPECT_EQ(hf_ref(a[1])->id, 10);
	HF_EXPECT_EQ(consume(hf_move(a[i++])), 2);
	HF_EXPECT_EQ(i, 3);
	HF_EXPECT_EQ(consume(hf_take(a[i++])), 3);
	HF_EXPECT_EQ(i, 4);
	/* SAFETY: box_free() below ends it. */
	struct box *raw = hf_leak(a[i++]);

	HF_EXPECT_EQ(i, 5);
	box_free(raw);
	hf_set(a[--i], box_of(44));
	HF_EXPECT_EQ(i, 4);
	HF_EXPECT_EQ(consume(hf_replace(a[++i], hf_move(*counted(&a[4])))), 5);
	HF_EXPECT_EQ(i, 5);
	HF_EXPECT_EQ(calls, 1);
	HF_EXPECT(!hf_is_empty(a[i++]));
	HF_EXPECT_EQ(i, 6);
	{
		hf_borrow(r, a[i++]);
		hf_borrow_mut(m, a[i++]);
		HF_EXPECT_EQ(r->id + m->id, 13);
		HF_EXPECT_EQ(i, 8);
	}
	for (size_t j = 0; j < 8; j++)
		box_own_drop(&a[j]);
}

HF_TEST(own, doors_nest)
{
	hf_let(box, a, box_of(1));
	hf_let(box, b, box_of(2));

	set_id(hf_mut(a), id_of(hf_ref(a)) + id_of(hf_ref(b)) * 10);
	HF_EXPECT_EQ(hf_ref(a)->id, 21);
	HF_EXPECT_EQ(consume(box_of(id_of(hf_ref(a)) + 1)), 22);
}

/* --- loans -------------------------------------------------------------------------------------- */

HF_TEST(own, loans_give_the_object_and_end_with_their_scope)
{
	hf_let(box, b, box_of(1));

	{
		hf_borrow(r, b);
		hf_borrow(s, b);
		HF_EXPECT_PTR_EQ(r, s);
		HF_EXPECT_EQ(r->id + hf_ref(b)->id, 2);
		HF_EXPECT(__builtin_types_compatible_p(__typeof__(&*r), const struct box *));
	}
	{
		hf_borrow_mut(m, b);
		m->id = 9;
	}
	{
		hf_borrow_mut(m, b);
		m->id++;
	}
	HF_EXPECT_EQ(hf_mut(b)->id, 10);
	HF_EXPECT_EQ(consume(hf_move(b)), 10);
}

static HF_UNANALYZED int borrow_and_return(const struct box_own *b)
{
	hf_borrow(r, *b);

	for (int i = 0; i < 3; i++) {
		hf_borrow(s, *b);
		if (s->id == i)
			return r->id;
		if (i == 1)
			continue;
		if (i == 2)
			break;
	}
	return -1;
}

HF_TEST_UNANALYZED(own, loans_end_on_every_way_out)
{
	struct box_own b = box_of(0);

	for (int id = 0; id < 4; id++) {
		hf_mut(b)->id = id;
		HF_EXPECT_EQ(borrow_and_return(&b), id < 3 ? id : -1);
	}
	/* In debug builds this is a violation unless all loans have ended. */
	box_own_drop(&b);
}

#if HF_DEBUG && HF_TEST_CHECKED
HF_TEST_UNANALYZED(own, what_is_lent_cannot_be_moved_or_changed)
{
	hf_let(box, b, box_of(1));
	static int reached;

	hf_test_escape(&b);
	reached = 0;
	drops = 0;
	{
		hf_borrow(r, b);

		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct box_own c = hf_move(b);
			reached += !hf_is_empty(c) + 1;
		}
		HF_EXPECT(strstr(hf_test_violation()->expr, "'b' is lent"));
		HF_EXPECT_STR_EQ(hf_test_violation()->func, __func__);
		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct box_own c = hf_take(b);
			reached += !hf_is_empty(c) + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct box_own c = hf_replace(b, hf_empty(box_own));
			reached += !hf_is_empty(c) + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			/* SAFETY: b is lent, so hf_leak() is a violation and gives nothing. */
			reached += hf_leak(b) != NULL;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_drop(box, b);
			reached++;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			box_own_drop(&b);
			reached++;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_mut(b)->id = 2;
			reached++;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_borrow_mut(m, b);
			reached += m->id + 1;
		}
		/* Other shared borrows are allowed. */
		HF_EXPECT_EQ(hf_ref(b)->id + r->id, 2);
		{
			hf_borrow(s, b);
			HF_EXPECT_EQ(s->id, 1);
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_mut(b)->id = 2;
			reached++;
		}
	}
	HF_EXPECT_EQ(reached, 0);
	HF_EXPECT_EQ(drops, 0);
	hf_mut(b)->id = 3;
	HF_EXPECT_EQ(consume(hf_move(b)), 3);
}

HF_TEST_UNANALYZED(own, exclusive_loan_excludes_everything)
{
	hf_let(box, b, box_of(1));
	static int reached;

	hf_test_escape(&b);
	reached = 0;
	{
		hf_borrow_mut(m, b);

		HF_EXPECT_VIOLATION(HF_LOAN) {
			reached += hf_ref(b)->id + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_borrow(r, b);
			reached += r->id + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_borrow_mut(n, b);
			reached += n->id + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_mut(b)->id = 1;
			reached++;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct box_own c = hf_move(b);
			reached += !hf_is_empty(c) + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct box_own c = hf_take(b);
			reached += !hf_is_empty(c) + 1;
		}
		m->id = 5;
	}
	HF_EXPECT_EQ(reached, 0);
	HF_EXPECT_EQ(hf_ref(b)->id, 5);
}

/* Several threads may borrow at once. */
static HF_UNANALYZED void borrow_often(void *owner)
{
	const struct box_own *b = owner;

	for (int i = 0; i < 20000; i++) {
		hf_borrow(r, *b);
		if (r->id != 1)
			hf_test_fail_(__FILE__, __LINE__, "another object");
	}
}

HF_TEST_UNANALYZED(own, loans_of_several_threads_all_end)
{
	struct box_own b = box_of(1);
	struct hf_test_thread t[3];

	for (size_t i = 0; i < HF_TEST_COUNT(t); i++)
		hf_test_spawn(&t[i], borrow_often, &b);
	for (size_t i = 0; i < HF_TEST_COUNT(t); i++)
		hf_test_join(&t[i]);
	/* SAFETY: the test reads the loan count itself. */
	HF_EXPECT_EQ(hf_sys_atomic_read(&b.own.loans_), 0);
	box_own_drop(&b);
}
#endif
