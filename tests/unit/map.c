// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* map.h: order, lookups, membership, ownership, keys, loops. */
#include <holdfast/arc.h>
#include <holdfast/lock.h>
#include <holdfast/map.h>

#include "harness.h"

#ifndef HF_USER_NO_TREE

/* An element of two maps: by one number, and by a structure of two. */
struct item_size {
	u32 size;
	u64 id;
};

struct item {
	const u64 id;
	struct hf_map_link link;
	const struct item_size size;
	struct hf_map_link size_link;
};

/* The ids of the freed elements, in order, as the digits of a number; and how many there were. */
static u64 freed;
static unsigned int frees;

static void item_free(struct item *x)
{
	hf_link_fini(&x->link);
	hf_link_fini(&x->size_link);
	freed = freed * 10 + x->id;
	frees++;
	hf_free(x);
}

static int size_compare(const struct item_size *a, const struct item_size *b)
{
	const int order = hf_compare(&a->size, &b->size);

	return order ? order : hf_compare(&a->id, &b->id);
}

HF_OWN_DEFINE(item, struct item, item_free);
HF_MAP_DEFINE(items, item_own, struct item, link, id, hf_compare);
HF_MAP_DEFINE(sizes, item_own, struct item, size_link, size, size_compare);

static struct item_own item_new(u64 id)
{
	hf_let(item, x, hf_expect(hf_new(item, GFP_KERNEL), "no failure is injected"));

	items_set_key(hf_mut(x), id);
	return hf_move(x);
}

static struct item_own sized_new(u32 size, u64 id)
{
	hf_let(item, x, item_new(id));

	sizes_set_key(hf_mut(x), (struct item_size){ .size = size, .id = id });
	return hf_move(x);
}

#define ITEMS 10

/* Fills a map with the elements 1 … n in another order; at[i] points to element i. */
static void items_fill(struct items *m, struct item **at, int n)
{
	static const int order[ITEMS] = { 0, 6, 2, 8, 4, 9, 1, 3, 7, 5 };

	freed = frees = 0;
	items_init(m);
	for (int i = 1; i < ITEMS; i++) {
		if (order[i] > n)
			continue;
		hf_let(item, x, item_new((u64)order[i]));

		at[order[i]] = hf_mut(x);
		HF_EXPECT_EQ(items_insert(m, hf_move(x)), 0);
	}
}

/* The ids of the map's elements, in order, as the digits of a number. */
static u64 order(const struct items *m)
{
	u64 digits = 0;
	hf_map_cursor(c, m);

	for (const struct item *x; (x = items_next(&c));)
		digits = digits * 10 + x->id;
	return digits;
}

static u64 backwards(const struct items *m)
{
	u64 digits = 0;
	hf_map_cursor(c, m);

	for (const struct item *x; (x = items_prev(&c));)
		digits = digits * 10 + x->id;
	return digits;
}

static void items_end(struct items *m)
{
	items_clear(m);
	items_fini(m);
}

/* Removes an element of the map and drops it. */
static void drop(struct items *m, const struct item *x)
{
	hf_let(item, gone, hf_expect(items_remove(m, x), "it is in the map"));
	HF_EXPECT_PTR_EQ(hf_ref(gone), x);
}

static int removal(struct items *m, const struct item *x)
{
	hf_let(item, gone, hf_try(items_remove(m, x)));

	return 0;
}

static int removal_by_key(struct items *m, u64 id)
{
	hf_let(item, gone, hf_try(items_remove_key(m, id)));

	HF_EXPECT_EQ(hf_ref(gone)->id, id);
	return 0;
}

/* The key of what is found, or the errno. */
static s64 found(const struct items *m, u64 id)
{
	return (s64)hf_try(items_find(m, id))->id;
}

static s64 bound(const struct items *m, u64 id)
{
	return (s64)hf_try(items_lower_bound(m, id))->id;
}

/* --- order and lookups -------------------------------------------------------------------------- */

HF_TEST(map, new_is_empty)
{
	struct items m;

	items_init(&m);
	HF_EXPECT(items_empty(&m));
	HF_EXPECT_ERR(items_first(&m), -ENODATA);
	HF_EXPECT_ERR(items_last(&m), -ENODATA);
	HF_EXPECT_ERR(items_first_mut(&m), -ENODATA);
	HF_EXPECT_ERR(items_last_mut(&m), -ENODATA);
	HF_EXPECT_ERR(items_find(&m, 0), -ENOENT);
	HF_EXPECT_ERR(items_find_mut(&m, 0), -ENOENT);
	HF_EXPECT_ERR(items_lower_bound(&m, 0), -ENOENT);
	HF_EXPECT_ERR(items_lower_bound_mut(&m, 0), -ENOENT);
	HF_EXPECT_ERR(items_pop_first(&m), -ENODATA);
	HF_EXPECT_EQ(removal_by_key(&m, 0), -ENOENT);
	HF_EXPECT_EQ(order(&m), 0);
	HF_EXPECT_EQ(backwards(&m), 0);
	items_fini(&m);
}

