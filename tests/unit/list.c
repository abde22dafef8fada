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

/* The ids of the freed elements, in order, as the digits of a number. */
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

/* Fills a list with elements 1 … n; at[i] points to element i. */
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

/* The ids of the list's elements, in order, as the digits of a number. */
static int order(struct items *l)
{
	int digits = 0;
	hf_list_cursor(c, l);

	for (const struct item *x; (x = items_next(&c));)
		digits = digits * 10 + x->id;
	return digits;
}

static const struct item *front(const struct items *l)
{
	return hf_expect(items_front(l), "it is not empty");
}

static const struct item *back(const struct items *l)
{
	return hf_expect(items_back(l), "it is not empty");
}

static int backwards(const struct items *l)
{
	int digits = 0;
	hf_list_cursor(c, l);

	for (const struct item *x; (x = items_prev(&c));)
		digits = digits * 10 + x->id;
	return digits;
}

static int reversed(int digits)
{
	int out = 0;

	for (; digits; digits /= 10)
		out = out * 10 + digits % 10;
	return out;
}

static void items_end(struct items *l)
{
	items_clear(l);
	items_fini(l);
}

/* Removes an element of the list and drops it. */
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
	HF_EXPECT_ERR(items_front(&l), -ENODATA);
	HF_EXPECT_ERR(items_back(&l), -ENODATA);
	HF_EXPECT_ERR(items_front_mut(&l), -ENODATA);
	HF_EXPECT_ERR(items_back_mut(&l), -ENODATA);
	HF_EXPECT_EQ(order(&l), 0);
	items_fini(&l);
}

HF_TEST(list, has_its_own_elements)
{
	struct item *at[ITEMS + 1], *others[ITEMS + 1];
	struct items l, other;

	items_fill(&l, at, 2);
	items_fill(&other, others, 1);
	HF_EXPECT(items_has(&l, at[1]));
	HF_EXPECT(!items_has(&other, at[1]));
	HF_EXPECT(!items_has(&l, others[1]));
	items_take_all(&l, &other);
	HF_EXPECT(items_has(&l, others[1]));
	hf_let(item, out, hf_expect(items_remove(&l, at[1]), "it is there"));
	HF_EXPECT(!items_has(&l, hf_ref(out)));
	items_clear(&l);
	items_fini(&l);
	items_fini(&other);
}

HF_TEST(list, push_back_keeps_order)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	HF_EXPECT(!items_empty(&l));
	HF_EXPECT_EQ(order(&l), 1234);
	HF_EXPECT_PTR_EQ(front(&l), at[1]);
	HF_EXPECT_PTR_EQ(back(&l), at[4]);
	hf_expect(items_front_mut(&l), "it is not empty")->id = 5;
	hf_expect(items_back_mut(&l), "it is not empty")->id = 6;
	HF_EXPECT_EQ(order(&l), 5236);
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
		hf_let(item, x, hf_expect(items_pop_front(&l), "it is not empty"));
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
		hf_let(item, x, hf_expect(items_pop_back(&l), "it is not empty"));
		HF_EXPECT_PTR_EQ(hf_ref(x), at[i]);
	}
	HF_EXPECT_EQ(freed, 321);
	HF_EXPECT(items_empty(&l));
	items_fini(&l);
}

