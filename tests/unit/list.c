// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* list.h: membership, order, ownership, loops. */
#include <holdfast/arc.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>

#include "harness.h"

struct item {
	int id;
	struct hf_link link;
};

/* The ids of those that were freed, in order, as the digits of a number. */
static int freed;

static void item_free(struct item *x)
{
	hf_link_fini(&x->link);
	freed = freed * 10 + x->id;
	hf_free(x);
}

HF_OWN_DEFINE(item, struct item, item_free);
HF_LIST_DEFINE(items, item_own, struct item, link);

static struct item_own item_new(int id)
{
	hf_let(item, x, hf_expect(hf_new(item, GFP_KERNEL), "no failure is injected"));

	hf_mut(x)->id = id;
	return hf_move(x);
}

#define ITEMS 9

/* A list of 1 … n, and who is where. */
static void items_fill(struct items *l, struct item **at, int n)
{
	freed = 0;
	items_init(l);
	for (int i = 1; i <= n; i++) {
		hf_let(item, x, item_new(i));

		at[i] = hf_mut(x);
		items_push_back(l, hf_move(x));
	}
}

/* The list's ids in order, as the digits of a number. */
static int order(struct items *l)
{
	int digits = 0;
	hf_list_cursor(c, l);

	for (const struct item *x; (x = items_next(&c));)
		digits = digits * 10 + x->id;
	return digits;
}

static void items_end(struct items *l)
{
	items_clear(l);
	items_fini(l);
}

/* Remove an element that is there, and drop it. */
static void drop(struct items *l, const struct item *x)
{
	hf_let(item, gone, hf_expect(items_remove(l, x), "it is in the list"));
	HF_EXPECT_PTR_EQ(hf_ref(gone), x);
}

/* --- both ends -------------------------------------------------------------------------------- */

HF_TEST(list, new_is_empty)
{
	struct items l;

	items_init(&l);
	HF_EXPECT(items_empty(&l));
	HF_EXPECT_PTR_EQ(items_front(&l), NULL);
	HF_EXPECT_EQ(order(&l), 0);
	items_fini(&l);
}

HF_TEST(list, push_back_keeps_order)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	HF_EXPECT(!items_empty(&l));
	HF_EXPECT_EQ(order(&l), 1234);
	HF_EXPECT_PTR_EQ(items_front(&l), at[1]);
	items_end(&l);
}

HF_TEST(list, push_front_reverses_order)
{
	struct items l;

	items_init(&l);
	for (int i = 1; i <= 4; i++)
		items_push_front(&l, item_new(i));
	HF_EXPECT_EQ(order(&l), 4321);
	items_end(&l);
}

HF_TEST(list, pop_front_gives_the_first)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	for (int i = 1; i <= 3; i++) {
		hf_let(item, x, items_pop_front(&l));
		HF_EXPECT_PTR_EQ(hf_ref(x), at[i]);
		HF_EXPECT(!hf_linked(&hf_ref(x)->link));
	}
	HF_EXPECT_EQ(freed, 123);
	HF_EXPECT(items_empty(&l));
	items_fini(&l);
}

HF_TEST(list, pop_back_gives_the_last)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	for (int i = 3; i >= 1; i--) {
		hf_let(item, x, items_pop_back(&l));
		HF_EXPECT_PTR_EQ(hf_ref(x), at[i]);
	}
	HF_EXPECT_EQ(freed, 321);
	HF_EXPECT(items_empty(&l));
	items_fini(&l);
}

HF_TEST(list, pop_of_empty_gives_an_empty_owner)
{
	struct items l;

	items_init(&l);
	{
		hf_let(item, first, items_pop_front(&l));
		hf_let(item, last, items_pop_back(&l));

		HF_EXPECT(hf_is_empty(first));
		HF_EXPECT(hf_is_empty(last));
	}
	items_fini(&l);
}

