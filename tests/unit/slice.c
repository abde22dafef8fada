// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* slice.h: slices, loops, grids. */
#include <holdfast/slice.h>

#include "harness.h"

struct point {
	int x, y;
};

HF_SLICE_DEFINE(point, struct point);

#define SAME_TYPE(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))

/* Sizes whose sum with a small number wraps, or nearly does. */
static const size_t huge[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4, SIZE_MAX / 2,
			       SIZE_MAX / 2 + 1 };

static struct u8_slice empty_u8(void)
{
	return (struct u8_slice){ .len_ = 0 };
}

/* --- making one --------------------------------------------------------------------------------- */

HF_TEST(slice, of_an_array_is_all_of_it)
{
	u32 a[5] = { 1, 2, 3, 4, 5 };
	const u8 c[3] = { 7, 8, 9 };
	struct u32_slice s = hf_slice(u32_slice, a);
	struct u32_cslice read_only = hf_slice(u32_cslice, a);
	struct u8_cslice k = hf_slice(u8_cslice, c);

	HF_EXPECT_EQ(hf_len(s), 5);
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(s), a);
	HF_EXPECT_EQ(hf_len(read_only), 5);
	HF_EXPECT_EQ(hf_at(k, 2), 9);
}

HF_TEST(slice, is_two_registers)
{
	HF_EXPECT_EQ(sizeof(struct u8_slice), 2 * sizeof(void *));
	HF_EXPECT_EQ(sizeof(struct point_cslice), 2 * sizeof(void *));
}

HF_TEST(slice, const_view_is_of_the_same_elements)
{
	u8 a[3] = { 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);
	struct u8_cslice c = hf_const(s), cc = hf_const(c);

	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(c), a);
	HF_EXPECT_EQ(hf_len(c), 3);
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(cc), a);
	HF_EXPECT(SAME_TYPE(&hf_at(c, 0), const u8 *));
	HF_EXPECT(SAME_TYPE(&hf_at(s, 0), u8 *));
	/* SAFETY: only the type is used. */
	HF_EXPECT(SAME_TYPE(hf_get(c, 0).val_, const u8 *));
}

struct ring {
	struct u8_slice bytes;
};

/* A shared borrow (`const struct ring *`) gives only read-only elements. */
HF_TEST(slice, in_a_const_place_gives_const_elements)
{
	u8 a[4] = { 1, 2, 3, 4 };
	struct ring r = { .bytes = hf_slice(u8_slice, a) };
	const struct ring *shared = &r;
	const struct u8_slice s = r.bytes;
	const struct u8_slice_grid g = hf_expect(hf_grid(r.bytes, 2, 2, 2), "4 elements");
	unsigned int sum = 0;

	HF_EXPECT(SAME_TYPE(&hf_at(shared->bytes, 0), const u8 *));
	HF_EXPECT(SAME_TYPE(&hf_at(r.bytes, 0), u8 *));
	HF_EXPECT(SAME_TYPE(&hf_at(s, 0), const u8 *));
	HF_EXPECT(SAME_TYPE(hf_get(s, 0), struct u8_cslice_elem_result));
	HF_EXPECT(SAME_TYPE(hf_subslice(shared->bytes, 0, 1), struct u8_cslice_result));
	HF_EXPECT(SAME_TYPE(hf_split_at(s, 1), struct u8_cslice_halves_result));
	HF_EXPECT(SAME_TYPE(hf_grid(s, 1, 1, 1), struct u8_cslice_grid_result));
	HF_EXPECT(SAME_TYPE(hf_row(g, 1), struct u8_cslice));
	HF_EXPECT(SAME_TYPE(hf_const(s), struct u8_cslice));
	/* SAFETY: only the type is used. */
	HF_EXPECT(SAME_TYPE(hf_ptr_unchecked(s), const u8 *));
	/* A new slice of the same array is writable. */
	HF_EXPECT(SAME_TYPE(&hf_at(hf_slice(u8_slice, a), 0), u8 *));
	hf_for_each(p, shared->bytes) {
		HF_EXPECT(SAME_TYPE(p, const u8 *));
		sum += *p;
	}
	hf_zip(p, s, q, r.bytes) {
		HF_EXPECT(SAME_TYPE(p, const u8 *));
		HF_EXPECT(SAME_TYPE(q, u8 *));
		*q = (u8)(*p + 1);
	}
	hf_for_each_row(row, g) {
		HF_EXPECT(SAME_TYPE(row, struct u8_cslice));
		sum += hf_at(row, 1);
	}
	HF_EXPECT_EQ(sum, 10 + 3 + 5);
}

