// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vec.h: growable arrays, and arrays at the end of an object. */
#include <holdfast/vec.h>

#include "harness.h"

struct item {
	u64 a, b;
	u8 c;
};

HF_RESULT_DEFINE(item, struct item);
HF_SLICE_DEFINE(item, struct item);
HF_VEC_DEFINE(item);

HF_TEST(vec, starts_empty_and_without_memory)
{
	const size_t live = hf_test_live();
	hf_let_vec(u32, v);
	int rounds = 0;

	HF_EXPECT_EQ(hf_len(v), 0);
	HF_EXPECT_EQ(hf_test_live(), live);
	HF_EXPECT_ERR(hf_get(v, 0), -ERANGE);
	HF_EXPECT_ERR(hf_vec_pop(u32, &v), -ENODATA);
	HF_EXPECT_EQ(hf_vec_push_within(&v, 1), -ENOSPC);
	HF_EXPECT_EQ(hf_len(hf_vec_slice(&v)), 0);
	hf_vec_truncate(&v, 0);
	hf_for_each(p, v)
		rounds += (int)*p + 1;
	HF_EXPECT_EQ(rounds, 0);
}

HF_TEST(vec, keeps_what_is_pushed_in_order)
{
	hf_let_vec(u32, v);
	u32 wanted = 0;

	for (u32 i = 0; i < 1000; i++) {
		HF_EXPECT_EQ(hf_vec_push(&v, i * 3, GFP_KERNEL), 0);
		HF_EXPECT_EQ(hf_len(v), i + 1);
		HF_EXPECT_EQ(hf_at(v, i), i * 3);
	}
	hf_for_each(p, v) {
		HF_EXPECT_EQ(*p, wanted);
		wanted += 3;
	}
	HF_EXPECT_EQ(wanted, 3000);
}

static size_t pushed(struct u32_vec *v, u32 value)
{
	HF_EXPECT_EQ(hf_vec_push(v, value, GFP_KERNEL), 0);
	return hf_len(*v) - 1;
}

HF_TEST(vec, may_grow_where_the_index_is_computed)
{
	struct u32_vec v = { 0 };

	for (u32 i = 0; i < 100; i++)
		HF_EXPECT_EQ(hf_at(v, pushed(&v, i)), i);
	HF_EXPECT_EQ(*hf_expect(hf_get(v, pushed(&v, 7)), "it was pushed"), 7u);
	u32_vec_drop(&v);
}

HF_TEST(vec, in_a_const_place_gives_const_elements)
{
	hf_let_vec(u32, v);
	const struct u32_vec *shared = &v;

	HF_EXPECT_EQ(hf_vec_push(&v, 1, GFP_KERNEL), 0);
	HF_EXPECT(__builtin_types_compatible_p(__typeof__(&hf_at(v, 0)), u32 *));
	HF_EXPECT(__builtin_types_compatible_p(__typeof__(&hf_at(*shared, 0)), const u32 *));
	HF_EXPECT(__builtin_types_compatible_p(__typeof__(hf_vec_slice(&v)), struct u32_slice));
	HF_EXPECT(__builtin_types_compatible_p(__typeof__(hf_vec_slice(shared)), struct u32_cslice));
	HF_EXPECT_EQ(hf_at(hf_vec_slice(shared), 0), 1);
	hf_for_each(p, *shared)
		HF_EXPECT(__builtin_types_compatible_p(__typeof__(p), const u32 *));
}

HF_TEST(vec, grows_seldom)
{
	hf_let_vec(u8, v);
	const void *memory = NULL;
	int grown = 0;

	for (int i = 0; i < 10000; i++) {
		HF_EXPECT_EQ(hf_vec_push(&v, (u8)i, GFP_KERNEL), 0);
		/* A growth that does not move the memory is not counted. */
		/* SAFETY: only compared. */
		grown += hf_ptr_unchecked(v) != memory;
		memory = hf_ptr_unchecked(v);
	}
	HF_EXPECT(grown < 30);
}