HF_TEST(map, insertion_keeps_the_order)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 9);
	HF_EXPECT(!items_empty(&m));
	HF_EXPECT_EQ(order(&m), 123456789);
	HF_EXPECT_EQ(backwards(&m), 987654321);
	HF_EXPECT_PTR_EQ(hf_expect(items_first(&m), "it is not empty"), at[1]);
	HF_EXPECT_PTR_EQ(hf_expect(items_last(&m), "it is not empty"), at[9]);
	HF_EXPECT_PTR_EQ(hf_expect(items_first_mut(&m), "it is not empty"), at[1]);
	HF_EXPECT_PTR_EQ(hf_expect(items_last_mut(&m), "it is not empty"), at[9]);
	items_end(&m);
	HF_EXPECT_EQ(freed, 123456789);
}

HF_TEST(map, lookups)
{
	struct items m;

	items_init(&m);
	for (u64 id = 10; id <= 50; id += 10)
		HF_EXPECT_EQ(items_insert(&m, item_new(id)), 0);
	HF_EXPECT_EQ(found(&m, 10), 10);
	HF_EXPECT_EQ(found(&m, 30), 30);
	HF_EXPECT_EQ(found(&m, 50), 50);
	HF_EXPECT_EQ(found(&m, 9), -ENOENT);
	HF_EXPECT_EQ(found(&m, 31), -ENOENT);
	HF_EXPECT_EQ(found(&m, 51), -ENOENT);
	HF_EXPECT_EQ(bound(&m, 0), 10);
	HF_EXPECT_EQ(bound(&m, 10), 10);
	HF_EXPECT_EQ(bound(&m, 11), 20);
	HF_EXPECT_EQ(bound(&m, 49), 50);
	HF_EXPECT_EQ(bound(&m, 50), 50);
	HF_EXPECT_EQ(bound(&m, 51), -ENOENT);
	HF_EXPECT_PTR_EQ(hf_expect(items_find_mut(&m, 20), "it is there"),
			 hf_expect(items_lower_bound_mut(&m, 11), "it is there"));
	items_end(&m);
}

HF_TEST(map, best_fit_among_equal_sizes)
{
	struct sizes m;

	sizes_init(&m);
	HF_EXPECT_EQ(sizes_insert(&m, sized_new(64, 3)), 0);
	HF_EXPECT_EQ(sizes_insert(&m, sized_new(32, 2)), 0);
	HF_EXPECT_EQ(sizes_insert(&m, sized_new(64, 1)), 0);
	HF_EXPECT_EQ(sizes_insert(&m, sized_new(128, 4)), 0);
	/* The same size and id. */
	HF_EXPECT_EQ(sizes_insert(&m, sized_new(64, 3)), -EEXIST);
	HF_EXPECT_EQ(hf_expect(sizes_lower_bound(&m, (struct item_size){ .size = 1 }), "")->id, 2);
	HF_EXPECT_EQ(hf_expect(sizes_lower_bound(&m, (struct item_size){ .size = 33 }), "")->id, 1);
	{
		hf_let(item, fit, hf_expect(sizes_remove_key(&m, (struct item_size){ 64, 1 }), "it is there"));

		HF_EXPECT_EQ(hf_ref(fit)->size.size, 64);
	}
	HF_EXPECT_EQ(hf_expect(sizes_lower_bound(&m, (struct item_size){ .size = 64 }), "")->id, 3);
	HF_EXPECT_EQ(hf_expect(sizes_lower_bound(&m, (struct item_size){ .size = 65 }), "")->id, 4);
	HF_EXPECT_ERR(sizes_lower_bound(&m, (struct item_size){ .size = 129 }), -ENOENT);
	sizes_clear(&m);
	sizes_fini(&m);
}