HF_TEST(slice, unchecked_takes_the_word_of_the_caller)
{
	u8 a[3] = { 1, 2, 3 };
	/* SAFETY: the array has three elements. */
	struct u8_slice s = hf_slice_unchecked(u8_slice, a, 2);

	HF_EXPECT_EQ(hf_len(s), 2);
	HF_EXPECT_ERR(hf_get(s, 2), -ERANGE);
}

HF_TEST(slice, array_sub_of_values)
{
	u8 a[4] = { 0, 1, 2, 3 };

	for (size_t from = 0; from <= 4; from++)
		for (size_t n = 0; n <= 4 - from; n++) {
			struct u8_slice s = hf_expect(hf_array_subslice(u8_slice, a, from, n), "it is inside");

			/* SAFETY: only compared. */
			HF_EXPECT_PTR_EQ(hf_ptr_unchecked(s), a + from);
			HF_EXPECT_EQ(hf_len(s), n);
		}
	HF_EXPECT_EQ(hf_len(hf_expect(hf_array_subslice(u8_cslice, a, 4, 0), "it is inside")), 0);
	HF_EXPECT_EQ(hf_at(hf_expect(hf_array_subslice(u8_cslice, a, 1, 3), "it is inside"), 2), 3);
}

HF_TEST(slice, array_sub_outside_is_an_error)
{
	u8 a[4] = { 0 };
	size_t evaluated = 0;

	for (size_t i = 0; i < HF_TEST_COUNT(huge); i++) {
		HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, hf_test_hide(huge[i]), hf_test_hide(1U)), -ERANGE);
		HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, hf_test_hide(1U), hf_test_hide(huge[i])), -ERANGE);
	}
	HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, hf_test_hide((size_t)5), 0), -ERANGE);
	HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, hf_test_hide(-1), 1), -ERANGE);
	HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, 0, hf_test_hide(1ULL << 32)), -ERANGE);
	HF_EXPECT_ERR(hf_array_subslice(u8_slice, a, 1 + evaluated++, hf_test_hide((size_t)4)), -ERANGE);
	HF_EXPECT_EQ(evaluated, 1);
}

HF_TEST(slice, array_at_is_an_lvalue)
{
	u32 a[3] = { 1, 2, 3 };
	size_t i = 0;

	hf_array_at(a, 1) = 7;
	hf_array_at(a, i++)++;
	hf_array_at(a, i++) += 2;
	HF_EXPECT_EQ(i, 2);
	HF_EXPECT_EQ(a[0], 2);
	HF_EXPECT_EQ(a[1], 9);
	HF_EXPECT_EQ(hf_array_at(a, 2), 3);
}

HF_TEST(slice, array_at_outside_stops_before_the_access)
{
	static u32 a[3];

	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_array_at(a, hf_test_hide((size_t)3)) = 1;
	}
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_array_at(a, hf_test_hide(SIZE_MAX)) = 1;
	}
	HF_EXPECT_EQ(a[0] | a[1] | a[2], 0);
}

HF_TEST(slice, of_characters)
{
	char name[4] = { 'a', 'b', 'c', 'd' };
	struct char_cslice text = hf_str("two" " words");
	struct u8_cslice bytes = hf_bytes(text);

	HF_EXPECT_EQ(hf_len(text), 9);
	HF_EXPECT_EQ(hf_at(text, 8), 's');
	HF_EXPECT_EQ(hf_len(hf_str("")), 0);
	HF_EXPECT_EQ(hf_len(bytes), 9);
	HF_EXPECT_EQ(hf_at(bytes, 0), 't');
	HF_EXPECT_EQ(hf_at(hf_bytes(hf_slice(char_slice, name)), 3), 'd');
	HF_EXPECT_EQ(hf_copy(hf_slice(char_slice, name),
			     hf_expect(hf_subslice(text, 4, 4), "it is inside")), 0);
	HF_EXPECT_EQ(name[0], 'w');
}

/* --- elements ----------------------------------------------------------------------------------- */