HF_TEST(vec, holds_structures)
{
	hf_let_vec(item, v);

	for (u64 i = 0; i < 20; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, ((struct item){ i, ~i, (u8)i }), GFP_KERNEL), 0);
	for (u64 i = 0; i < 20; i++) {
		HF_EXPECT_EQ(hf_at(v, i).a, i);
		HF_EXPECT_EQ(hf_at(v, i).b, ~i);
		HF_EXPECT_EQ(hf_at(v, i).c, i);
	}
	HF_EXPECT_EQ(hf_expect(hf_vec_pop(item, &v), "there are 20").a, 19);
}

HF_TEST(vec, pops_the_last)
{
	hf_let_vec(u32, v);

	for (u32 i = 1; i <= 3; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, i, GFP_KERNEL), 0);
	for (u32 i = 3; i >= 1; i--) {
		HF_EXPECT_EQ(hf_expect(hf_vec_pop(u32, &v), "3 were pushed"), i);
		HF_EXPECT_EQ(hf_len(v), i - 1);
	}
	HF_EXPECT_ERR(hf_vec_pop(u32, &v), -ENODATA);
	HF_EXPECT_EQ(hf_len(v), 0);
}

static void expect_elements(const struct u32_vec *v, const struct u32_cslice wanted)
{
	HF_EXPECT_EQ(hf_len(*v), hf_len(wanted));
	hf_zip(p, *v, q, wanted)
		HF_EXPECT_EQ(*p, *q);
}