HF_TEST(map, compares_integers_of_any_type)
{
	const u64 big = ~(u64)0, small = 1;
	const s64 low = (s64)((u64)1 << 63), high = ~low;
	const u8 byte = 255, zero = 0;
	const int *const p = (const int *)8, *const q = (const int *)16;
	int calls = 0;

	HF_EXPECT(hf_compare(&big, &small) > 0);
	HF_EXPECT(hf_compare(&small, &big) < 0);
	HF_EXPECT_EQ(hf_compare(&big, &big), 0);
	HF_EXPECT(hf_compare(&low, &high) < 0);
	HF_EXPECT(hf_compare(&high, &low) > 0);
	HF_EXPECT(hf_compare(&zero, &byte) < 0);
	HF_EXPECT(hf_compare(&p, &q) < 0);
	HF_EXPECT_EQ(hf_compare((calls++, &big), (calls++, &big)), 0);
	HF_EXPECT_EQ(calls, 2);
}

/* --- what is refused ---------------------------------------------------------------------------- */

HF_TEST(map, a_key_that_is_there_drops_the_owner)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 3);
	HF_EXPECT_EQ(items_insert(&m, item_new(2)), -EEXIST);
	HF_EXPECT_EQ(freed, 2);
	HF_EXPECT_EQ(order(&m), 123);
	HF_EXPECT_PTR_EQ(hf_expect(items_find(&m, 2), "it is there"), at[2]);
	items_end(&m);
}

HF_TEST(map, removal)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 6);
	drop(&m, at[4]);
	HF_EXPECT_EQ(removal_by_key(&m, 1), 0);
	HF_EXPECT_EQ(removal_by_key(&m, 1), -ENOENT);
	HF_EXPECT_EQ(freed, 41);
	HF_EXPECT_EQ(order(&m), 2356);
	HF_EXPECT_EQ(backwards(&m), 6532);
	{
		hf_let(item, x, hf_expect(items_pop_first(&m), "it is not empty"));

		HF_EXPECT_PTR_EQ(hf_ref(x), at[2]);
		HF_EXPECT(!hf_linked(&at[2]->link));
		HF_EXPECT(hf_linked(&at[3]->link));
		HF_EXPECT_EQ(removal(&m, hf_ref(x)), -ENOENT);
		/* And back, under another key. */
		items_set_key(hf_mut(x), 9);
		HF_EXPECT_EQ(items_insert(&m, hf_move(x)), 0);
	}
	HF_EXPECT_EQ(freed, 41);
	HF_EXPECT_EQ(order(&m), 3569);
	items_end(&m);
	HF_EXPECT_EQ(freed, 413569);
}

/* A copy of the bytes of a map and its elements. */
struct snapshot {
	struct items m;
	struct item items[3];
};

static void snapshot_take(struct snapshot *s, const struct items *m, struct item *const *at)
{
	memcpy(&s->m, m, sizeof(s->m));
	for (int i = 0; i < 3; i++)
		memcpy((void *)&s->items[i], at[i + 1], sizeof(s->items[i]));
}

static bool snapshot_is(const struct snapshot *s, const struct items *m, struct item *const *at)
{
	bool same = !memcmp(&s->m, m, sizeof(s->m));

	for (int i = 0; i < 3; i++)
		same = same && !memcmp(&s->items[i], at[i + 1], sizeof(s->items[i]));
	return same;
}

HF_TEST(map, foreign_removal_and_double_insertion_touch_nothing)
{
	static struct item *a_at[ITEMS], *b_at[ITEMS];
	static struct snapshot a_then, b_then;
	static struct items a, b, empty;

	items_fill(&a, a_at, 3);
	items_fill(&b, b_at, 3);
	items_init(&empty);
	snapshot_take(&a_then, &a, a_at);
	snapshot_take(&b_then, &b, b_at);
	for (int i = 1; i <= 3; i++) {
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&b, a_at[i]), -EXDEV);
		}
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&empty, a_at[i]), -EXDEV);
		}
		/* SAFETY: wrong on purpose, as the map owns it: a violation is expected. */
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(items_insert(&a, hf_adopt_unchecked(item, a_at[i])), -EEXIST);
		}
		/* SAFETY: as above. */
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(items_insert(&empty, hf_adopt_unchecked(item, a_at[i])), -EEXIST);
		}
		HF_EXPECT(snapshot_is(&a_then, &a, a_at));
		HF_EXPECT(snapshot_is(&b_then, &b, b_at));
	}
	HF_EXPECT(items_empty(&empty));
	HF_EXPECT_EQ(frees, 0);
	items_end(&a);
	items_end(&b);
	items_fini(&empty);
}

HF_TEST(map, an_empty_owner_is_a_violation)
{
	static struct items m;

	items_init(&m);
	HF_EXPECT_VIOLATION(HF_MOVED) {
		HF_EXPECT_EQ(items_insert(&m, hf_empty(item_own)), -EINVAL);
	}
	HF_EXPECT(items_empty(&m));
	items_fini(&m);
}