HF_TEST(slice, get_gives_the_element_or_an_error)
{
	struct point a[4] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 } };
	struct point_slice s = hf_slice(point_slice, a);

	for (size_t i = 0; i < 4; i++)
		HF_EXPECT_PTR_EQ(hf_expect(hf_get(s, i), "it is inside"), &a[i]);
	HF_EXPECT_ERR(hf_get(s, 4), -ERANGE);
	HF_EXPECT_ERR(hf_get(s, 5), -ERANGE);
	for (size_t i = 0; i < HF_TEST_COUNT(huge); i++)
		HF_EXPECT_ERR(hf_get(s, huge[i]), -ERANGE);
	HF_EXPECT_ERR(hf_get(empty_u8(), 0), -ERANGE);

	hf_expect(hf_get(s, 2), "it is inside")->x = 9;
	HF_EXPECT_EQ(a[2].x, 9);
}

/* Truncated to a 32-bit size_t, each of these is 0 or 1. */
static const u64 wide[] = { 1ULL << 32, (1ULL << 32) + 1, 1ULL << 63, ~0ULL << 32 };

HF_TEST(slice, bounds_hold_for_every_width)
{
	static u8 a[4] = { 0, 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);
	struct u8_slice_grid g = hf_expect(hf_grid(s, 2, 2, 2), "4 elements");

	for (size_t i = 0; i < HF_TEST_COUNT(wide); i++) {
		const u64 large = hf_test_hide(wide[i]);
		const s64 negative = hf_test_hide(-(s64)(large >> 1) - 1);

		HF_EXPECT_ERR(hf_get(s, large), -ERANGE);
		HF_EXPECT_ERR(hf_get(s, negative), -ERANGE);
		HF_EXPECT_ERR(hf_subslice(s, large, 0), -ERANGE);
		HF_EXPECT_ERR(hf_subslice(s, 0, large), -ERANGE);
		HF_EXPECT_ERR(hf_subslice(s, negative, 1), -ERANGE);
		HF_EXPECT_ERR(hf_subslice(s, 1, negative), -ERANGE);
		HF_EXPECT_ERR(hf_split_at(s, large), -ERANGE);
		HF_EXPECT_ERR(hf_split_at(s, negative), -ERANGE);
		HF_EXPECT_ERR(hf_grid(s, large, 1, 1), -ERANGE);
		HF_EXPECT_ERR(hf_grid(s, 1, large, large), -ERANGE);
		HF_EXPECT_ERR(hf_grid(s, 2, 1, large), -ERANGE);
		HF_EXPECT_ERR(hf_grid(s, 2, 1, negative), -ERANGE);
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_at(s, large) = 9;
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_at(s, negative) = 9;
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_array_at(a, large) = 9;
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_array_at(a, negative) = 9;
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_fill(hf_row(g, large), 9);
		}
	}
	for (u8 i = 0; i < 4; i++)
		HF_EXPECT_EQ(a[i], i);
	/* Negative indexes of narrow types, and valid ones of several types. */
	HF_EXPECT_ERR(hf_get(s, hf_test_hide((s8)-1)), -ERANGE);
	HF_EXPECT_ERR(hf_get(s, hf_test_hide((short)-4)), -ERANGE);
	HF_EXPECT_ERR(hf_get(s, hf_test_hide(-1L)), -ERANGE);
	HF_EXPECT_EQ(*hf_expect(hf_get(s, hf_test_hide((u64)3)), "inside"), 3);
	HF_EXPECT_EQ(*hf_expect(hf_get(s, hf_test_hide((s8)2)), "inside"), 2);
	HF_EXPECT_EQ(*hf_expect(hf_get(s, true), "inside"), 1);
}

static int times;

static struct u8_slice counted(struct u8_slice s)
{
	times++;
	return s;
}