HF_TEST(list, push_and_pop_mixed)
{
	struct items l;

	freed = 0;
	items_init(&l);
	items_push_back(&l, item_new(2));
	items_push_front(&l, item_new(1));
	items_push_back(&l, item_new(3));
	HF_EXPECT_EQ(order(&l), 123);
	{
		hf_let(item, x, items_pop_back(&l));
		items_push_front(&l, hf_move(x));
	}
	HF_EXPECT_EQ(order(&l), 312);
	HF_EXPECT_EQ(freed, 0);
	items_end(&l);
	HF_EXPECT_EQ(freed, 312);
}

HF_TEST(list, front_does_not_remove)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 2);
	HF_EXPECT_EQ(items_front(&l)->id, 1);
	HF_EXPECT_EQ(items_front(&l)->id, 1);
	HF_EXPECT_EQ(order(&l), 12);
	items_end(&l);
}

/* --- removal ---------------------------------------------------------------------------------- */

HF_TEST(list, remove_first_middle_and_last)
{
	static const struct {
		int which, left, reversed;
	} table[] = { { 1, 2345, 5432 }, { 3, 1245, 5421 }, { 5, 1234, 4321 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		struct item *at[ITEMS + 1];
		struct items l;

		items_fill(&l, at, 5);
		drop(&l, at[table[i].which]);
		HF_EXPECT_EQ(freed, table[i].which);
		HF_EXPECT_EQ(order(&l), table[i].left);
		/* The links backwards, too. */
		freed = 0;
		while (!items_empty(&l)) {
			hf_let(item, x, items_pop_back(&l));
			HF_EXPECT(!hf_is_empty(x));
		}
		HF_EXPECT_EQ(freed, table[i].reversed);
		items_fini(&l);
	}
}

HF_TEST(list, remove_only)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 1);
	drop(&l, at[1]);
	HF_EXPECT(items_empty(&l));
	items_push_back(&l, item_new(2));
	HF_EXPECT_EQ(order(&l), 2);
	items_end(&l);
}

HF_TEST(list, remove_gives_ownership_back)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	{
		hf_let(item, x, hf_expect(items_remove(&l, at[2]), "it is in the list"));

		HF_EXPECT_EQ(freed, 0);
		HF_EXPECT(!hf_linked(&hf_ref(x)->link));
		HF_EXPECT(hf_linked(&at[1]->link));
		items_push_back(&l, hf_move(x));
	}
	HF_EXPECT_EQ(freed, 0);
	HF_EXPECT_EQ(order(&l), 132);
	items_end(&l);
	HF_EXPECT_EQ(freed, 132);
}

HF_TEST(list, remove_of_unlinked_is_an_error)
{
	struct items l;

	items_init(&l);
	{
		hf_let(item, fresh, item_new(1));

		HF_EXPECT_ERR(items_remove(&l, hf_ref(fresh)), -ENOENT);
		items_push_back(&l, hf_move(fresh));
	}
	{
		hf_let(item, popped, items_pop_front(&l));

		HF_ASSERT(!hf_is_empty(popped));
		HF_EXPECT_ERR(items_remove(&l, hf_ref(popped)), -ENOENT);
	}
	items_fini(&l);
}

static int remove_twice(struct items *l, const struct item *x)
{
	hf_let(item, first, hf_try(items_remove(l, x)));
	hf_let(item, second, hf_try(items_remove(l, x)));

	return 0;
}

HF_TEST(list, remove_twice_is_an_error)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	HF_EXPECT_EQ(remove_twice(&l, at[2]), -ENOENT);
	HF_EXPECT_EQ(freed, 2);
	HF_EXPECT_EQ(order(&l), 13);
	items_end(&l);
}

/* --- foreign removal, double insertion -------------------------------------------------------- */

/* All that a list and its elements consist of, byte for byte. */
struct snapshot {
	struct items l;
	struct item items[ITEMS];
	int n;
};