HF_TEST(map, the_key_of_what_is_in_a_map_stays)
{
	static struct item *at[ITEMS];
	static struct items m;

	items_fill(&m, at, 3);
	HF_EXPECT_VIOLATION(HF_LIST) {
		items_set_key(hf_expect(items_find_mut(&m, 2), "it is there"), 7);
	}
	if (HF_TEST_CHECKED)
		HF_EXPECT_STR_EQ(hf_test_violation()->expr, "the element whose key is set is in a map");
	HF_EXPECT_EQ(order(&m), 123);
	/* It is not in the map of the other link. */
	sizes_set_key(at[2], (struct item_size){ .size = 5 });
	HF_EXPECT_EQ(at[2]->size.size, 5);
	items_end(&m);
}

HF_TEST(map, drop_in_a_map_and_end_of_a_map_with_elements_are_violations)
{
	static struct item *at[ITEMS];
	static struct items m;

	items_fill(&m, at, 3);
	HF_EXPECT_VIOLATION(HF_LIST) {
		/* SAFETY: wrong on purpose, as the map owns it: a violation is expected. */
		struct item_own stolen = hf_adopt_unchecked(item, at[2]);

		item_own_drop(&stolen);
	}
	HF_EXPECT_VIOLATION(HF_LIST) {
		items_fini(&m);
	}
	HF_EXPECT_EQ(frees, 0);
	HF_EXPECT_EQ(order(&m), 123);
	items_end(&m);
	items_clear(&m);
	HF_EXPECT_EQ(freed, 123);
}

HF_TEST(map, a_moved_map_is_a_violation)
{
	static struct item *at[ITEMS];
	static struct items m, copy;

	items_fill(&m, at, 2);
	memcpy(&copy, &m, sizeof(copy));
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_PIN) {
			HF_EXPECT(!items_empty(&copy));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			HF_EXPECT_EQ(found(&copy, 1), 1);
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			HF_EXPECT_OK(items_pop_first(&copy));
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			/* SAFETY: the map owns it, but the violation comes before a change. */
			HF_EXPECT_EQ(items_insert(&copy, hf_adopt_unchecked(item, at[1])), 0);
		}
		HF_EXPECT_VIOLATION(HF_PIN) {
			hf_map_cursor(c, &copy);
		}
	} else {
		/* The elements belong to the original, in every build. */
		HF_EXPECT_REPORT(HF_LIST) {
			HF_EXPECT_EQ(removal(&copy, at[1]), -EXDEV);
		}
	}
	HF_EXPECT_EQ(order(&m), 12);
	items_end(&m);
}

/* --- loops -------------------------------------------------------------------------------------- */

HF_TEST(map, cursor_survives_the_removal_of_any_element)
{
	/* At element @at the loop removes the elements from @from to @to. */
	static const struct {
		u64 at, from, to, forward, backward, left;
	} table[] = {
		{ 3, 3, 3, 123456, 654321, 12456 },	/* the current one */
		{ 1, 1, 1, 123456, 654321, 23456 },
		{ 6, 6, 6, 123456, 654321, 12345 },
		{ 3, 4, 4, 12356, 654321, 12356 },	/* one neighbour, or the other */
		{ 3, 2, 2, 123456, 65431, 13456 },
		{ 3, 2, 5, 1236, 65431, 16 },		/* several */
		{ 4, 1, 6, 1234, 654, 0 },		/* all */
	};

	for (size_t i = 0; i < 2 * HF_TEST_COUNT(table); i++) {
		const bool back = i & 1;
		struct item *at[ITEMS];
		struct items m;
		u64 seen = 0;

		items_fill(&m, at, 6);
		{
			hf_map_cursor(c, &m);

			for (struct item *x; (x = back ? items_prev(&c) : items_next(&c));) {
				seen = seen * 10 + x->id;
				if (x->id == table[i / 2].at)
					for (u64 id = table[i / 2].from; id <= table[i / 2].to; id++)
						drop(&m, at[id]);
			}
		}
		HF_EXPECT_EQ(seen, back ? table[i / 2].backward : table[i / 2].forward);
		HF_EXPECT_EQ(order(&m), table[i / 2].left);
		items_end(&m);
	}
}