HF_TEST(slice, operands_are_evaluated_once)
{
	u8 a[4] = { 0, 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);
	size_t i = 0, n = 0;

	times = 0;
	HF_EXPECT_EQ(*hf_expect(hf_get(counted(s), i++), "inside"), 0);
	HF_EXPECT_EQ(hf_at(counted(s), i++), 1);
	HF_EXPECT_EQ(i, 2);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_subslice(counted(s), i++, ++n), "inside")), 1);
	HF_EXPECT_EQ(i * 10 + n, 31);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_split_at(counted(s), n++), "inside").head), 1);
	HF_EXPECT_EQ(n, 2);
	HF_EXPECT_EQ(hf_len(hf_const(counted(s))), 4);
	HF_EXPECT_EQ(hf_copy(counted(s), counted(s)), 0);
	hf_fill(counted(s), (u8)n++);
	HF_EXPECT_EQ(n, 3);
	HF_EXPECT_OK(hf_grid(counted(s), n--, n - n, n - n + 1));
	HF_EXPECT_EQ(n, 2);
	HF_EXPECT_EQ(times, 9);
	HF_EXPECT_EQ(hf_len(counted(s)), 4);
	HF_EXPECT_EQ(times, 10);
}

HF_TEST(slice, at_is_an_lvalue)
{
	u8 a[3] = { 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);

	hf_at(s, 0) = 5;
	hf_at(s, 1)++;
	HF_EXPECT_EQ(a[0], 5);
	HF_EXPECT_EQ(a[1], 3);
	HF_EXPECT_PTR_EQ(&hf_at(s, 2), &a[2]);
}

HF_TEST(slice, at_outside_stops_before_the_access)
{
	static u8 a[5];
	struct u8_slice s = hf_expect(hf_array_subslice(u8_slice, a, 1, 3), "it is inside");

	hf_test_escape(&s);
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_at(s, hf_test_hide((size_t)3)) = 1;
	}
	for (size_t i = 0; i < HF_TEST_COUNT(huge); i++)
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			hf_at(s, hf_test_hide(huge[i])) = 1;
		}
	s = empty_u8();
	hf_test_escape(&s);
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_at(s, hf_test_hide((size_t)0)) = 1;
	}
#if HF_TEST_CHECKED
	HF_EXPECT_STR_EQ(hf_test_violation()->file, __FILE__);
	HF_EXPECT_STR_EQ(hf_test_violation()->func, __func__);
	HF_EXPECT_EQ(hf_test_violation()->line, __LINE__ - 5);
#endif
	HF_EXPECT_EQ(a[0] | a[1] | a[2] | a[3] | a[4], 0);
}

/* --- parts -------------------------------------------------------------------------------------- */

HF_TEST(slice, sub_of_every_range)
{
	static const size_t v[] = { 0, 1, 2, 3, 4, 5,
				    SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 3, SIZE_MAX - 4,
				    SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 2 };
	u32 a[4] = { 0, 1, 2, 3 };
	struct u32_slice s = hf_slice(u32_slice, a);

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++)
		for (size_t j = 0; j < HF_TEST_COUNT(v); j++) {
			const size_t from = v[i], n = v[j];
			const struct u32_slice_result r = hf_subslice(s, from, n);

			if (from <= 4 && n <= 4 && from + n <= 4) {
				HF_EXPECT_OK(r);
				/* SAFETY: only compared, after the test for an error. */
				HF_EXPECT_EQ(hf_len(r.val_), n);
				HF_EXPECT_PTR_EQ(hf_ptr_unchecked(r.val_), a + from);
			} else {
				HF_EXPECT_ERR(r, -ERANGE);
				/* SAFETY: only compared, after the test for an error. */
				HF_EXPECT_EQ(hf_len(r.val_), 0);
			}
		}
}

HF_TEST(slice, sub_does_not_widen)
{
	u8 a[8] = { 0 };
	struct u8_slice s = hf_expect(hf_array_subslice(u8_slice, a, 2, 4), "it is inside");

	HF_EXPECT_ERR(hf_subslice(s, 0, 5), -ERANGE);
	HF_EXPECT_ERR(hf_subslice(s, 4, 1), -ERANGE);
	HF_EXPECT_ERR(hf_subslice(s, SIZE_MAX, 2), -ERANGE);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_subslice(s, 4, 0), "an empty end is inside")), 0);
}