HF_TEST(vec, inserts_at_the_front_in_the_middle_and_at_the_end)
{
	static const u32 wanted[] = { 2, 3, 1, 4 };
	hf_let_vec(u32, v);

	HF_EXPECT_EQ(hf_vec_insert(&v, 0, 1, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_insert(&v, 0, 2, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_insert(&v, 1, 3, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_insert(&v, 3, 4, GFP_KERNEL), 0);
	expect_elements(&v, hf_slice(u32_cslice, wanted));
	HF_EXPECT_EQ(hf_vec_insert(&v, 5, 5, GFP_KERNEL), -ERANGE);
	expect_elements(&v, hf_slice(u32_cslice, wanted));
}

HF_TEST(vec, insert_moves_the_elements_also_when_it_grows)
{
	hf_let_vec(u32, v);

	for (u32 i = 0; i < 100; i++)
		HF_EXPECT_EQ(hf_vec_insert(&v, i / 2, i, GFP_KERNEL), 0);
	/* The odd numbers stand first, in order; the even ones behind them, in reverse. */
	for (u32 i = 0; i < 50; i++) {
		HF_EXPECT_EQ(hf_at(v, i), 2 * i + 1);
		HF_EXPECT_EQ(hf_at(v, 99 - i), 2 * i);
	}
}

HF_TEST(vec, failed_insert_changes_nothing)
{
	static const u32 wanted[] = { 1, 2, 3, 4 };
	hf_let_vec(u32, v);

	HF_EXPECT_EQ(hf_vec_extend(&v, hf_slice(u32_cslice, wanted), GFP_KERNEL), 0);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_insert(&v, 1, 9, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	expect_elements(&v, hf_slice(u32_cslice, wanted));

	HF_EXPECT_EQ(hf_vec_reserve(&v, 1, GFP_KERNEL), 0);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_insert(&v, 1, 9, GFP_KERNEL), 0);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_at(v, 1) * 10 + hf_at(v, 2), 92);
}

HF_TEST(vec, removes_and_gives_what_was_at_the_index)
{
	static const u32 all[] = { 1, 2, 3, 4, 5 }, wanted[] = { 2, 4 };
	hf_let_vec(u32, v);

	HF_EXPECT_ERR(hf_vec_remove(u32, &v, 0), -ERANGE);
	HF_EXPECT_EQ(hf_vec_extend(&v, hf_slice(u32_cslice, all), GFP_KERNEL), 0);
	HF_EXPECT_ERR(hf_vec_remove(u32, &v, 5), -ERANGE);
	expect_elements(&v, hf_slice(u32_cslice, all));
	HF_EXPECT_EQ(hf_expect(hf_vec_remove(u32, &v, 2), "there are 5"), 3);
	HF_EXPECT_EQ(hf_expect(hf_vec_remove(u32, &v, 3), "there are 4"), 5);
	HF_EXPECT_EQ(hf_expect(hf_vec_remove(u32, &v, 0), "there are 3"), 1);
	expect_elements(&v, hf_slice(u32_cslice, wanted));
	HF_EXPECT_ERR(hf_vec_remove(u32, &v, 2), -ERANGE);
}

HF_TEST(vec, truncates_and_never_extends)
{
	hf_let_vec(u32, v);

	for (u32 i = 0; i < 5; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, i, GFP_KERNEL), 0);
	hf_vec_truncate(&v, 6);
	HF_EXPECT_EQ(hf_len(v), 5);
	hf_vec_truncate(&v, SIZE_MAX);
	HF_EXPECT_EQ(hf_len(v), 5);
	hf_vec_truncate(&v, 2);
	HF_EXPECT_EQ(hf_len(v), 2);
	HF_EXPECT_ERR(hf_get(v, 2), -ERANGE);
	hf_vec_truncate(&v, 0);
	HF_EXPECT_EQ(hf_len(v), 0);
}

/* --- capacity ----------------------------------------------------------------------------------- */

HF_TEST(vec, reserved_room_is_used_without_allocating)
{
	hf_let_vec(u32, v);
	const u32 *memory;

	HF_EXPECT_EQ(hf_vec_reserve(&v, 10, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_len(v), 0);
	/* SAFETY: only compared. */
	memory = hf_ptr_unchecked(v);
	hf_test_fail_alloc(1);
	for (u32 i = 0; i < 5; i++)
		HF_EXPECT_EQ(hf_vec_push_within(&v, i), 0);
	for (u32 i = 5; i < 10; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, i, GFP_KERNEL), 0);
	/* Reserving nothing needs no memory, even when the vector is full. */
	HF_EXPECT_EQ(hf_vec_reserve(&v, 0, GFP_KERNEL), 0);
	hf_test_fail_alloc(0);
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(v), memory);
	HF_EXPECT_EQ(hf_len(v), 10);
}

HF_TEST(vec, push_within_stops_at_the_capacity)
{
	hf_let_vec(u32, v);
	u32 n = 0;

	HF_EXPECT_EQ(hf_vec_reserve(&v, 7, GFP_KERNEL), 0);
	while (!hf_vec_push_within(&v, n))
		n++;
	HF_EXPECT(n >= 7 && n <= 14);
	HF_EXPECT_EQ(hf_len(v), n);
	HF_EXPECT_EQ(hf_vec_push_within(&v, n), -ENOSPC);
	HF_EXPECT_EQ(hf_len(v), n);
	/* A pop makes room. */
	HF_EXPECT_OK(hf_vec_pop(u32, &v));
	HF_EXPECT_EQ(hf_vec_push_within(&v, 99), 0);
	HF_EXPECT_EQ(hf_at(v, n - 1), 99);
}