HF_TEST(map, cursors_do_not_disturb_each_other)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 5);
	{
		u64 outer = 0, inner = 0;
		hf_map_cursor(i, &m);

		for (struct item *x; (x = items_next(&i));) {
			outer = outer * 10 + x->id;
			hf_map_cursor(j, &m);

			for (struct item *y; (y = items_next(&j));)
				if (y->id == 2 || y->id == 3) {
					inner = inner * 10 + y->id;
					drop(&m, y);
				}
		}
		HF_EXPECT_EQ(outer, 145);
		HF_EXPECT_EQ(inner, 23);
	}
	items_end(&m);
}

/* Takes the current element out and puts it back, with its key or another one. */
static void put_back(struct items *m, const struct item *x, u64 id)
{
	hf_let(item, moved, hf_expect(items_remove(m, x), "it is in the map"));

	items_set_key(hf_mut(moved), id);
	HF_EXPECT_EQ(items_insert(m, hf_move(moved)), 0);
}

HF_TEST(map, a_loop_that_puts_back_what_it_took_ends)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 4);
	for (int back = 0; back < 2; back++) {
		u64 seen = 0;
		hf_map_cursor(c, &m);

		for (const struct item *x; (x = back ? items_prev(&c) : items_next(&c));) {
			seen = seen * 10 + x->id;
			put_back(&m, x, x->id);
		}
		HF_EXPECT_EQ(seen, back ? 4321 : 1234);
		HF_EXPECT_EQ(order(&m), 1234);
	}
	items_end(&m);
}

HF_TEST(map, a_loop_sees_what_is_put_further_on)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 3);
	{
		u64 seen = 0;
		hf_map_cursor(c, &m);

		for (const struct item *x; (x = items_next(&c));) {
			seen = seen * 10 + x->id;
			/* 1 comes before 2 again, so it is behind the loop; 3 goes to the end. */
			if (x->id == 1)
				put_back(&m, x, 0);
			if (x->id == 3)
				put_back(&m, at[2], 8);
		}
		HF_EXPECT_EQ(seen, 1238);
	}
	HF_EXPECT_EQ(order(&m), 38);
	items_end(&m);
}

HF_TEST(map, a_loop_can_turn_round)
{
	struct item *at[ITEMS];
	struct items m;

	items_fill(&m, at, 4);
	{
		hf_map_cursor(c, &m);

		HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
		HF_EXPECT_PTR_EQ(items_prev(&c), NULL);
		HF_EXPECT_PTR_EQ(items_next(&c), at[2]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[3]);
		drop(&m, at[3]);
		HF_EXPECT_PTR_EQ(items_prev(&c), at[2]);
		drop(&m, at[2]);
		HF_EXPECT_PTR_EQ(items_next(&c), at[4]);
		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
		drop(&m, at[4]);
		drop(&m, at[1]);
		HF_EXPECT_PTR_EQ(items_next(&c), NULL);
		HF_EXPECT_PTR_EQ(items_prev(&c), NULL);
	}
	items_fini(&m);
}

HF_TEST(map, a_cursor_seeks)
{
	struct items m;

	items_init(&m);
	for (u64 id = 2; id <= 8; id += 2)
		HF_EXPECT_EQ(items_insert(&m, item_new(id)), 0);
	{
		hf_map_cursor(c, &m);

		for (u64 id = 0; id <= 9; id++) {
			static const u64 next[] = { 2, 2, 2, 4, 4, 6, 6, 8, 8, 0 }, prev[] = { 0, 0, 0, 2, 2, 4, 4, 6, 6, 8 };
			const struct item *x;

			items_seek(&c, id);
			x = items_next(&c);
			HF_EXPECT_EQ(x ? x->id : 0, next[id]);
			items_seek(&c, id);
			x = items_prev(&c);
			HF_EXPECT_EQ(x ? x->id : 0, prev[id]);
		}
		/* Both neighbours of an element. */
		items_seek(&c, 4);
		HF_EXPECT_EQ(items_prev(&c)->id, 2);
		HF_EXPECT_EQ(items_next(&c)->id, 4);
		HF_EXPECT_EQ(items_next(&c)->id, 6);
	}
	items_end(&m);
}

HF_TEST(map, removal_under_a_const_loop_is_a_violation_in_debug_builds)
{
	static struct item *at[ITEMS];
	static struct item_own kept;
	static struct items m;

	items_fill(&m, at, 3);
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_LIST) {
			const struct items *const same = &m;
			hf_map_cursor(c, same);

			HF_EXPECT_PTR_EQ(items_next(&c), at[1]);
			hf_set((kept), hf_expect(items_remove(&m, at[1]), "the loop is at it"));
			HF_EXPECT_PTR_EQ(items_next(&c), at[2]);
		}
		HF_EXPECT_STR_EQ(hf_test_violation()->expr,
				 "the element that the loop is at left the map, which was const");
		item_own_drop(&kept);
	}
	items_end(&m);
}