HF_TEST(slice, split_at_every_place)
{
	u8 a[4] = { 0, 1, 2, 3 };
	struct u8_cslice s = hf_slice(u8_cslice, a);

	for (size_t n = 0; n <= 4; n++) {
		struct u8_cslice_halves h = hf_expect(hf_split_at(s, n), "n is at most the length");

		HF_EXPECT_EQ(hf_len(h.head), n);
		/* SAFETY: only compared. */
		HF_EXPECT_PTR_EQ(hf_ptr_unchecked(h.head), a);
		HF_EXPECT_EQ(hf_len(h.tail), 4 - n);
		/* SAFETY: only compared. */
		HF_EXPECT_PTR_EQ(hf_ptr_unchecked(h.tail), a + n);
	}
	HF_EXPECT_ERR(hf_split_at(s, 5), -ERANGE);
	for (size_t i = 0; i < HF_TEST_COUNT(huge); i++)
		HF_EXPECT_ERR(hf_split_at(s, huge[i]), -ERANGE);
}

/* UBSan would report arithmetic on NULL. */
HF_TEST(slice, empty_without_memory_works)
{
	struct u8_slice none = empty_u8();
	struct u8_slice_halves h = hf_expect(hf_split_at(none, 0), "0 is at most 0");
	int rounds = 0;

	HF_EXPECT_OK(hf_subslice(none, 0, 0));
	HF_EXPECT_ERR(hf_subslice(none, 0, 1), -ERANGE);
	HF_EXPECT_ERR(hf_subslice(none, 1, 0), -ERANGE);
	HF_EXPECT_ERR(hf_split_at(none, 1), -ERANGE);
	HF_EXPECT_EQ(hf_len(h.head) + hf_len(h.tail), 0);
	HF_EXPECT_EQ(hf_copy(none, none), 0);
	HF_EXPECT_EQ(hf_copy(none, hf_const(none)), 0);
	hf_fill(none, 1);
	hf_for_each(p, none)
		rounds += *p + 1;
	hf_zip(p, none, q, hf_const(none))
		rounds += *p + *q + 1;
	HF_EXPECT_EQ(rounds, 0);
}

/* --- whole slices ------------------------------------------------------------------------------- */

HF_TEST(slice, copy_is_of_equal_lengths_or_nothing)
{
	u32 a[3] = { 1, 2, 3 }, b[3] = { 0 };
	struct u32_slice to = hf_slice(u32_slice, b);
	struct u32_cslice from = hf_slice(u32_cslice, a);

	HF_EXPECT_EQ(hf_copy(to, hf_expect(hf_subslice(from, 0, 2), "inside")), -EMSGSIZE);
	HF_EXPECT_EQ(hf_copy(hf_expect(hf_subslice(to, 0, 2), "inside"), from), -EMSGSIZE);
	HF_EXPECT_EQ(hf_copy(to, ((struct u32_cslice){ .len_ = 0 })), -EMSGSIZE);
	HF_EXPECT_EQ(b[0] | b[1] | b[2], 0);
	HF_EXPECT_EQ(hf_copy(to, from), 0);
	HF_EXPECT(b[0] == 1 && b[1] == 2 && b[2] == 3);
}

HF_TEST(slice, copy_may_overlap)
{
	u8 a[6] = { 1, 2, 3, 4, 5, 6 };
	u8 b[6] = { 1, 2, 3, 4, 5, 6 };

	HF_EXPECT_EQ(hf_copy(hf_expect(hf_array_subslice(u8_slice, a, 2, 4), "it is inside"), hf_expect(hf_array_subslice(u8_slice, a, 0, 4), "it is inside")), 0);
	HF_EXPECT(a[0] == 1 && a[1] == 2 && a[2] == 1 && a[3] == 2 && a[4] == 3 && a[5] == 4);
	HF_EXPECT_EQ(hf_copy(hf_expect(hf_array_subslice(u8_slice, b, 0, 4), "it is inside"), hf_expect(hf_array_subslice(u8_cslice, b, 2, 4), "it is inside")), 0);
	HF_EXPECT(b[0] == 3 && b[1] == 4 && b[2] == 5 && b[3] == 6 && b[4] == 5 && b[5] == 6);
}

HF_TEST(slice, copy_of_much_may_overlap)
{
	static u32 a[1000];
	struct u32_slice s = hf_slice(u32_slice, a);
	const size_t n = hf_test_hide((size_t)900);
	struct u32_slice first = hf_expect(hf_subslice(s, 0, n), "900 of 1000");
	struct u32_slice later = hf_expect(hf_subslice(s, 7, n), "907 of 1000");
	u32 i = 0;

	hf_for_each(p, s)
		*p = i++;
	HF_EXPECT_EQ(hf_copy(later, first), 0);
	for (i = 7; i < 907; i++)
		HF_EXPECT_EQ(a[i], i - 7);
	HF_EXPECT_EQ(hf_copy(first, later), 0);
	for (i = 0; i < 900; i++)
		HF_EXPECT_EQ(a[i], i);
}