HF_TEST(list, pop_of_empty_is_an_error)
{
	struct items l;

	items_init(&l);
	HF_EXPECT_ERR(items_pop_front(&l), -ENODATA);
	HF_EXPECT_ERR(items_pop_back(&l), -ENODATA);
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
		hf_let(item, x, hf_expect(items_pop_back(&l), "it is not empty"));
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
	HF_EXPECT_EQ(front(&l)->id, 1);
	HF_EXPECT_EQ(front(&l)->id, 1);
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
		/* The backward links are right as well. */
		freed = 0;
		while (!items_empty(&l)) {
			hf_let(item, x, hf_expect(items_pop_back(&l), "it is not empty"));
			HF_EXPECT(!hf_linked(&hf_ref(x)->link));
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
		hf_let(item, popped, hf_expect(items_pop_front(&l), "it is not empty"));

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

/* A copy of the bytes of a list and its elements. */
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
		/* SAFETY: wrong on purpose, as the list owns it: a violation is expected. */
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
		/* SAFETY: wrong on purpose, as the list owns it: a violation is expected. */
		struct item_own stolen = hf_adopt_unchecked(item, at[2]);

		item_own_drop(&stolen);
	}
	if (HF_TEST_CHECKED) {
		HF_EXPECT_STR_EQ(hf_test_violation()->expr, "'&x->link' is still in a list");
		HF_EXPECT_STR_EQ(hf_test_violation()->func, "item_free");
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
			HF_EXPECT_OK(items_pop_front(&copy));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			/* SAFETY: the list owns it, but the violation comes before a change. */
			items_push_back(&copy, hf_adopt_unchecked(item, at[1]));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			hf_list_cursor(c, &copy);
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			items_fini(&copy);
		}
	}
	/* The elements belong to the original, not to the copy, in every build. */
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
			/* The removed element may be the only one. */
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
			/* At 1 the inner loop drops 2, the outer loop's next; at 3 it drops 3. */
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

/* A loop that is left early unregisters its cursor. */
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
	/* If the cursors were still registered, this would write to them after their scope. */
	drop(&l, at[2]);
	drop(&l, at[3]);
	HF_EXPECT_EQ(order(&l), 1);
	items_end(&l);
}

/* --- insertion beside an element --------------------------------------------------------------- */

HF_TEST(list, insert_before_and_after)
{
	static const struct {
		int at, before, after;
	} table[] = { { 1, 9123, 1923 }, { 2, 1923, 1293 }, { 3, 1293, 1239 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		struct item *at[ITEMS + 1];
		struct items l;

		items_fill(&l, at, 3);
		HF_EXPECT_EQ(items_insert_before(&l, at[table[i].at], item_new(9)), 0);
		HF_EXPECT_EQ(order(&l), table[i].before);
		items_end(&l);
		items_fill(&l, at, 3);
		HF_EXPECT_EQ(items_insert_after(&l, at[table[i].at], item_new(9)), 0);
		HF_EXPECT_EQ(order(&l), table[i].after);
		HF_EXPECT_EQ(backwards(&l), reversed(table[i].after));
		items_end(&l);
	}
}

/* If the insertion fails, the new element is dropped. */
HF_TEST(list, insert_beside_what_is_in_no_list_or_another)
{
	static struct item *at[ITEMS + 1], *b_at[ITEMS + 1];
	static struct items l, b;

	items_fill(&b, b_at, 2);
	items_fill(&l, at, 2);
	{
		hf_let(item, loose, item_new(3));

		HF_EXPECT_EQ(items_insert_before(&l, hf_ref(loose), item_new(4)), -ENOENT);
		HF_EXPECT_EQ(items_insert_after(&l, hf_ref(loose), item_new(5)), -ENOENT);
		HF_EXPECT_EQ(freed, 45);
	}
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(items_insert_before(&l, b_at[1], item_new(6)), -EXDEV);
	}
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(items_insert_after(&l, b_at[2], item_new(7)), -EXDEV);
	}
	if (HF_TEST_CHECKED)
		HF_EXPECT_EQ(freed, 45367);
	HF_EXPECT_EQ(order(&l), 12);
	HF_EXPECT_EQ(order(&b), 12);
	items_end(&l);
	items_end(&b);
}

HF_TEST(list, insert_of_what_is_in_a_list_is_reported)
{
	static struct item *at[ITEMS + 1];
	static struct items l;

	items_fill(&l, at, 3);
	/* SAFETY: wrong on purpose, as the list owns it: a violation is expected. */
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(items_insert_before(&l, at[1], hf_adopt_unchecked(item, at[3])), -EEXIST);
	}
	/* SAFETY: as above. */
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(items_insert_after(&l, at[1], hf_adopt_unchecked(item, at[3])), -EEXIST);
	}
	/* SAFETY: as above. */
	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT_EQ(items_try_push_back(&l, hf_adopt_unchecked(item, at[3])), -EEXIST);
	}
	HF_EXPECT_EQ(freed, 0);
	HF_EXPECT_EQ(order(&l), 123);
	items_end(&l);
}