/* --- a plain sorted array as the model ---------------------------------------------------------- */

#define KEYS	48
#define ROUNDS	3000

struct model {
	u64 key[KEYS];
	const struct item *x[KEYS];
	size_t n;
};

/* The index of the first key that is not below @id. */
static size_t model_bound(const struct model *l, u64 id)
{
	size_t i = 0;

	while (i < l->n && l->key[i] < id)
		i++;
	return i;
}

static void model_insert(struct model *l, u64 id, const struct item *x)
{
	size_t i = model_bound(l, id);

	for (size_t j = l->n++; j > i; j--) {
		l->key[j] = l->key[j - 1];
		l->x[j] = l->x[j - 1];
	}
	l->key[i] = id;
	l->x[i] = x;
}

static void model_remove(struct model *l, size_t i)
{
	l->n--;
	for (; i < l->n; i++) {
		l->key[i] = l->key[i + 1];
		l->x[i] = l->x[i + 1];
	}
}

static bool model_is(const struct model *l, const struct items *m)
{
	size_t i = 0;
	hf_map_cursor(c, m);

	for (const struct item *x; (x = items_next(&c)); i++)
		if (i >= l->n || x != l->x[i] || x->id != l->key[i])
			return false;
	if (i != l->n)
		return false;
	for (const struct item *x = i ? l->x[i - 1] : NULL; x; x = items_prev(&c))
		if (!i-- || x != l->x[i])
			return false;
	return i == 0;
}

static void do_something(struct items *m, struct model *l, struct hf_test_random *random)
{
	const u64 id = hf_test_random(random) % KEYS;
	const size_t i = model_bound(l, id);
	const bool there = i < l->n && l->key[i] == id;
	const unsigned int before = frees;

	switch (hf_test_random(random) % 6) {
	case 0:
	case 1: {
		hf_let(item, x, item_new(id));

		HF_EXPECT_EQ(items_insert(m, hf_move(x)), there ? -EEXIST : 0);
		HF_EXPECT_EQ(frees - before, there);
		if (!there)
			model_insert(l, id, hf_expect(items_find(m, id), "it was inserted"));
		return;
	}
	case 2:
		HF_EXPECT_EQ(removal_by_key(m, id), there ? 0 : -ENOENT);
		HF_EXPECT_EQ(frees - before, there);
		break;
	case 3:
		if (there)
			drop(m, l->x[i]);
		break;
	case 4: {
		hf_let(item, x, hf_empty(item_own));

		HF_EXPECT_EQ(hf_set_ok(x, items_pop_first(m)), l->n ? 0 : -ENODATA);
		if (l->n) {
			HF_EXPECT_PTR_EQ(hf_ref(x), l->x[0]);
			model_remove(l, 0);
		}
		return;
	}
	default:
		HF_EXPECT_EQ(found(m, id), there ? (s64)id : -ENOENT);
		HF_EXPECT_EQ(bound(m, id), i < l->n ? (s64)l->key[i] : -ENOENT);
		if (l->n)
			HF_EXPECT_PTR_EQ(hf_expect(items_last(m), "it is not empty"), l->x[l->n - 1]);
		return;
	}
	if (there)
		model_remove(l, i);
}

HF_TEST(map, random_operations_agree_with_a_sorted_array)
{
	struct hf_test_random random = { .state = 5 };
	static struct model l;
	static struct items m;
	const size_t live = hf_test_live();
	unsigned int wrong = 0;

	l.n = 0;
	frees = 0;
	items_init(&m);
	for (int i = 0; i < ROUNDS; i++) {
		do_something(&m, &l, &random);
		wrong += !model_is(&l, &m);
		/* The elements, and nothing of the map's. */
		wrong += hf_test_live() - live != l.n;
	}
	HF_EXPECT_EQ(wrong, 0);
	items_end(&m);
}

static unsigned int depth(struct hf_sys_tree_node *n)
{
	unsigned int left, right;

	if (!n)
		return 0;
	left = depth(*hf_sys_tree_left(n));
	right = depth(*hf_sys_tree_right(n));
	return 1 + (left > right ? left : right);
}