static void snapshot_take(struct snapshot *s, const struct items *l, struct item *const *at, int n)
{
	memcpy(&s->l, l, sizeof(s->l));
	for (int i = 0; i < n; i++)
		memcpy(&s->items[i], at[i + 1], sizeof(s->items[i]));
	s->n = n;
}

static bool snapshot_is(const struct snapshot *s, const struct items *l, struct item *const *at)
{
	bool same = !memcmp(&s->l, l, sizeof(s->l));

	for (int i = 0; i < s->n; i++)
		same = same && !memcmp(&s->items[i], at[i + 1], sizeof(s->items[i]));
	return same;
}

static int removal(struct items *l, const struct item *x)
{
	hf_let(item, gone, hf_try(items_remove(l, x)));

	return 0;
}

HF_TEST(list, foreign_removal_is_refused_and_touches_nothing)
{
	static struct item *a_at[ITEMS + 1], *b_at[ITEMS + 1];
	static struct snapshot a_then, b_then;
	static struct items a, b;

	items_fill(&a, a_at, 3);
	items_fill(&b, b_at, 3);
	snapshot_take(&a_then, &a, a_at, 3);
	snapshot_take(&b_then, &b, b_at, 3);
	for (int i = 1; i <= 3; i++) {
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&b, a_at[i]), -EXDEV);
		}
		HF_EXPECT(snapshot_is(&a_then, &a, a_at));
		HF_EXPECT(snapshot_is(&b_then, &b, b_at));
	}
	HF_EXPECT_EQ(freed, 0);
	items_end(&a);
	items_end(&b);
	HF_EXPECT_EQ(freed, 123123);
}

HF_TEST(list, removal_through_an_empty_list_is_refused)
{
	static struct item *at[ITEMS + 1];
	static struct snapshot then;
	static struct items l, empty;

	items_fill(&l, at, 1);
	items_init(&empty);
	snapshot_take(&then, &l, at, 1);
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(removal(&empty, at[1]), -EXDEV);
	}
	HF_EXPECT(snapshot_is(&then, &l, at));
	HF_EXPECT(items_empty(&empty));
	items_end(&l);
	items_fini(&empty);
}

HF_TEST(list, double_insertion_is_reported_and_touches_nothing)
{
	static struct item *a_at[ITEMS + 1], *b_at[ITEMS + 1];
	static struct snapshot a_then, b_then;
	static struct items a, b;

	items_fill(&a, a_at, 3);
	items_fill(&b, b_at, 2);
	snapshot_take(&a_then, &a, a_at, 3);
	snapshot_take(&b_then, &b, b_at, 2);
	for (int i = 1; i <= 3; i++) {
		/* SAFETY: it is not: the list owns it. That is what shall be found. */
		HF_EXPECT_REPORT(HF_LIST) {
			items_push_back(&a, hf_adopt_unchecked(item, a_at[i]));
		}
		/* SAFETY: as above. */
		HF_EXPECT_REPORT(HF_LIST) {
			items_push_front(&a, hf_adopt_unchecked(item, a_at[i]));
		}
		/* SAFETY: as above. */
		HF_EXPECT_REPORT(HF_LIST) {
			items_push_back(&b, hf_adopt_unchecked(item, a_at[i]));
		}
		/* SAFETY: as above. */
		HF_EXPECT_REPORT(HF_LIST) {
			items_push_front(&b, hf_adopt_unchecked(item, a_at[i]));
		}
		HF_EXPECT(snapshot_is(&a_then, &a, a_at));
		HF_EXPECT(snapshot_is(&b_then, &b, b_at));
	}
	items_end(&a);
	items_end(&b);
	HF_EXPECT_EQ(freed, 12312);
}

HF_TEST(list, push_of_an_empty_owner_is_a_violation)
{
	static struct items l;

	items_init(&l);
	HF_EXPECT_VIOLATION(HF_MOVED) {
		items_push_back(&l, (struct item_own){ 0 });
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		items_push_front(&l, (struct item_own){ 0 });
	}
	HF_EXPECT(items_empty(&l));
	items_fini(&l);
}