HF_TEST(vec, growth_whose_size_overflows_is_refused)
{
	/* For each of these the new count, or its size in bytes, overflows. */
	const size_t more[] = { SIZE_MAX,		      SIZE_MAX - 1,
				SIZE_MAX / 2 + 1,	      SIZE_MAX / sizeof(struct item) + 1,
				SIZE_MAX / sizeof(struct item),
				SIZE_MAX / sizeof(struct item) - 2 };
	hf_let_vec(item, v);
	const void *memory;

	for (size_t i = 0; i < HF_TEST_COUNT(more) - 2; i++)
		HF_EXPECT_EQ(hf_vec_reserve(&v, more[i], GFP_KERNEL), -EOVERFLOW);
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(v), NULL);
	for (u8 i = 0; i < 3; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, ((struct item){ i, i, i }), GFP_KERNEL), 0);
	/* SAFETY: only compared. */
	memory = hf_ptr_unchecked(v);
	for (size_t i = 0; i < HF_TEST_COUNT(more); i++)
		HF_EXPECT_EQ(hf_vec_reserve(&v, more[i], GFP_KERNEL), -EOVERFLOW);
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(v), memory);
	HF_EXPECT_EQ(hf_len(v), 3);
	HF_EXPECT_EQ(hf_at(v, 2).a, 2);
}

HF_TEST(vec, grown_capacity)
{
	static const struct {
		size_t len, capacity, more, size, grown;
	} table[] = {
		{ 0, 0, 1, 1, 4 },
		{ 0, 0, 9, 1, 9 },
		{ 4, 4, 1, 8, 6 },
		{ 100, 100, 1, 8, 150 },
		{ 100, 100, 51, 8, 151 },
		{ 10, 100, 100, 1, 150 },
		{ SIZE_MAX - 1, SIZE_MAX - 1, 1, 1, SIZE_MAX },
		{ SIZE_MAX, SIZE_MAX, 1, 1, 0 },
		{ 1, 1, SIZE_MAX, 1, 0 },
		{ 0, 0, SIZE_MAX, 1, SIZE_MAX },
		{ 0, 0, SIZE_MAX / 8, 8, SIZE_MAX / 8 },
		{ 0, 0, SIZE_MAX / 8 + 1, 8, 0 },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++)
		HF_EXPECT_EQ(hf_vec_grown_(table[i].len, table[i].capacity, table[i].more,
					   table[i].size), table[i].grown);
}

HF_TEST(vec, failed_growth_changes_nothing)
{
	hf_let_vec(u32, v);
	const u32 *memory;
	u32 n = 0;

	while (!hf_vec_push_within(&v, n) || n < 4)
		HF_EXPECT_EQ(hf_vec_push(&v, n++, GFP_KERNEL), 0);
	n = (u32)hf_len(v);
	/* SAFETY: only compared. */
	memory = hf_ptr_unchecked(v);

	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_push(&v, 77, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_reserve(&v, 100, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_len(v), n);
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(v), memory);
	HF_EXPECT_EQ(hf_vec_push_within(&v, 77), -ENOSPC);

	HF_EXPECT_EQ(hf_vec_push(&v, 77, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_at(v, n), 77);
}

static int fill_two(void *arg)
{
	hf_let_vec(u32, v);
	hf_let_vec(item, w);

	(void)arg;
	for (u32 i = 0; i < 50; i++) {
		hf_try_errno(hf_vec_push(&v, i, GFP_KERNEL));
		hf_try_errno(hf_vec_push(&w, ((struct item){ i, 0, 0 }), GFP_KERNEL));
	}
	HF_EXPECT_EQ(hf_len(v) + hf_len(w), 100);
	return 0;
}

HF_TEST(vec, nothing_leaks_when_memory_runs_out)
{
	HF_EXPECT(hf_test_fail_each_alloc(fill_two, NULL) >= 4);
}

HF_TEST(vec, dropped_vector_is_empty_and_can_be_used_again)
{
	const size_t live = hf_test_live();
	hf_let_vec(u32, v);

	HF_EXPECT_EQ(hf_vec_push(&v, 1, GFP_KERNEL), 0);
	u32_vec_drop(&v);
	HF_EXPECT_EQ(hf_test_live(), live);
	HF_EXPECT_EQ(hf_len(v), 0);
	HF_EXPECT_EQ(hf_vec_push_within(&v, 1), -ENOSPC);
	u32_vec_drop(&v);
	HF_EXPECT_EQ(hf_vec_push(&v, 2, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_at(v, 0), 2);
}

/* --- as a slice --------------------------------------------------------------------------------- */

HF_TEST(vec, stands_where_a_slice_does)
{
	hf_let_vec(u32, v);
	u32 more[3] = { 7, 8, 9 };
	u32 sum = 0;

	for (u32 i = 0; i < 6; i++)
		HF_EXPECT_EQ(hf_vec_push(&v, i, GFP_KERNEL), 0);
	*hf_expect(hf_get(v, 1), "there are 6") = 11;
	hf_at(v, 2)++;
	HF_EXPECT_EQ(hf_at(v, 1) + hf_at(v, 2), 14);
	HF_EXPECT_EQ(hf_copy(hf_expect(hf_subslice(v, 3, 3), "6 in all"), hf_slice(u32_slice, more)), 0);
	HF_EXPECT_ERR(hf_subslice(v, 3, 4), -ERANGE);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_split_at(v, 2), "there are 6").tail), 4);
	hf_for_each(p, v)
		sum += *p;
	HF_EXPECT_EQ(sum, 0 + 11 + 3 + 7 + 8 + 9);
	sum = 0;
	hf_zip(p, v, q, hf_slice(u32_cslice, more))
		sum += *p * *q;
	HF_EXPECT_EQ(sum, 11 * 8 + 3 * 9);
	hf_fill(v, 1);
	HF_EXPECT_EQ(hf_at(hf_const(v), 5), 1);
	HF_EXPECT_EQ(hf_at(hf_vec_slice(&v), 0), 1);
}