/* --- backwards ---------------------------------------------------------------------------------- */

HF_TEST(list, prev_visits_in_reverse)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 5);
	HF_EXPECT_EQ(backwards(&l), 54321);
	items_end(&l);
	items_init(&l);
	HF_EXPECT_EQ(backwards(&l), 0);
	items_fini(&l);
}

HF_TEST(list, prev_and_next_undo_each_other)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 3);
	{
		hf_list_cursor(c, &l);

		HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[2]);
		HF_EXPECT_PTR_EQ(items_prev(&c), at[1]);
		/* At either end the cursor does not move. */
		HF_EXPECT_PTR_EQ(items_prev(&c), NULL);
		HF_EXPECT_PTR_EQ(items_prev(&c), NULL);
		HF_EXPECT_PTR_EQ(items_next(&c), at[2]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[3]);
		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
		HF_EXPECT_PTR_EQ(items_prev(&c), at[2]);
	}
	items_end(&l);
}

HF_TEST(list, prev_survives_removal_of_the_current)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 5);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_prev(&c));) {
			seen = seen * 10 + x->id;
			if (x->id & 1)
				drop(&l, x);
		}
		HF_EXPECT_EQ(seen, 54321);
	}
	HF_EXPECT_EQ(freed, 531);
	HF_EXPECT_EQ(order(&l), 24);
	items_end(&l);
}

HF_TEST(list, prev_survives_removal_of_the_next_ones)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 6);
	{
		int seen = 0;
		hf_list_cursor(c, &l);

		for (struct item *x; (x = items_prev(&c));) {
			seen = seen * 10 + x->id;
			if (x->id == 5) {
				drop(&l, at[5]);
				drop(&l, at[4]);
				drop(&l, at[3]);
				drop(&l, at[6]);
			}
		}
		HF_EXPECT_EQ(seen, 6521);
	}
	HF_EXPECT_EQ(order(&l), 12);
	items_end(&l);
}

/* After a removal the cursor stands in the gap, one step from either neighbour. */
HF_TEST(list, gap_is_between_its_neighbours)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 5);
	{
		hf_list_cursor(c, &l);
		hf_list_cursor(d, &l);

		for (int i = 1; i <= 3; i++) {
			HF_EXPECT_PTR_EQ(items_next(&c), at[i]);
			HF_EXPECT_PTR_EQ(items_next(&d), at[i]);
		}
		drop(&l, at[3]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[4]);
		HF_EXPECT_PTR_EQ(items_prev(&d), at[2]);
		/* The way back passes the gap. */
		HF_EXPECT_PTR_EQ(items_prev(&c), at[2]);
		HF_EXPECT_PTR_EQ(items_next(&d), at[4]);
		/* Removing the neighbours widens the gap. */
		drop(&l, at[4]);
		drop(&l, at[2]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[5]);
		HF_EXPECT_PTR_EQ(items_prev(&d), at[1]);
	}
	items_end(&l);
}

/*
 * A cursor stands in a gap.  prev finds what insert_before and push_front put beside the gap, next what
 * insert_after and push_back put there.
 */