/* --- the end of elements and lists ------------------------------------------------------------ */

HF_TEST(list, drop_while_linked_is_a_violation)
{
	static struct item *at[ITEMS + 1];
	static struct items l;

	items_fill(&l, at, 3);
	HF_EXPECT_VIOLATION(HF_LIST) {
		/* SAFETY: it is not: the list owns it. That is what shall be found. */
		struct item_own stolen = hf_adopt_unchecked(item, at[2]);

		item_own_drop(&stolen);
	}
	HF_EXPECT_EQ(freed, 0);
	HF_EXPECT_EQ(order(&l), 123);
	items_end(&l);
}

HF_TEST(list, fini_while_not_empty_is_a_violation)
{
	static struct item *at[ITEMS + 1];
	static struct items l;

	items_fill(&l, at, 1);
	HF_EXPECT_VIOLATION(HF_LIST) {
		items_fini(&l);
	}
	items_end(&l);
}

HF_TEST(list, clear_drops_all_in_order)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	items_clear(&l);
	HF_EXPECT_EQ(freed, 1234);
	HF_EXPECT(items_empty(&l));
	items_clear(&l);
	HF_EXPECT_EQ(freed, 1234);
	items_fini(&l);
}

HF_TEST(list, moved_list_is_a_violation)
{
	static struct item *at[ITEMS + 1];
	static struct items l, copy;

	items_fill(&l, at, 2);
	memcpy(&copy, &l, sizeof(copy));
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_PIN) {
			HF_EXPECT(!items_empty(&copy));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			hf_let(item, x, items_pop_front(&copy));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			/* SAFETY: it is not: the list owns it; but nothing shall happen. */
			items_push_back(&copy, hf_adopt_unchecked(item, at[1]));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			hf_list_cursor(c, &copy);
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			items_fini(&copy);
		}
	}
	/* Its elements do not follow it, in any build. */
	if (!HF_DEBUG)
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&copy, at[1]), -EXDEV);
		}
	HF_EXPECT_EQ(order(&l), 12);
	items_end(&l);
}

/* --- loops ------------------------------------------------------------------------------------ */

HF_TEST(list, cursor_survives_removal_of_the_current)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 5);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id & 1)
				drop(&l, x);
		}
		HF_EXPECT_EQ(seen, 12345);
	}
	HF_EXPECT_EQ(freed, 135);
	HF_EXPECT_EQ(order(&l), 24);
	items_end(&l);
}

HF_TEST(list, cursor_survives_removal_of_the_next)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 6);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 2)
				drop(&l, at[3]);
			if (x->id == 5)
				drop(&l, at[6]);
		}
		HF_EXPECT_EQ(seen, 1245);
	}
	HF_EXPECT_EQ(order(&l), 1245);
	items_end(&l);
}

HF_TEST(list, cursor_survives_removal_of_several_that_follow)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 6);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 2)
				for (int i = 3; i <= 5; i++)
					drop(&l, at[i]);
		}
		HF_EXPECT_EQ(seen, 126);
	}
	items_end(&l);
}

HF_TEST(list, cursor_survives_removal_of_the_previous)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id > 1)
				drop(&l, at[x->id - 1]);
		}
		HF_EXPECT_EQ(seen, 1234);
	}
	HF_EXPECT_EQ(freed, 123);
	HF_EXPECT_EQ(order(&l), 4);
	items_end(&l);
}

HF_TEST(list, cursor_survives_removal_of_all)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 2)
				items_clear(&l);
		}
		HF_EXPECT_EQ(seen, 12);
	}
	HF_EXPECT_EQ(freed, 1234);
	items_fini(&l);
}

HF_TEST(list, cursor_survives_reinsertion_in_front)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			hf_let(item, moved, hf_expect(items_remove(&l, x), "it is in the list"));
			items_push_front(&l, hf_move(moved));
		}
		HF_EXPECT_EQ(seen, 1234);
	}
	HF_EXPECT_EQ(order(&l), 4321);
	items_end(&l);
}