HF_TEST(vec, index_outside_stops)
{
	hf_let_vec(u32, v);

	HF_EXPECT_EQ(hf_vec_reserve(&v, 8, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_push(&v, 5, GFP_KERNEL), 0);
	hf_test_escape(&v);
	/* The index is below the capacity, but not below the length. */
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_at(v, hf_test_hide((size_t)1)) = 1;
	}
	HF_EXPECT_EQ(hf_len(v), 1);
	HF_EXPECT_EQ(hf_at(v, 0), 5);
}

/* --- operands ----------------------------------------------------------------------------------- */

static int calls;

static struct u32_vec *counted(struct u32_vec *v)
{
	calls++;
	return v;
}

HF_TEST(vec, operands_are_evaluated_once)
{
	hf_let_vec(u32, v);
	u32 x = 1;
	size_t n = 4;

	calls = 0;
	HF_EXPECT_EQ(hf_vec_reserve(counted(&v), n++, GFP_KERNEL), 0);
	HF_EXPECT_EQ(n, 5);
	HF_EXPECT_EQ(hf_vec_push_within(counted(&v), x++), 0);
	HF_EXPECT_EQ(hf_vec_push(counted(&v), x++, GFP_KERNEL), 0);
	HF_EXPECT_EQ(x, 3);
	HF_EXPECT_EQ(hf_vec_push(counted(&v), x++, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_len(hf_vec_slice(counted(&v))), 3);
	HF_EXPECT_OK(hf_vec_pop(u32, counted(&v)));
	hf_vec_truncate(counted(&v), --n - 3);
	HF_EXPECT_EQ(n, 4);
	HF_EXPECT_EQ(hf_len(v), 1);
	HF_EXPECT_EQ(calls, 7);
	HF_EXPECT_EQ(hf_at(v, 0), 1);
}

HF_TEST(vec, element_is_evaluated_once_also_where_it_cannot_be_kept)
{
	hf_let_vec(u32, v);
	u32 x = 1;

	HF_EXPECT_EQ(hf_vec_push_within(&v, x++), -ENOSPC);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_push(&v, x++, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(x, 3);
}

/* --- resize, extend ------------------------------------------------------------------------------- */

HF_TEST(vec, resized_has_zeroes_behind_what_it_had)
{
	hf_let_vec(u8, v);
	hf_let_vec(u32, words);

	HF_EXPECT_EQ(hf_vec_push(&v, 7, GFP_KERNEL), 0);
	for (int i = 0; i < 3; i++) {
		HF_EXPECT_EQ(hf_vec_resize(&v, 100, GFP_KERNEL), 0);
		HF_EXPECT_EQ(hf_len(v), 100);
		HF_EXPECT_EQ(hf_at(v, 0), 7);
		for (size_t k = 1; k < 100; k++)
			HF_EXPECT_EQ(hf_at(v, k), 0);
		/* What a shorter length cut off must not come back. */
		hf_fill(hf_expect(hf_subslice(v, 1, 99), "all but the first"), 0xff);
		HF_EXPECT_EQ(hf_vec_resize(&v, 1, GFP_KERNEL), 0);
		HF_EXPECT_EQ(hf_len(v), 1);
	}
	HF_EXPECT_EQ(hf_vec_resize(&v, 0, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_len(v), 0);
	HF_EXPECT_EQ(hf_vec_resize(&words, SIZE_MAX, GFP_KERNEL), -EOVERFLOW);
	HF_EXPECT_EQ(hf_vec_resize(&words, 1ULL << 63, GFP_KERNEL), -EOVERFLOW);
	HF_EXPECT_EQ(hf_len(words), 0);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_resize(&v, 1000, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_len(v), 0);
}

HF_TEST(vec, extended_by_a_slice_of_anything_and_of_itself)
{
	static const u32 a[] = { 1, 2, 3 };
	hf_let_vec(u32, v);
	hf_let_vec(u32, w);
	u32 wanted[] = { 1, 2, 3, 2, 3, 1, 2, 3, 2, 3 };

	HF_EXPECT_EQ(hf_vec_extend(&v, hf_slice(u32_cslice, a), GFP_KERNEL), 0);
	for (int i = 0; i < 10; i++) {
		HF_EXPECT_EQ(hf_vec_extend(&w, v, GFP_KERNEL), 0);
		HF_EXPECT_EQ(hf_vec_extend(&w, hf_expect(hf_subslice(w, 1, 2), "3 at least"), GFP_KERNEL), 0);
		/* The source is the vector itself, which may move while it grows. */
		HF_EXPECT_EQ(hf_vec_extend(&w, w, GFP_KERNEL), 0);
		HF_EXPECT_EQ(hf_len(w), 10);
		hf_zip(p, w, q, hf_slice(u32_slice, wanted))
			HF_EXPECT_EQ(*p, *q);
		hf_vec_truncate(&w, 0);
		if (i % 2)
			u32_vec_drop(&w);
	}
	HF_EXPECT_EQ(hf_vec_extend(&w, hf_expect(hf_subslice(v, 3, 0), "nothing"), GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_len(w), 0);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_extend(&v, hf_expect(hf_subslice(v, 0, 3), "all"), GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_len(v), 3);
}

HF_TEST(vec, counts_hold_for_every_width)
{
	hf_let_vec(u32, v);
	const u64 wide = hf_test_hide((1ULL << 32) + 1);
	const s64 negative = hf_test_hide(-((s64)1 << 32));

	HF_EXPECT_EQ(hf_vec_push(&v, 9, GFP_KERNEL), 0);
	HF_EXPECT_NE(hf_vec_reserve(&v, negative, GFP_KERNEL), 0);
	HF_EXPECT_NE(hf_vec_resize(&v, negative, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_insert(&v, wide, 1, GFP_KERNEL), -ERANGE);
	HF_EXPECT_EQ(hf_vec_insert(&v, negative, 1, GFP_KERNEL), -ERANGE);
	HF_EXPECT_ERR(hf_vec_remove(u32, &v, wide - 1), -ERANGE);
	HF_EXPECT_ERR(hf_vec_remove(u32, &v, negative), -ERANGE);
	HF_EXPECT_ERR(hf_get(v, wide - 1), -ERANGE);
	HF_EXPECT_ERR(hf_get(v, negative), -ERANGE);
	hf_vec_truncate(&v, wide);
	HF_EXPECT_EQ(hf_len(v), 1);
	hf_test_escape(&v);
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_at(v, negative) = 1;
	}
	HF_EXPECT_EQ(hf_at(v, 0), 9);
}

/* --- elements that own ---------------------------------------------------------------------------- */

struct job {
	int id;
};

static int dropped;

static void job_free(struct job *j)
{
	dropped = dropped * 10 + j->id;
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_SLICE_DEFINE(job_own, struct job_own);
HF_OWNING_VEC_DEFINE(job_own, job_own_drop);

static int push_job(struct job_own_vec *v, int id)
{
	hf_let(job, j, hf_try(hf_new(job, GFP_KERNEL)));

	hf_mut(j)->id = id;
	return hf_vec_push_own(job_own, v, hf_move(j), GFP_KERNEL);
}

HF_TEST(vec, drops_elements_that_own)
{
	hf_let_vec(job_own, v);

	dropped = 0;
	for (int i = 1; i <= 6; i++)
		HF_EXPECT_EQ(push_job(&v, i), 0);
	HF_EXPECT_EQ(hf_ref(hf_at(v, 3))->id, 4);
	HF_EXPECT_EQ(dropped, 0);
	job_own_vec_truncate(&v, 7);
	job_own_vec_truncate(&v, 4);
	HF_EXPECT_EQ(dropped, 65);
	{
		hf_let(job, last, hf_expect(hf_vec_pop(job_own, &v), "4 are left"));
		HF_EXPECT_EQ(hf_ref(last)->id, 4);
		HF_EXPECT_EQ(dropped, 65);
	}
	HF_EXPECT_EQ(dropped, 654);
	job_own_vec_drop(&v);
	HF_EXPECT_EQ(dropped, 654321);
	HF_EXPECT_EQ(hf_len(v), 0);
	HF_EXPECT_ERR(hf_vec_pop(job_own, &v), -ENODATA);
	/* The end of the scope drops this one; the harness would find the leak. */
	HF_EXPECT_EQ(push_job(&v, 7), 0);
}

HF_TEST(vec, drops_what_it_has_no_memory_for)
{
	hf_let_vec(job_own, v);
	hf_let(job, j, hf_expect(hf_new(job, GFP_KERNEL), "memory"));

	dropped = 0;
	hf_mut(j)->id = 8;
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_push_own(job_own, &v, hf_move(j), GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(dropped, 8);
	HF_EXPECT_EQ(hf_len(v), 0);
}

static int insert_job(struct job_own_vec *v, s64 at, int id)
{
	hf_let(job, j, hf_try(hf_new(job, GFP_KERNEL)));

	hf_mut(j)->id = id;
	return hf_vec_insert_own(job_own, v, at, hf_move(j), GFP_KERNEL);
}

HF_TEST(vec, insert_takes_an_owner_and_remove_gives_it)
{
	hf_let_vec(job_own, v);

	dropped = 0;
	for (int i = 1; i <= 6; i++)
		HF_EXPECT_EQ(insert_job(&v, 0, i), 0);
	HF_EXPECT_EQ(dropped, 0);
	{
		hf_let(job, j, hf_expect(hf_vec_remove(job_own, &v, 1), "there are 6"));
		HF_EXPECT_EQ(hf_ref(j)->id, 5);
		HF_EXPECT_EQ(dropped, 0);
	}
	HF_EXPECT_EQ(dropped, 5);
	HF_EXPECT_ERR(hf_vec_remove(job_own, &v, 5), -ERANGE);
	job_own_vec_drop(&v);
	HF_EXPECT_EQ(dropped, 512346);
}

HF_TEST(vec, insert_drops_an_owner_that_it_cannot_keep)
{
	hf_let_vec(job_own, v);
	hf_let(job, j, hf_expect(hf_new(job, GFP_KERNEL), "memory"));

	dropped = 0;
	HF_EXPECT_EQ(insert_job(&v, 1, 7), -ERANGE);
	HF_EXPECT_EQ(insert_job(&v, -((s64)1 << 32), 8), -ERANGE);
	HF_EXPECT_EQ(dropped, 78);
	hf_mut(j)->id = 9;
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_vec_insert_own(job_own, &v, 0, hf_move(j), GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(dropped, 789);
	HF_EXPECT_EQ(hf_len(v), 0);
}

/* Not assignable, like a structure that contains an owner or a pinned object. */
struct stuck {
	u32 id;
	__extension__ const char stays_[0];
};

HF_RESULT_DEFINE(stuck, struct stuck);
HF_SLICE_DEFINE(stuck, struct stuck);
HF_VEC_DEFINE(stuck);

HF_TEST(vec, holds_what_cannot_be_assigned)
{
	hf_let_vec(stuck, v);
	const struct stuck first = { .id = 1 };

	HF_EXPECT_EQ(hf_vec_push(&v, first, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_push(&v, ((struct stuck){ .id = 2 }), GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_vec_push_within(&v, first), 0);
	HF_EXPECT_EQ(hf_vec_insert(&v, 0, ((struct stuck){ .id = 3 }), GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_expect(hf_vec_remove(stuck, &v, 0), "there are 4").id, 3);
	HF_EXPECT_EQ(hf_vec_resize(&v, 5, GFP_KERNEL), 0);
	HF_EXPECT_EQ(hf_at(v, 1).id * 10 + hf_at(v, 4).id, 20);
	hf_vec_truncate(&v, 2);
	HF_EXPECT_EQ(hf_expect(hf_vec_pop(stuck, &v), "2 are left").id, 2);
}

/* --- an array at the end of an object ------------------------------------------------------------- */

struct frame {
	u16 port;
	HF_TRAILING(u32, words);
};

static void frame_free(struct frame *f)
{
	hf_free(f);
}

HF_OWN_DEFINE(frame, struct frame, frame_free);

HF_TEST(vec, object_with_an_array_at_its_end)
{
	hf_let(frame, f, hf_expect(hf_new_array(frame, words, hf_test_hide((u64)100), GFP_KERNEL), "memory"));
	hf_let(frame, none, hf_expect(hf_new_array(frame, words, 0, GFP_KERNEL), "memory"));
	u32 sum = 0;

	HF_EXPECT_EQ(hf_len(hf_trailing(u32_slice, hf_mut(f), words)), 100);
	HF_EXPECT_EQ(hf_len(hf_trailing(u32_cslice, hf_ref(none), words)), 0);
	hf_for_each(p, hf_trailing(u32_cslice, hf_ref(f), words))
		sum += *p;
	HF_EXPECT_EQ(sum, 0);
	hf_fill(hf_trailing(u32_slice, hf_mut(f), words), 3);
	hf_at(hf_trailing(u32_slice, hf_mut(f), words), 99) = 5;
	hf_for_each(p, hf_trailing(u32_cslice, hf_ref(f), words))
		sum += *p;
	HF_EXPECT_EQ(sum, 302);
	HF_EXPECT_ERR(hf_get(hf_trailing(u32_slice, hf_mut(f), words), 100), -ERANGE);
	HF_EXPECT_ERR(hf_new_array(frame, words, SIZE_MAX, GFP_KERNEL), -EOVERFLOW);
	HF_EXPECT_ERR(hf_new_array(frame, words, SIZE_MAX / 4, GFP_KERNEL), -EOVERFLOW);
	HF_EXPECT_ERR(hf_new_array(frame, words, hf_test_hide((s64)-1), GFP_KERNEL), -EOVERFLOW);
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(hf_new_array(frame, words, 3, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
}