/* As those of a binder process come. */
HF_TEST(map, ascending_keys_make_a_balanced_tree)
{
	static struct items m;

	items_init(&m);
	for (u64 id = 0; id < 255; id++)
		HF_EXPECT_EQ(items_insert(&m, item_new(id)), 0);
	/* A red-black tree of n elements has at most 2 log2(n + 1) levels. */
	HF_EXPECT(depth(*hf_sys_tree_root(&m.map.tree_)) <= 16);
	for (u64 id = 0; id < 240; id++)
		HF_EXPECT_EQ(removal_by_key(&m, id), 0);
	HF_EXPECT(depth(*hf_sys_tree_root(&m.map.tree_)) <= 8);
	items_end(&m);
}

/* --- shared elements ---------------------------------------------------------------------------- */

static int destroyed;

/* In a map by each link, and in a list. */
struct node {
	struct hf_refs refs;
	const u32 handle;
	struct hf_map_link handle_link;
	const u64 ptr;
	struct hf_map_link ptr_link;
	struct hf_link dead_link;
};

static void node_destroy(struct node *n)
{
	hf_link_fini(&n->handle_link);
	hf_link_fini(&n->ptr_link);
	hf_link_fini(&n->dead_link);
	destroyed++;
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_MAP_DEFINE(handles, node_arc, struct node, handle_link, handle, hf_compare);
HF_MAP_DEFINE(node_map, node_arc, struct node, ptr_link, ptr, hf_compare);
HF_LIST_DEFINE(dead_nodes, node_arc, struct node, dead_link);

static int node_init(struct node *n, const u32 *handle)
{
	handles_set_key(n, *handle);
	node_map_set_key(n, (u64)*handle << 32);
	return 0;
}

static struct node_arc node_new(u32 handle)
{
	hf_let_arc(node, n, hf_expect(hf_new_arc_with(node, GFP_KERNEL, node_init, &handle), "there is memory"));

	return hf_move(n);
}

HF_TEST(map, shared_elements_in_two_maps_and_a_list)
{
	struct handles handles;
	struct node_map nodes;
	struct dead_nodes dead;

	destroyed = 0;
	handles_init(&handles);
	node_map_init(&nodes);
	dead_nodes_init(&dead);
	for (u32 i = 1; i <= 4; i++) {
		hf_let_arc(node, n, node_new(i));

		HF_EXPECT_EQ(handles_insert(&handles, hf_clone(n)), 0);
		HF_EXPECT_EQ(node_map_insert(&nodes, hf_move(n)), 0);
	}
	{
		hf_map_cursor(c, &handles);

		/* Goes from one map into the list while the other map is walked. */
		for (const struct node *at; (at = handles_next(&c));)
			if (at->handle & 1) {
				hf_let_arc(node, n, hf_expect(node_map_remove(&nodes, at), "it is in both"));

				dead_nodes_push_back(&dead, hf_move(n));
			}
	}
	HF_EXPECT_EQ(hf_expect(node_map_first_mut(&nodes), "")->ptr, (u64)2 << 32);
	HF_EXPECT_ERR(node_map_find(&nodes, (u64)1 << 32), -ENOENT);
	handles_clear(&handles);
	HF_EXPECT_EQ(destroyed, 0);
	dead_nodes_clear(&dead);
	HF_EXPECT_EQ(destroyed, 2);
	node_map_clear(&nodes);
	HF_EXPECT_EQ(destroyed, 4);
	handles_fini(&handles);
	node_map_fini(&nodes);
	dead_nodes_fini(&dead);
}

HF_TEST(map, a_shared_element_is_in_one_map_of_a_link)
{
	struct handles a, b;

	destroyed = 0;
	handles_init(&a);
	handles_init(&b);
	{
		hf_let_arc(node, n, node_new(7));

		HF_EXPECT_EQ(handles_insert(&a, hf_clone(n)), 0);
		HF_EXPECT_EQ(handles_insert(&a, hf_clone(n)), -EEXIST);
		HF_EXPECT_EQ(handles_insert(&b, hf_clone(n)), -EEXIST);
		HF_EXPECT_EQ(handles_insert(&a, node_new(7)), -EEXIST);
		HF_EXPECT_EQ(destroyed, 1);
		HF_EXPECT(handles_empty(&b));
		{
			hf_let_arc(node, out, hf_expect(handles_remove_key(&a, 7), "it is there"));

			HF_EXPECT_PTR_EQ(hf_ref(out), hf_ref(n));
		}
		/* The refused references were dropped. */
		HF_EXPECT_OK(hf_arc_unique(n));
		HF_EXPECT_EQ(handles_insert(&b, hf_move(n)), 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
	handles_clear(&b);
	HF_EXPECT_EQ(destroyed, 2);
	handles_fini(&a);
	handles_fini(&b);
}

/* --- the right to insert is unique -------------------------------------------------------------- */

HF_LOCKED_DEFINE(locked_handles, mutex, struct handles);

#define CLAIMANTS	2
#define CLAIMS		400

static struct locked_handles claimed[CLAIMANTS];
static struct node_arc wanted[CLAIMANTS];
static int claims[CLAIMANTS];

/* The link moves between maps that have no lock in common. */
static void claim_at_will(void *which)
{
	const int me = *(const int *)which;

	for (int i = 0; i < CLAIMS; i++) {
		hf_lock(m, &claimed[me]);
		const int err = handles_insert(m, hf_clone(wanted[me]));

		if (err) {
			HF_EXPECT_EQ(err, -EEXIST);
			HF_EXPECT(handles_empty(m));
			continue;
		}
		claims[me]++;
		hf_let_arc(node, n, hf_expect(handles_remove(m, hf_ref(wanted[me])), "this thread has inserted it"));
		HF_EXPECT(handles_empty(m));
	}
}

HF_TEST(map, a_link_goes_from_map_to_map_between_threads)
{
	struct hf_test_thread threads[CLAIMANTS];
	int which[CLAIMANTS];

	destroyed = 0;
	{
		hf_let_arc(node, n, node_new(1));

		for (int i = 0; i < CLAIMANTS; i++) {
			which[i] = i;
			claims[i] = 0;
			hf_set(wanted[i], hf_clone(n));
			hf_lock_init(&claimed[i]);
			hf_lock(m, &claimed[i]);
			handles_init(m);
		}
	}
	for (int i = 0; i < CLAIMANTS; i++)
		hf_test_spawn(&threads[i], claim_at_will, &which[i]);
	for (int i = 0; i < CLAIMANTS; i++)
		hf_test_join(&threads[i]);
	for (int i = 0; i < CLAIMANTS; i++) {
		hf_let_arc(node, n, hf_take(wanted[i]));
		{
			hf_lock(m, &claimed[i]);
			handles_fini(m);
		}
		hf_lock_fini(&claimed[i]);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT(claims[0] + claims[1] > 0);
}

/* --- CVE-2024-56555 ------------------------------------------------------------------------------
 *
 * A loop gives the lock up at each node, and another thread takes nodes out and puts them into a list.
 */
struct process_inner {
	struct node_map nodes;
	struct dead_nodes dead;
};

HF_LOCKED_DEFINE(locked_process, mutex, struct process_inner);

static struct locked_process process;

/* Takes the node with this key out, and the next one. */
static void process_die(void *ptr)
{
	hf_lock(p, &process);
	for (int i = 0; i < 2; i++) {
		const struct node *const next = hf_expect(node_map_lower_bound(&p->nodes, *(const u64 *)ptr), "");
		hf_let_arc(node, n, hf_expect(node_map_remove(&p->nodes, next), "it is there"));

		dead_nodes_push_back(&p->dead, hf_move(n));
	}
}

HF_TEST(map, a_loop_that_gives_the_lock_up_goes_on)
{
	u64 seen = 0;

	destroyed = 0;
	hf_lock_init(&process);
	{
		hf_lock(p, &process);
		node_map_init(&p->nodes);
		dead_nodes_init(&p->dead);
		for (u32 i = 1; i <= 5; i++)
			HF_EXPECT_EQ(node_map_insert(&p->nodes, node_new(i)), 0);
	}
	{
		hf_lock(p, &process);
		hf_map_cursor(c, &p->nodes);

		for (const struct node *n; (n = node_map_next(&c));) {
			hf_let_arc(node, kept, hf_arc_from(node, n));

			seen = seen * 10 + hf_ref(kept)->handle;
			if (hf_ref(kept)->handle == 2) {
				u64 ptr = hf_ref(kept)->ptr;
				struct hf_test_thread thread;
				hf_unlocked(p);

				hf_test_spawn(&thread, process_die, &ptr);
				hf_test_join(&thread);
			}
		}
	}
	HF_EXPECT_EQ(seen, 1245);
	HF_EXPECT_EQ(destroyed, 0);
	{
		hf_lock(p, &process);
		HF_EXPECT_EQ(hf_expect(dead_nodes_back(&p->dead), "")->handle, 3);
		node_map_clear(&p->nodes);
		dead_nodes_clear(&p->dead);
		HF_EXPECT_EQ(destroyed, 5);
		node_map_fini(&p->nodes);
		dead_nodes_fini(&p->dead);
	}
	hf_lock_fini(&process);
}

#endif