HF_TEST(list, cursor_sees_again_what_is_reinserted_at_the_end)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			const bool first_time = seen < 100;

			seen = seen * 10 + x->id;
			if (first_time) {
				hf_let(item, moved, hf_expect(items_remove(&l, x), "it is there"));
				items_push_back(&l, hf_move(moved));
			}
		}
		HF_EXPECT_EQ(seen, 123123);
	}
	HF_EXPECT_EQ(order(&l), 123);
	items_end(&l);
}

HF_TEST(list, cursor_sees_what_is_appended)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 2);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 1)
				items_push_back(&l, item_new(3));
		}
		HF_EXPECT_EQ(seen, 123);
	}
	items_end(&l);
}

HF_TEST(list, cursor_at_the_last_sees_what_is_appended)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 1);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id < 5)
				items_push_back(&l, item_new(x->id + 1));
			/* It may even be the only one. */
			if (x->id > 2)
				drop(&l, x);
		}
		HF_EXPECT_EQ(seen, 12345);
	}
	HF_EXPECT_EQ(order(&l), 12);
	items_end(&l);
}

HF_TEST(list, cursor_does_not_see_what_is_put_in_front)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 2);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			items_push_front(&l, item_new(x->id + 5));
		}
		HF_EXPECT_EQ(seen, 12);
	}
	HF_EXPECT_EQ(order(&l), 7612);
	items_end(&l);
}

HF_TEST(list, cursor_of_an_empty_list_ends_at_once)
{
	struct items l;

	items_init(&l);
	{
		hf_list_cursor(c, &l);

		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
	}
	items_fini(&l);
}

HF_TEST(list, cursors_nest)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		int outer = 0, inner = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_next(&c));) {
			hf_list_cursor(d, &l);

			outer = outer * 10 + x->id;
			/* 1 drops 2, which the outer loop is about to visit, and 3 drops itself. */
			for (struct item *y; (y = items_next(&d));) {
				inner = inner * 10 + y->id;
				if ((x->id == 1 && y->id == 2) || (x->id == 3 && y->id == 3)) {
					drop(&l, y);
					break;
				}
			}
		}
		HF_EXPECT_EQ(outer, 134);
		HF_EXPECT_EQ(inner, 121314);
	}
	HF_EXPECT_EQ(order(&l), 14);
	items_end(&l);
}

HF_TEST(list, inner_cursor_removes_what_both_visit_next)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		hf_list_cursor(c, &l);
		hf_list_cursor(d, &l);

		HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
		HF_EXPECT_PTR_EQ(items_next(&d), at[1]);
		drop(&l, at[2]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[3]);
		HF_EXPECT_PTR_EQ(items_next(&d), at[3]);
		drop(&l, at[4]);
		HF_EXPECT_PTR_EQ(items_next(&d), NULL);
		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
	}
	items_end(&l);
}

/* After a loop that was left early the list knows no cursor any more. */
HF_TEST(list, cursor_ends_with_its_scope)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	for (int i = 0; i < 2; i++) {
		hf_list_cursor(c, &l);

		for (const struct item *x; (x = items_next(&c));)
			if (x->id == 2)
				break;
		if (i == 0)
			continue;
		HF_EXPECT_PTR_EQ(items_next(&c), at[3]);
	}
	/* Would write to the cursors' stack frames if it did not. */
	drop(&l, at[2]);
	drop(&l, at[3]);
	HF_EXPECT_EQ(order(&l), 1);
	items_end(&l);
}

/* --- moving aside ----------------------------------------------------------------------------- */

HF_TEST(list, take_all_appends_in_order)
{
	struct item *at[ITEMS + 1];
	struct items to, from;

	items_fill(&from, at, 3);
	items_init(&to);
	items_push_back(&to, item_new(8));
	items_push_back(&to, item_new(9));
	items_take_all(&to, &from);
	HF_EXPECT(items_empty(&from));
	HF_EXPECT_EQ(order(&to), 89123);
	items_take_all(&to, &from);
	HF_EXPECT_EQ(order(&to), 89123);
	items_fini(&from);
	items_end(&to);
}