HF_TEST(list, insertion_into_the_gap)
{
	static const struct {
		int next, prev;
	} table[] = { { 3, 9 }, { 9, 1 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		struct item *at[ITEMS + 1];
		struct items l;

		items_fill(&l, at, 3);
		{
			hf_list_cursor(c, &l);
			hf_list_cursor(d, &l);

			for (int n = 1; n <= 2; n++) {
				HF_EXPECT_PTR_EQ(items_next(&c), at[n]);
				HF_EXPECT_PTR_EQ(items_next(&d), at[n]);
			}
			drop(&l, at[2]);
			if (i == 0)
				HF_EXPECT_EQ(items_insert_before(&l, at[3], item_new(9)), 0);
			else
				HF_EXPECT_EQ(items_insert_after(&l, at[1], item_new(9)), 0);
			HF_EXPECT_EQ(order(&l), 193);
			HF_EXPECT_EQ(items_next(&c)->id, table[i].next);
			HF_EXPECT_EQ(items_prev(&d)->id, table[i].prev);
		}
		items_end(&l);
	}
}

HF_TEST(list, push_front_into_the_gap_is_seen_backwards)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 2);
	{
		hf_list_cursor(c, &l);
		hf_list_cursor(d, &l);

		HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
		HF_EXPECT_PTR_EQ(items_next(&d), at[1]);
		drop(&l, at[1]);
		items_push_front(&l, item_new(9));
		HF_EXPECT_EQ(items_prev(&c)->id, 9);
		HF_EXPECT_PTR_EQ(items_next(&d), at[2]);
	}
	/* A loop that has not begun visits elements that are inserted at either end. */
	{
		hf_list_cursor(c, &l);
		hf_list_cursor(d, &l);

		items_push_front(&l, item_new(8));
		items_push_back(&l, item_new(7));
		HF_EXPECT_EQ(items_next(&c)->id, 8);
		HF_EXPECT_EQ(items_prev(&d)->id, 7);
	}
	HF_EXPECT_EQ(order(&l), 8927);
	items_end(&l);
}

/* --- removal at the cursor ---------------------------------------------------------------------- */

HF_TEST(list, remove_at_gives_the_current)
{
	struct item *at[ITEMS + 1];
	struct items l;

	items_fill(&l, at, 4);
	{
		hf_list_cursor(c, &l);

		HF_EXPECT_ERR(items_remove_at(&c), -ENODATA);
		for (const struct item *x; (x = items_next(&c));)
			if (!(x->id & 1)) {
				hf_let(item, gone, hf_expect(items_remove_at(&c), "it is at one"));

				HF_EXPECT_PTR_EQ(hf_ref(gone), x);
				/* An element can be removed only once. */
				HF_EXPECT_ERR(items_remove_at(&c), -ENODATA);
			}
		/* At the end the cursor stays behind the last element, which was removed already. */
		HF_EXPECT_ERR(items_remove_at(&c), -ENODATA);
	}
	HF_EXPECT_EQ(freed, 24);
	HF_EXPECT_EQ(order(&l), 13);
	{
		hf_list_cursor(c, &l);

		HF_EXPECT_PTR_EQ(items_prev(&c), at[3]);
		drop(&l, at[3]);
		HF_EXPECT_ERR(items_remove_at(&c), -ENODATA);
		HF_EXPECT_PTR_EQ(items_prev(&c), at[1]);
		hf_let(item, gone, hf_expect(items_remove_at(&c), "it is at one"));
	}
	HF_EXPECT(items_empty(&l));
	items_fini(&l);
}

/* --- lists that are const ----------------------------------------------------------------------- */

HF_TEST(list, walk_of_a_const_list_writes_nothing)
{
	static struct item *at[ITEMS + 1];
	static struct snapshot then;
	static struct items l;
	const struct items *const shared = &l;
	int seen = 0;

	items_fill(&l, at, 4);
	snapshot_take(&then, &l, at, 4);
	{
		hf_list_cursor(c, shared);

		HF_EXPECT(snapshot_is(&then, &l, at));
		for (const struct item *x; (x = items_next(&c));) {
			hf_list_cursor(d, shared);

			HF_EXPECT(snapshot_is(&then, &l, at));
			for (const struct item *y; (y = items_prev(&d));)
				if (y->id == x->id)
					seen = seen * 10 + y->id;
		}
		HF_EXPECT_PTR_EQ(items_prev(&c), at[3]);
	}
	HF_EXPECT(snapshot_is(&then, &l, at));
	HF_EXPECT_EQ(seen, 1234);
	HF_EXPECT_EQ(front(shared)->id, 1);
	HF_EXPECT_EQ(back(shared)->id, 4);
	items_end(&l);
}

HF_TEST(list, removal_from_a_list_that_a_loop_takes_for_const)
{
	static struct item *at[ITEMS + 1];
	static struct item_own removed;
	static struct items l;
	const struct items *const shared = &l;

	items_fill(&l, at, 3);
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_LIST) {
			hf_list_cursor(c, shared);

			HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
			hf_set((removed), hf_expect(items_pop_front(&l), "it is not empty"));
			(void)items_next(&c);
		}
		hf_let(item, x, hf_take((removed)));
		HF_EXPECT_PTR_EQ(hf_ref(x), at[1]);
	}
	items_end(&l);
}