HF_TEST(slice, fill_sets_every_element_and_no_other)
{
	u32 a[5] = { 9, 9, 9, 9, 9 };
	struct point p[2] = { { 0, 0 }, { 0, 0 } };

	hf_fill(hf_expect(hf_array_subslice(u32_slice, a, 1, 3), "it is inside"), 0xdeadbeef);
	HF_EXPECT_EQ(a[0], 9);
	HF_EXPECT(a[1] == 0xdeadbeef && a[2] == 0xdeadbeef && a[3] == 0xdeadbeef);
	HF_EXPECT_EQ(a[4], 9);
	hf_fill(hf_slice(point_slice, p), ((struct point){ 1, 2 }));
	HF_EXPECT(p[0].x == 1 && p[0].y == 2 && p[1].x == 1 && p[1].y == 2);
}

/* --- loops -------------------------------------------------------------------------------------- */

HF_TEST(slice, for_each_visits_every_element_in_order)
{
	u8 a[4] = { 1, 2, 3, 4 };
	struct u8_slice s = hf_slice(u8_slice, a);
	int digits = 0;

	times = 0;
	hf_for_each(p, counted(s)) {
		digits = digits * 10 + *p;
		*p = (u8)(*p + 4);
	}
	HF_EXPECT_EQ(times, 1);
	HF_EXPECT_EQ(digits, 1234);
	/* A const variable of a read-only slice. */
	const struct u8_cslice c = hf_const(s);

	digits = 0;
	hf_for_each(p, c) {
		HF_EXPECT(SAME_TYPE(&*p, const u8 *));
		digits = digits * 10 + *p;
	}
	HF_EXPECT_EQ(digits, 5678);
}

HF_TEST(slice, for_each_obeys_break_and_continue)
{
	u8 a[5] = { 1, 2, 3, 4, 5 };
	int digits = 0, after = 0;

	for (int round = 0; round < 2; round++) {
		hf_for_each(p, hf_slice(u8_slice, a)) {
			if (*p == 2)
				continue;
			if (*p == 4)
				break;
			digits = digits * 10 + *p;
		}
		/* The break left only the inner loop. */
		after++;
	}
	HF_EXPECT_EQ(digits, 1313);
	HF_EXPECT_EQ(after, 2);
}

static int find(struct u8_cslice s, u8 wanted)
{
	int i = 0;

	hf_for_each(p, s) {
		if (*p == wanted)
			return i;
		i++;
	}
	return -ENOENT;
}

HF_TEST(slice, for_each_obeys_return_and_goto)
{
	u8 a[3] = { 5, 6, 7 };
	int sum = 0;

	HF_EXPECT_EQ(find(hf_slice(u8_cslice, a), 6), 1);
	HF_EXPECT_EQ(find(hf_slice(u8_cslice, a), 8), -ENOENT);
	hf_for_each(p, hf_slice(u8_slice, a)) {
		sum += *p;
		if (*p == 6)
			goto out;
	}
	sum = 0;
out:
	HF_EXPECT_EQ(sum, 11);
}

HF_TEST(slice, for_each_nests)
{
	u8 a[3] = { 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);
	int pairs = 0, sum = 0;

	hf_for_each(p, s)
		hf_for_each(q, s) {
			if (q == p)
				break;
			pairs++;
			sum += *p * *q;
		}
	HF_EXPECT_EQ(pairs, 3);
	HF_EXPECT_EQ(sum, 2 + 3 + 6);
}

HF_TEST(slice, zip_ends_with_the_shorter)
{
	u8 a[6] = { 1, 2, 3, 4, 5, 6 };
	u32 b[6] = { 10, 20, 30, 40, 50, 60 };

	for (size_t n = 0; n <= 6; n++)
		for (size_t m = 0; m <= 6; m++) {
			u32 sum = 0, wanted = 0;
			size_t rounds = 0;

			hf_zip(p, hf_expect(hf_array_subslice(u8_cslice, a, 0, n), "it is inside"),
			       q, hf_expect(hf_array_subslice(u32_slice, b, 0, m), "it is inside")) {
				sum += *p * *q;
				rounds++;
			}
			for (size_t i = 0; i < n && i < m; i++)
				wanted += a[i] * b[i];
			HF_EXPECT_EQ(rounds, n < m ? n : m);
			HF_EXPECT_EQ(sum, wanted);
		}
}