HF_TEST(list, take_all_of_itself_changes_nothing)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	items_take_all(&l, &l);
	HF_EXPECT_EQ(order(&l), 123);
	items_end(&l);
}

HF_TEST(list, take_all_ends_loops_over_the_source)
{
	struct item *at[ITEMS + 1];
	struct items to, from;

	items_fill(&from, at, 4);
	items_init(&to);
	{
		int seen = 0;
		hf_list_cursor(c, &from);

		for (const struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 2)
				items_take_all(&to, &from);
		}
		HF_EXPECT_EQ(seen, 12);
	}
	HF_EXPECT_EQ(order(&to), 1234);
	items_fini(&from);
	items_end(&to);
}

HF_TEST(list, take_all_restamps)
{
	static struct item *at[ITEMS + 1];
	static struct snapshot then;
	static struct items list, aside;

	items_fill(&list, at, 3);
	items_init(&aside);
	items_take_all(&aside, &list);
	snapshot_take(&then, &aside, at, 3);
	for (int i = 1; i <= 3; i++) {
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&list, at[i]), -EXDEV);
		}
		HF_EXPECT(snapshot_is(&then, &aside, at));
	}
	HF_EXPECT(items_empty(&list));
	drop(&aside, at[2]);
	HF_EXPECT_EQ(order(&aside), 13);
	items_end(&aside);
	items_fini(&list);
}

/* --- lists of shared owners ------------------------------------------------------------------- */

struct death {
	struct hf_refs refs;
	struct hf_link link;
	int id;
};

static int destroyed, released;

static void death_destroy(struct death *d)
{
	hf_link_fini(&d->link);
	__atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
}

static void death_release(struct death *d)
{
	__atomic_fetch_add(&released, 1, __ATOMIC_RELAXED);
	hf_free(d);
}

HF_ARC_DEFINE(death, struct death, refs, death_destroy, death_release);
HF_LIST_DEFINE(deaths, death_arc, struct death, link);

static struct death_arc death_new(int id)
{
	hf_let_arc(death, d, hf_expect(hf_new_arc(death, GFP_KERNEL), "no failure is injected"));

	hf_expect(hf_arc_unique(d), "it is new")->id = id;
	return hf_move(d);
}

HF_TEST(list, owns_a_reference_of_each_arc)
{
	struct deaths l;

	destroyed = released = 0;
	deaths_init(&l);
	{
		hf_let_arc(death, d, death_new(1));

		deaths_push_back(&l, hf_clone(d));
		HF_EXPECT_EQ(hf_errno(hf_arc_unique(d)), -EBUSY);
		deaths_push_back(&l, death_new(2));
	}
	/* The list keeps both alive. */
	HF_EXPECT_EQ(destroyed, 0);
	HF_EXPECT_EQ(deaths_front(&l)->id, 1);
	{
		hf_let_arc(death, d, deaths_pop_front(&l));

		HF_EXPECT_EQ(hf_ref(d)->id, 1);
		HF_EXPECT(hf_is_ok(hf_arc_unique(d)));
	}
	HF_EXPECT_EQ(destroyed, 1);
	deaths_clear(&l);
	HF_EXPECT_EQ(destroyed, 2);
	HF_EXPECT_EQ(released, 2);
	deaths_fini(&l);
}

HF_TEST(list, removal_gives_the_reference_of_the_list_back)
{
	struct deaths l;

	destroyed = released = 0;
	deaths_init(&l);
	{
		hf_let_arc(death, d, death_new(1));

		deaths_push_front(&l, hf_clone(d));
		{
			hf_let_arc(death, x,
				   hf_expect(deaths_remove(&l, hf_ref(d)), "it is there"));

			HF_EXPECT_PTR_EQ(hf_ref(x), hf_ref(d));
			HF_EXPECT_EQ(hf_errno(hf_arc_unique(d)), -EBUSY);
		}
		HF_EXPECT(hf_is_ok(hf_arc_unique(d)));
	}
	HF_EXPECT_EQ(destroyed, 1);
	deaths_fini(&l);
}