HF_LOCKED_DEFINE(locked_items, rwlock, struct items);

#define READERS		3

static struct locked_items table_of_readers;
static int reading, read_sum;

static void read_items(void *unused)
{
	int sum = 0;

	(void)unused;
	/* Relaxed: a stronger order between the readers could hide a race from ThreadSanitizer. */
	__atomic_fetch_add(&reading, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&reading, __ATOMIC_RELAXED) < READERS)
		hf_test_yield();
	hf_read_lock(l, &table_of_readers);
	for (int round = 0; round < 20; round++) {
		hf_list_cursor(c, l);

		for (const struct item *x; (x = items_next(&c));)
			sum += x->id;
	}
	__atomic_fetch_add(&read_sum, sum, __ATOMIC_RELAXED);
}

HF_TEST(list, several_readers_walk_at_once)
{
	struct hf_test_thread threads[READERS];
	struct item *at[ITEMS + 1];

	hf_lock_init(&table_of_readers);
	reading = read_sum = 0;
	/* SAFETY: there are no readers yet.  Not under the lock, which spins, as this allocates. */
	items_fill(hf_lock_get_mut_unchecked(&table_of_readers), at, ITEMS);
	for (int i = 0; i < READERS; i++)
		hf_test_spawn(&threads[i], read_items, NULL);
	for (int i = 0; i < READERS; i++)
		hf_test_join(&threads[i]);
	HF_EXPECT_EQ(read_sum, READERS * 20 * 45);
	{
		hf_write_lock(l, &table_of_readers);
		items_end(l);
	}
	hf_lock_fini(&table_of_readers);
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

static int evaluated;

static struct items *counted(struct items *l)
{
	evaluated++;
	return l;
}

static struct hf_link *counted_link(struct item *x)
{
	evaluated++;
	return &x->link;
}

HF_TEST(list, operands_are_evaluated_once)
{
	struct item *at[ITEMS + 1];
	struct items l;

	evaluated = 0;
	items_fill(&l, at, 2);
	{
		const struct items *const shared = &l;
		const struct items *walked = shared;
		hf_list_cursor(c, counted(&l));
		hf_list_cursor(d, walked++);

		HF_EXPECT_EQ(evaluated, 1);
		HF_EXPECT_PTR_EQ(walked, shared + 1);
		HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
		HF_EXPECT_PTR_EQ(items_next(&d), at[1]);
	}
	HF_EXPECT_EQ(evaluated, 1);
	drop(&l, at[2]);
	at[2] = hf_expect(items_front_mut(&l), "it is not empty");
	{
		hf_let(item, x, hf_expect(items_remove(&l, at[2]), "it is there"));

		hf_link_fini(counted_link(hf_mut(x)));
		HF_EXPECT_EQ(evaluated, 2);
	}
	items_fini(&l);
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
	/* The list's references keep both objects alive. */
	HF_EXPECT_EQ(destroyed, 0);
	HF_EXPECT_EQ(hf_expect(deaths_front(&l), "it is not empty")->id, 1);
	{
		hf_let_arc(death, d, hf_expect(deaths_pop_front(&l), "it is not empty"));

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

/* An object with two references can be in the list only once. */
HF_TEST(list, only_one_reference_can_insert)
{
	struct deaths a, b;

	destroyed = released = 0;
	deaths_init(&a);
	deaths_init(&b);
	{
		hf_let_arc(death, d, death_new(1));

		HF_EXPECT_EQ(deaths_try_push_back(&a, hf_clone(d)), 0);
		HF_EXPECT_EQ(deaths_try_push_back(&a, hf_clone(d)), -EEXIST);
		HF_EXPECT_EQ(deaths_try_push_front(&b, hf_clone(d)), -EEXIST);
		HF_EXPECT(deaths_empty(&b));
		{
			hf_let_arc(death, x, hf_expect(deaths_pop_front(&a), "it is not empty"));

			HF_EXPECT_PTR_EQ(hf_ref(x), hf_ref(d));
		}
		/* The refused reference was dropped. */
		HF_EXPECT_OK(hf_arc_unique(d));
		HF_EXPECT_EQ(deaths_try_push_front(&b, hf_move(d)), 0);
	}
	HF_EXPECT_EQ(destroyed, 0);
	deaths_clear(&b);
	HF_EXPECT_EQ(destroyed, 1);
	deaths_fini(&a);
	deaths_fini(&b);
}

HF_TEST(list, insertion_of_a_shared_object_twice_is_reported)
{
	static struct deaths a, b;

	destroyed = released = 0;
	deaths_init(&a);
	deaths_init(&b);
	{
		hf_let_arc(death, d, death_new(1));
		hf_let_arc(death, other, death_new(2));

		deaths_push_back(&a, hf_clone(d));
		deaths_push_back(&b, hf_clone(other));
		HF_EXPECT_REPORT(HF_LIST) {
			deaths_push_back(&b, hf_clone(d));
		}
		HF_EXPECT_REPORT(HF_LIST) {
			deaths_push_front(&a, hf_clone(d));
		}
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(deaths_insert_after(&b, hf_ref(other), hf_clone(d)), -EEXIST);
		}
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(deaths_insert_before(&a, hf_ref(other), hf_clone(d)), -EXDEV);
		}
		HF_EXPECT_EQ(hf_expect(deaths_back(&a), "it is not empty")->id, 1);
		HF_EXPECT_EQ(hf_expect(deaths_back(&b), "it is not empty")->id, 2);
	}
	/* The refused references were dropped; the lists still have theirs. */
	HF_EXPECT_EQ(destroyed, 0);
	deaths_clear(&a);
	deaths_clear(&b);
	HF_EXPECT_EQ(destroyed, 2);
	HF_EXPECT_EQ(released, 2);
}

/* --- one object in several lists ---------------------------------------------------------------- */

struct work {
	struct hf_refs refs;
	struct hf_link todo_link, all_link;
	int id;
};

static void work_destroy(struct work *w)
{
	hf_link_fini(&w->todo_link);
	hf_link_fini(&w->all_link);
	destroyed++;
}

static void work_release(struct work *w)
{
	hf_free(w);
}

HF_ARC_DEFINE(work, struct work, refs, work_destroy, work_release);
HF_LIST_DEFINE(todo, work_arc, struct work, todo_link);
HF_LIST_DEFINE(all, work_arc, struct work, all_link);

static int work_init(struct work *w, const int *id)
{
	w->id = *id;
	return 0;
}

HF_TEST(list, one_object_in_the_lists_of_two_links)
{
	struct todo todo;
	struct all all;

	destroyed = 0;
	todo_init(&todo);
	all_init(&all);
	for (int i = 1; i <= 4; i++) {
		hf_let_arc(work, w, hf_expect(hf_new_arc_with(work, GFP_KERNEL, work_init, &i), "no failure is injected"));

		all_push_back(&all, hf_clone(w));
		todo_push_front(&todo, hf_move(w));
	}
	{
		int seen = 0;
		hf_list_cursor(c, &all);

		/* Removes from one list what a cursor over the other one finds. */
		for (const struct work *at; (at = all_next(&c));) {
			seen = seen * 10 + at->id;
			if (at->id & 1) {
				hf_let_arc(work, done, hf_expect(todo_remove(&todo, at), "it is in both"));

				HF_EXPECT(!hf_linked(&hf_ref(done)->todo_link));
				HF_EXPECT(hf_linked(&hf_ref(done)->all_link));
			}
		}
		HF_EXPECT_EQ(seen, 1234);
	}
	HF_EXPECT_EQ(destroyed, 0);
	all_clear(&all);
	/* The other list's references keep 2 and 4 alive. */
	HF_EXPECT_EQ(destroyed, 2);
	HF_EXPECT_EQ(hf_expect(todo_front(&todo), "it is not empty")->id, 4);
	HF_EXPECT_EQ(hf_expect(todo_back(&todo), "it is not empty")->id, 2);
	todo_clear(&todo);
	HF_EXPECT_EQ(destroyed, 4);
	todo_fini(&todo);
	all_fini(&all);
}

/* --- the right to insert is unique --------------------------------------------------------------
 *
 * Each thread has a reference to the same object, and a list and a lock of its own.
 */
HF_LOCKED_DEFINE(locked_deaths, mutex, struct deaths);

#define CLAIMANTS	2
#define CLAIMS		400

static struct locked_deaths claimed[CLAIMANTS];
static struct death_arc wanted[CLAIMANTS];
static int claims[CLAIMANTS], arrived[2 * CLAIMS];

/* Waits for the other thread, without a deadline. */
static void meet(int *at)
{
	__atomic_fetch_add(at, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(at, __ATOMIC_ACQUIRE) < CLAIMANTS)
		hf_test_yield();
}

static int claim(struct locked_deaths *l, const struct death_arc *d)
{
	hf_lock(list, l);
	return deaths_try_push_back(list, hf_clone(*d));
}

/* In each round both threads try at once.  One inserts, and removes when both have tried. */
static void claim_in_rounds(void *which)
{
	const int me = *(const int *)which;

	for (int i = 0; i < CLAIMS; i++) {
		int err;

		meet(&arrived[2 * i]);
		err = claim(&claimed[me], &wanted[me]);
		meet(&arrived[2 * i + 1]);
		if (err) {
			HF_EXPECT_EQ(err, -EEXIST);
			continue;
		}
		claims[me]++;
		hf_lock(list, &claimed[me]);
		hf_let_arc(death, d, hf_expect(deaths_pop_front(list), "this thread has inserted it"));
		HF_EXPECT(deaths_empty(list));
	}
}

/* Both threads run without rounds.  The link moves between lists that have no lock in common. */
static void claim_at_will(void *which)
{
	const int me = *(const int *)which;

	for (int i = 0; i < CLAIMS; i++) {
		hf_lock(list, &claimed[me]);
		const int err = deaths_try_push_front(list, hf_clone(wanted[me]));

		if (err) {
			HF_EXPECT_EQ(err, -EEXIST);
			HF_EXPECT(deaths_empty(list));
			continue;
		}
		claims[me]++;
		hf_let_arc(death, d, hf_expect(deaths_remove(list, hf_ref(wanted[me])), "this thread has inserted it"));
		HF_EXPECT(deaths_empty(list));
	}
}

static void claim_by(void (*fn)(void *which))
{
	struct hf_test_thread threads[CLAIMANTS];
	int which[CLAIMANTS];

	destroyed = released = 0;
	memset(arrived, 0, sizeof(arrived));
	{
		hf_let_arc(death, d, death_new(1));

		for (int i = 0; i < CLAIMANTS; i++) {
			which[i] = i;
			claims[i] = 0;
			hf_set(wanted[i], hf_clone(d));
			hf_lock_init(&claimed[i]);
			hf_lock(list, &claimed[i]);
			deaths_init(list);
		}
	}
	for (int i = 0; i < CLAIMANTS; i++)
		hf_test_spawn(&threads[i], fn, &which[i]);
	for (int i = 0; i < CLAIMANTS; i++)
		hf_test_join(&threads[i]);
	for (int i = 0; i < CLAIMANTS; i++) {
		hf_let_arc(death, d, hf_take(wanted[i]));
		{
			hf_lock(list, &claimed[i]);
			deaths_fini(list);
		}
		hf_lock_fini(&claimed[i]);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

HF_TEST(list, one_of_two_threads_inserts)
{
	claim_by(claim_in_rounds);
	HF_EXPECT_EQ(claims[0] + claims[1], CLAIMS);
}

HF_TEST(list, a_link_goes_from_list_to_list_between_threads)
{
	claim_by(claim_at_will);
	HF_EXPECT(claims[0] + claims[1] > 0);
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
		/* SAFETY: the table keeps the object alive, and nobody writes this field. */
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
	while (!deaths_empty(&aside)) {
		hf_let_arc(death, d, hf_expect(deaths_pop_front(&aside), "it is not empty"));
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
	/* Without checks nothing is refused, and the race is the original bug. */
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