HF_TEST(slice, zip_of_slices_in_const_variables)
{
	u8 a[3] = { 1, 2, 3 }, b[2] = { 0, 0 };
	const struct u8_cslice from = hf_slice(u8_cslice, a);
	struct u8_slice to = hf_slice(u8_slice, b);

	hf_zip(p, from, q, to)
		*q = *p;
	HF_EXPECT(b[0] == 1 && b[1] == 2);
	HF_EXPECT_EQ(hf_len(from), 3);
}

HF_TEST(slice, zip_evaluates_its_slices_once)
{
	u8 a[3] = { 1, 2, 3 };
	struct u8_slice s = hf_slice(u8_slice, a);

	times = 0;
	hf_zip(p, counted(s), q, counted(s))
		*p = *q;
	HF_EXPECT_EQ(times, 2);
}

static int first_difference(struct u8_cslice s, struct u8_cslice t)
{
	int i = 0;

	hf_zip(p, s, q, t) {
		if (*p != *q)
			return i;
		i++;
	}
	return -ENOENT;
}

HF_TEST(slice, zip_obeys_break_continue_return_and_goto)
{
	u8 a[5] = { 1, 2, 3, 4, 5 }, b[5] = { 1, 2, 0, 4, 9 };
	struct u8_cslice s = hf_slice(u8_cslice, a), t = hf_slice(u8_cslice, b);
	int digits = 0, after = 0;

	for (int round = 0; round < 2; round++) {
		hf_zip(p, s, q, t) {
			if (*p != *q)
				continue;
			if (*q == 4)
				break;
			digits = digits * 10 + *p;
		}
		after++;
	}
	HF_EXPECT_EQ(digits, 1212);
	HF_EXPECT_EQ(after, 2);

	HF_EXPECT_EQ(first_difference(s, t), 2);
	HF_EXPECT_EQ(first_difference(s, s), -ENOENT);

	hf_zip(p, s, q, t)
		if (*p != *q)
			goto out;
	after = 0;
out:
	HF_EXPECT_EQ(after, 2);
}

HF_TEST(slice, zips_nest)
{
	u8 a[2] = { 1, 2 }, b[2] = { 3, 4 };
	struct u8_slice s = hf_slice(u8_slice, a), t = hf_slice(u8_slice, b);
	int rounds = 0;

	hf_zip(p, s, q, t)
		hf_zip(v, s, w, t)
			rounds += *p * *q * *v * *w;
	HF_EXPECT_EQ(rounds, (3 + 8) * (3 + 8));
}

/* --- two dimensions ----------------------------------------------------------------------------- */

HF_TEST(slice, grid_fits_or_is_refused)
{
	static const struct {
		size_t rows, columns, stride;
		bool fits;
	} table[] = {
		{ 3, 4, 4, true },
		{ 4, 3, 3, true },
		{ 2, 4, 8, true },	/* the last row needs no gap behind it */
		{ 2, 5, 8, false },
		{ 3, 4, 5, false },
		{ 4, 4, 4, false },
		{ 1, 12, 12, true },
		{ 1, 13, 13, false },
		{ 1, 12, SIZE_MAX, true },
		{ 2, 1, SIZE_MAX, false },
		{ 2, 5, 4, false },	/* rows overlap */
		{ 0, 0, 0, true },
		{ 0, 100, 100, true },
		{ 0, 2, 1, false },
		{ 7, 0, 2, true },
		{ 8, 0, 2, false },
		{ SIZE_MAX, 0, 0, true },
		{ SIZE_MAX, 1, 1, false },
		{ SIZE_MAX, 1, 2, false },
		{ SIZE_MAX / 2 + 2, 4, 4, false },	/* (rows - 1) * stride wraps to 4 */
		{ SIZE_MAX / 4 + 2, 4, 4, false },	/* and to 0 */
		{ 2, SIZE_MAX, SIZE_MAX, false },	/* + columns wraps */
		{ 3, 12, SIZE_MAX / 2 + 1, false },
	};
	u8 a[12] = { 0 };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		const struct u8_slice_grid_result r = hf_grid(hf_slice(u8_slice, a), table[i].rows,
							     table[i].columns, table[i].stride);

		if (hf_errno(r) != (table[i].fits ? 0 : -ERANGE))
			hf_test_fail_(__FILE__, __LINE__, "case %u: %s", (unsigned int)i,
				      hf_errname(hf_errno(r)));
	}
}