/* --- CVE-2025-68260 ------------------------------------------------------------------------------
 *
 * A node's deaths are moved aside under its lock and dropped without it, while other threads take
 * the lock and cancel a death "from the node's list".
 */
struct node_inner {
	struct deaths deaths;
};

HF_LOCKED_DEFINE(locked_node, mutex, struct node_inner);

#define DEATHS		8
#define ROUNDS		300

static struct locked_node node;
static struct death_arc death_table[DEATHS];
static int refused, foreign, cancelled, gate;

static void count_foreign(const struct hf_violation_report *r)
{
	HF_EXPECT_EQ(r->site->kind, HF_LIST);
	__atomic_fetch_add(&foreign, 1, __ATOMIC_RELAXED);
}

static int cancel(const struct death *d)
{
	hf_lock(n, &node);
	hf_let_arc(death, x, hf_try(deaths_remove(&n->deaths, d)));

	return 0;
}

static void cancel_all(void *unused)
{
	(void)unused;
	__atomic_fetch_add(&gate, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&gate, __ATOMIC_ACQUIRE) < 2)
		hf_test_yield();
	for (int i = 0; i < DEATHS; i++) {
		/* SAFETY: the table keeps it alive; a field that is only read. */
		int err = cancel(death_table[i].own.ptr_);

		if (err == 0)
			cancelled++;
		else if (err == -EXDEV)
			refused++;
		else
			HF_EXPECT_EQ(err, -ENOENT);
	}
}

static void node_release(void)
{
	struct deaths aside;

	deaths_init(&aside);
	{
		hf_lock(n, &node);
		deaths_take_all(&aside, &n->deaths);
	}
	for (;;) {
		hf_let_arc(death, d, deaths_pop_front(&aside));

		if (hf_is_empty(d))
			break;
		HF_EXPECT(!hf_linked(&hf_ref(d)->link));
	}
	deaths_fini(&aside);
}

HF_TEST(list, moved_aside_while_others_remove)
{
	hf_violation_hook *hook = hf_test_set_hook(count_foreign);

	destroyed = released = refused = foreign = cancelled = 0;
	hf_lock_init(&node);
	/* SAFETY: not shared yet. */
	deaths_init(&hf_lock_get_mut_unchecked(&node)->deaths);
	/* What is refused is not detected there, but the race is the bug that it was. */
	for (int round = 0; HF_TEST_CHECKED && round < ROUNDS; round++) {
		struct hf_test_thread thread;

		for (int i = 0; i < DEATHS; i++) {
			hf_let_arc(death, d, death_new(i));

			{
				hf_lock(n, &node);
				deaths_push_back(&n->deaths, hf_clone(d));
			}
			hf_set(death_table[i], hf_move(d));
		}
		gate = 0;
		hf_test_spawn(&thread, cancel_all, NULL);
		__atomic_fetch_add(&gate, 1, __ATOMIC_ACQ_REL);
		while (__atomic_load_n(&gate, __ATOMIC_ACQUIRE) < 2)
			hf_test_yield();
		node_release();
		hf_test_join(&thread);
		for (int i = 0; i < DEATHS; i++) {
			hf_let_arc(death, d, hf_take(death_table[i]));
			HF_EXPECT(!hf_is_empty(d));
		}
		HF_EXPECT_EQ(destroyed, DEATHS * (round + 1));
	}
	{
		hf_lock(n, &node);
		deaths_fini(&n->deaths);
	}
	HF_EXPECT_EQ(destroyed, released);
	HF_EXPECT_EQ(foreign, refused);
	hf_lock_fini(&node);
	(void)hf_test_set_hook(hook);
}