HF_TEST(slice, rows_are_where_they_should_be)
{
	u32 a[11] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct u32_slice_grid g = hf_expect(hf_grid(hf_slice(u32_slice, a), 3, 3, 4), "11 of 11");
	size_t y = 0;

	hf_for_each_row(row, g) {
		HF_EXPECT_EQ(hf_len(row), 3);
		/* SAFETY: only compared. */
		HF_EXPECT_PTR_EQ(hf_ptr_unchecked(row), a + 4 * y);
		HF_EXPECT_PTR_EQ(hf_ptr_unchecked(hf_row(g, y)), a + 4 * y);
		HF_EXPECT_EQ(hf_len(hf_row(g, y)), 3);
		hf_fill(row, 77);
		y++;
	}
	HF_EXPECT_EQ(y, 3);
	for (size_t i = 0; i < HF_TEST_COUNT(a); i++)
		HF_EXPECT_EQ(a[i], i % 4 == 3 ? i : 77);
}

HF_TEST(slice, row_outside_stops)
{
	static u8 a[4];
	struct u8_cslice_grid g = hf_expect(hf_grid(hf_slice(u8_cslice, a), 2, 2, 2), "4 elements");

	hf_test_escape(&g);
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		(void)hf_len(hf_row(g, hf_test_hide((size_t)2)));
	}
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		(void)hf_len(hf_row(g, hf_test_hide(SIZE_MAX)));
	}
}

HF_TEST(slice, for_each_row_in_a_const_variable)
{
	u8 a[4] = { 1, 2, 3, 4 };
	const struct u8_cslice_grid g = hf_expect(hf_grid(hf_slice(u8_cslice, a), 2, 2, 2), "fits");
	int digits = 0;

	hf_for_each_row(row, g)
		digits = digits * 100 + hf_at(row, 0) * 10 + hf_at(row, 1);
	HF_EXPECT_EQ(digits, 1234);
}

static int row_with(struct u8_cslice_grid g, u8 wanted)
{
	int y = 0;

	hf_for_each_row(row, g) {
		hf_for_each(p, row)
			if (*p == wanted)
				return y;
		y++;
	}
	return -ENOENT;
}

HF_TEST(slice, for_each_row_obeys_break_continue_return_and_goto)
{
	u8 a[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct u8_cslice_grid g = hf_expect(hf_grid(hf_slice(u8_cslice, a), 4, 2, 2), "8 elements");
	int digits = 0, after = 0;

	for (int round = 0; round < 2; round++) {
		hf_for_each_row(row, g) {
			if (hf_at(row, 0) == 3)
				continue;
			if (hf_at(row, 0) == 7)
				break;
			digits = digits * 10 + hf_at(row, 1);
		}
		after++;
	}
	HF_EXPECT_EQ(digits, 2626);
	HF_EXPECT_EQ(after, 2);

	HF_EXPECT_EQ(row_with(g, 6), 2);
	HF_EXPECT_EQ(row_with(g, 9), -ENOENT);

	hf_for_each_row(row, g)
		if (hf_at(row, 1) == 4)
			goto out;
	after = 0;
out:
	HF_EXPECT_EQ(after, 2);
}

HF_TEST(slice, grids_without_elements)
{
	struct u8_slice_grid g;
	int rows = 0;

	g = hf_expect(hf_grid(empty_u8(), 0, 4, 4), "no rows need nothing");
	hf_for_each_row(row, g)
		rows++;
	HF_EXPECT_EQ(rows, 0);
	g = hf_expect(hf_grid(empty_u8(), 5, 0, 0), "empty rows need nothing");
	hf_for_each_row(row, g) {
		HF_EXPECT_EQ(hf_len(row), 0);
		rows++;
	}
	HF_EXPECT_EQ(rows, 5);
	HF_EXPECT_EQ(hf_len(hf_row(g, 4)), 0);
}
