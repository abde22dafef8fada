// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* num.h: arithmetic that may overflow, narrowing, and untrusted numbers. */
#include <holdfast/num.h>

#include "harness.h"

/*
 * A type that holds the values of all types, and most results.  32-bit machines lack such a type, so the
 * tests of the widest types are left out there.
 */
#ifdef __SIZEOF_INT128__
#define HAVE_WIDE	1
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;
#else
#define HAVE_WIDE	0
typedef s64 wide;
typedef u64 uwide;
#endif

#define MAX_OF(T)	((T)-1 > (T)0 ? (wide)(T)-1 : ((wide)1 << (sizeof(T) * 8 - 1)) - 1)
#define MIN_OF(T)	((T)-1 > (T)0 ? (wide)0 : -((wide)1 << (sizeof(T) * 8 - 1)))

/* SAFETY: the value of a result that the test has found to be no error. */
#define VALUE(r)	((r).val_)

/* --- arithmetic --------------------------------------------------------------------------------- */

/* A product of two u64 may not fit even there; it counts as too large. */
static bool add_wide(wide a, wide b, wide *out)
{
	return !__builtin_add_overflow(a, b, out);
}

static bool sub_wide(wide a, wide b, wide *out)
{
	return !__builtin_sub_overflow(a, b, out);
}

static bool mul_wide(wide a, wide b, wide *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

#define CHECK_OP(name, T, op, op_text, a, b)						\
	do {										\
		const struct name##_result r = hf_##op##_##name(a, b);			\
		wide exact = 0;								\
		const bool known = op##_wide((wide)(a), (wide)(b), &exact);		\
		const bool low = known && exact < MIN_OF(T);				\
		const bool high = !known || exact > MAX_OF(T);				\
		const T wrapped = (T)((uwide)(wide)(a) op_text (uwide)(wide)(b));	\
		const T nearest = low ? (T)MIN_OF(T) : high ? (T)MAX_OF(T) : wrapped;	\
											\
		if (hf_errno(r) != (low || high ? -EOVERFLOW : 0) ||			\
		    (!low && !high && VALUE(r) != wrapped) ||				\
		    hf_##op##_sat_##name(a, b) != nearest ||				\
		    hf_##op##_wrap_##name(a, b) != wrapped)				\
			hf_test_fail_(__FILE__, __LINE__,				\
				      #op "_" #name						\
				      "(%lld, %lld): error %d, saturated %lld, wrapped %lld", \
				      (long long)(a), (long long)(b), hf_errno(r),	\
				      (long long)hf_##op##_sat_##name(a, b),		\
				      (long long)hf_##op##_wrap_##name(a, b));		\
	} while (0)

#define CHECK_PAIR(name, T, a, b)							\
	do {										\
		CHECK_OP(name, T, add, +, a, b);					\
		CHECK_OP(name, T, sub, -, a, b);					\
		CHECK_OP(name, T, mul, *, a, b);					\
	} while (0)

HF_TEST(num, arithmetic_of_every_pair_of_u8)
{
	for (unsigned int a = 0; a < 256; a++)
		for (unsigned int b = 0; b < 256; b++)
			CHECK_PAIR(u8, u8, (u8)a, (u8)b);
}

/* Operands around the limits, near each power of two, and random ones. */
#define EDGE_TEST(name, T)								\
	HF_TEST(num, arithmetic_of_##name##_at_its_edges)				\
	{										\
		struct hf_test_random random = { .state = 1 };				\
		static T v[sizeof(T) * 8 * 3 + 16];						\
		size_t n = 0;								\
											\
		for (unsigned int bit = 0; bit < sizeof(T) * 8; bit++)			\
			for (int near = -1; near <= 1; near++)				\
				v[n++] = (T)(((u64)1 << bit) + (u64)(s64)near);		\
		v[n++] = (T)MAX_OF(T);							\
		v[n++] = (T)(MAX_OF(T) - 1);						\
		v[n++] = (T)(MAX_OF(T) / 2);						\
		v[n++] = (T)MIN_OF(T);							\
		v[n++] = (T)(MIN_OF(T) + 1);						\
		while (n < HF_TEST_COUNT(v))						\
			v[n++] = (T)hf_test_random(&random);				\
		for (size_t i = 0; i < n; i++)						\
			for (size_t j = 0; j < n; j++)					\
				CHECK_PAIR(name, T, v[i], v[j]);			\
		for (int i = 0; i < 20000; i++) {					\
			const T a = (T)(hf_test_random(&random) >> (i % 64));		\
			const T b = (T)(hf_test_random(&random) >> (i / 64 % 64));	\
											\
			CHECK_PAIR(name, T, a, b);					\
		}									\
	}

EDGE_TEST(u16, u16)
EDGE_TEST(u32, u32)
EDGE_TEST(size, size_t)
EDGE_TEST(s32, s32)
#if HAVE_WIDE
EDGE_TEST(u64, u64)
EDGE_TEST(s64, s64)
#endif

HF_TEST(num, arithmetic_by_hand)
{
	HF_EXPECT_EQ(hf_expect(hf_add_u8(200, 55), "it fits"), 255);
	HF_EXPECT_ERR(hf_add_u8(200, 56), -EOVERFLOW);
	HF_EXPECT_EQ(hf_add_sat_u8(200, 56), 255);
	HF_EXPECT_EQ(hf_add_wrap_u8(200, 56), 0);
	HF_EXPECT_ERR(hf_sub_u32(0, 1), -EOVERFLOW);
	HF_EXPECT_EQ(hf_sub_sat_u32(0, 1), 0);
	HF_EXPECT_EQ(hf_sub_wrap_u32(0, 1), 0xffffffff);
	HF_EXPECT_ERR(hf_mul_size(SIZE_MAX / 2 + 1, 2), -EOVERFLOW);
	HF_EXPECT_EQ(hf_mul_sat_size(SIZE_MAX / 2 + 1, 2), SIZE_MAX);
	HF_EXPECT_EQ(hf_mul_sat_s32(-0x7fffffff - 1, -1), 0x7fffffff);
	HF_EXPECT_EQ(hf_mul_sat_s32(-2, 0x7fffffff), -0x7fffffffLL - 1);
	HF_EXPECT_EQ(hf_sub_sat_s32(0, -0x7fffffff - 1), 0x7fffffff);
}

/* --- narrowing ---------------------------------------------------------------------------------- */

#if HAVE_WIDE
#define CHECK_TO(name, T, from)								\
	do {										\
		const struct name##_result r = hf_to_##name(from);			\
		const wide exact = (from);						\
		const bool fits = exact >= MIN_OF(T) && exact <= MAX_OF(T);		\
											\
		if (hf_errno(r) != (fits ? 0 : -ERANGE) || (fits && (wide)VALUE(r) != exact)) \
			hf_test_fail_(__FILE__, __LINE__,				\
				      "to_" #name "(%s: %lld): error %d, %lld", #from,	\
				       (long long)(from), hf_errno(r), (long long)VALUE(r)); \
	} while (0)

#define CHECK_TO_ALL(from)								\
	do {										\
		CHECK_TO(u8, u8, from);							\
		CHECK_TO(u16, u16, from);						\
		CHECK_TO(u32, u32, from);						\
		CHECK_TO(u64, u64, from);						\
		CHECK_TO(size, size_t, from);						\
		CHECK_TO(s32, s32, from);						\
		CHECK_TO(s64, s64, from);						\
	} while (0)

HF_TEST(num, narrowing_fails_just_where_the_value_does_not_fit)
{
	struct hf_test_random random = { .state = 2 };

	/* Sources of every width and sign, with values around the limits of every target. */
	for (unsigned int bit = 0; bit < 64; bit++)
		for (int near = -2; near <= 2; near++)
			for (int sign = -1; sign <= 1; sign += 2) {
				const u64 v = ((u64)1 << bit) + (u64)(s64)near;
				const u64 value = sign < 0 ? 0 - v : v;
				const u8 as_u8 = (u8)value;
				const u16 as_u16 = (u16)value;
				const u32 as_u32 = (u32)value;
				const s8 as_s8 = (s8)value;
				const s16 as_s16 = (s16)value;
				const s32 as_s32 = (s32)value;
				const s64 as_s64 = (s64)value;
				const long as_long = (long)value;
				const unsigned long long as_ull = value;

				CHECK_TO_ALL(value);
				CHECK_TO_ALL(as_u8);
				CHECK_TO_ALL(as_u16);
				CHECK_TO_ALL(as_u32);
				CHECK_TO_ALL(as_s8);
				CHECK_TO_ALL(as_s16);
				CHECK_TO_ALL(as_s32);
				CHECK_TO_ALL(as_s64);
				CHECK_TO_ALL(as_long);
				CHECK_TO_ALL(as_ull);
			}
	for (int i = 0; i < 10000; i++) {
		const u64 value = hf_test_random(&random) >> (i % 64);
		const s64 negative = -(s64)(value >> 1);

		CHECK_TO_ALL(value);
		CHECK_TO_ALL(negative);
	}
}

#endif

HF_TEST(num, narrowing_to_a_size)
{
	const u64 above = (u64)SIZE_MAX + 1;	/* 0 on a 64-bit machine */

	HF_EXPECT_EQ(hf_expect(hf_to_size(hf_test_hide((u64)SIZE_MAX)), "it fits"), SIZE_MAX);
	HF_EXPECT_ERR(hf_to_size(hf_test_hide(above)), above ? -ERANGE : 0);
	HF_EXPECT_ERR(hf_to_size(hf_test_hide((s64)-1)), -ERANGE);
	HF_EXPECT_ERR(hf_to_u64(hf_test_hide((s64)-1)), -ERANGE);
	HF_EXPECT_ERR(hf_to_s32(hf_test_hide((s64)1 << 32)), -ERANGE);
}

enum colour {
	GREEN = 300,
};

HF_TEST(num, narrowing_takes_any_integer_and_evaluates_it_once)
{
	enum colour colour = GREEN;
	const bool yes = true;
	int i = 255;

	HF_EXPECT_ERR(hf_to_u8(colour), -ERANGE);
	HF_EXPECT_EQ(hf_expect(hf_to_u16(colour), "300 fits"), 300);
	HF_EXPECT_EQ(hf_expect(hf_to_u8(yes), "1 fits"), 1);
	HF_EXPECT_EQ(hf_expect(hf_to_u8('a'), "it fits"), 97);
	HF_EXPECT_EQ(hf_expect(hf_to_u8(i++), "255 fits"), 255);
	HF_EXPECT_EQ(i, 256);
	HF_EXPECT_ERR(hf_to_u8(i--), -ERANGE);
	HF_EXPECT_EQ(i, 255);
}

/* --- untrusted numbers -------------------------------------------------------------------------- */

HF_TEST(num, untrusted_is_no_larger_than_its_number)
{
	HF_EXPECT_EQ(sizeof(struct hf_untrusted_u8), 1);
	HF_EXPECT_EQ(sizeof(struct hf_untrusted_u16), 2);
	HF_EXPECT_EQ(sizeof(struct hf_untrusted_u32), 4);
	HF_EXPECT_EQ(sizeof(struct hf_untrusted_u64), 8);
}

HF_TEST(num, below_for_every_u8_and_bound)
{
	for (unsigned int v = 0; v < 256; v++)
		for (unsigned int bound = 0; bound <= 257; bound++) {
			const struct hf_untrusted_u8 x = hf_untrusted_u8((u8)v);
			const struct u8_result r = hf_below(x, bound);
			const struct u8_result n = hf_below_nospec(x, bound);

			if (hf_errno(r) != (v < bound ? 0 : -ERANGE) ||
			    (v < bound && VALUE(r) != v))
				HF_EXPECT_EQ(v, bound);
			if (hf_errno(n) != hf_errno(r) || (v < bound && VALUE(n) != v))
				HF_EXPECT_EQ(v, bound);
		}
}

HF_TEST(num, range_for_every_u8)
{
	for (unsigned int v = 0; v < 256; v++) {
		const struct hf_untrusted_u8 x = hf_untrusted_u8((u8)v);

		for (unsigned int low = 0; low < 256; low += 5)
			for (unsigned int high = 0; high < 256; high += 3) {
				const struct u8_result r = hf_in_range(x, low, high);
				const bool in = v >= low && v <= high;

				if (hf_errno(r) != (in ? 0 : -ERANGE) || (in && VALUE(r) != v))
					HF_EXPECT_EQ(v, low * 1000 + high);
			}
		for (unsigned int max = 0; max <= 256; max++) {
			const struct u8_result r = hf_at_most(x, max);

			if (hf_errno(r) != (v <= max ? 0 : -ERANGE) || (v <= max && VALUE(r) != v))
				HF_EXPECT_EQ(v, max);
		}
	}
}

#define WIDE_CHECKS(T, v, bound)							\
	do {										\
		const struct hf_untrusted_##T x = hf_untrusted_##T((T)(v));		\
		const struct T##_result r = hf_below(x, bound);				\
		const struct T##_result n = hf_below_nospec(x, bound);			\
		const struct T##_result m = hf_at_most(x, bound);			\
		const bool below = (T)(v) < (bound), most = (T)(v) <= (bound);		\
											\
		if (hf_errno(r) != (below ? 0 : -ERANGE) || (below && VALUE(r) != (T)(v)) || \
		    hf_errno(n) != hf_errno(r) || (below && VALUE(n) != (T)(v)) ||	\
		    hf_errno(m) != (most ? 0 : -ERANGE) || (most && VALUE(m) != (T)(v))) \
			hf_test_fail_(__FILE__, __LINE__, #T " 0x%llx, bound 0x%llx",	\
				      (unsigned long long)(v), (unsigned long long)(bound)); \
	} while (0)

HF_TEST(num, bounds_of_wide_numbers)
{
	static const u64 edge[] = { 0, 1, 2, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
				    0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
				    0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
				    0xfffffffffffffffe, 0xffffffffffffffff };

	for (size_t i = 0; i < HF_TEST_COUNT(edge); i++)
		for (size_t j = 0; j < HF_TEST_COUNT(edge); j++) {
			WIDE_CHECKS(u16, edge[i], edge[j]);
			WIDE_CHECKS(u32, edge[i], edge[j]);
			WIDE_CHECKS(u64, edge[i], edge[j]);
		}
}

HF_TEST(num, nothing_is_within_a_negative_bound)
{
	const int n = hf_test_hide(-1);
	const s64 wide_n = hf_test_hide(-((s64)1 << 32));

	HF_EXPECT_ERR(hf_below(hf_untrusted_u8(0), n), -ERANGE);
	HF_EXPECT_ERR(hf_below_nospec(hf_untrusted_u16(7), n), -ERANGE);
	HF_EXPECT_ERR(hf_below(hf_untrusted_u64(~0ULL - 1), wide_n), -ERANGE);
	HF_EXPECT_ERR(hf_at_most(hf_untrusted_u32(0), n), -ERANGE);
	HF_EXPECT_ERR(hf_at_most(hf_untrusted_u64(0), wide_n), -ERANGE);
	HF_EXPECT_ERR(hf_in_range(hf_untrusted_u8(0), n, n), -ERANGE);
	HF_EXPECT_ERR(hf_in_range(hf_untrusted_u8(200), 3, -1), -ERANGE);
	HF_EXPECT_EQ(hf_expect(hf_in_range(hf_untrusted_u8(200), n, 200), "200 is at most 200"), 200);
}

HF_TEST(num, bounds_are_evaluated_once)
{
	int n = 3, low = 0;

	HF_EXPECT_ERR(hf_below(hf_untrusted_u8(3), n++), -ERANGE);
	HF_EXPECT_EQ(n, 4);
	HF_EXPECT_ERR(hf_at_most(hf_untrusted_u8(4), n++), 0);
	HF_EXPECT_EQ(n, 5);
	HF_EXPECT_ERR(hf_in_range(hf_untrusted_u8(4), low++, n++), 0);
	HF_EXPECT_EQ(low * 10 + n, 16);
	HF_EXPECT_ERR(hf_below_nospec(hf_untrusted_u8(4), n++), 0);
	HF_EXPECT_EQ(n, 7);
}

HF_TEST(num, a_number_out_of_bounds_leaves_nothing_to_use)
{
	HF_EXPECT_EQ(VALUE(hf_below(hf_untrusted_u16(9), 9)), 0);
	HF_EXPECT_EQ(VALUE(hf_below_nospec(hf_untrusted_u32(10), 9)), 0);
	HF_EXPECT_EQ(VALUE(hf_in_range(hf_untrusted_u64(10), 11, 12)), 0);
}

HF_TEST(num, mask_gives_a_number_bits_do_not)
{
	const struct hf_untrusted_u16 status = hf_untrusted_u16(0xabcd);

	HF_EXPECT_EQ(hf_mask(status, 0xff), 0xcd);
	HF_EXPECT_EQ(hf_mask(status, 0), 0);
	HF_EXPECT_EQ(hf_mask(status, 0xffff), 0xabcd);
	HF_EXPECT_EQ(hf_mask(hf_untrusted_u64(~0ULL), ~0ULL), ~0ULL);

	HF_EXPECT_EQ(hf_accept_any(hf_bits(status, 0, 4)), 0xd);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(status, 4, 8)), 0xbc);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(status, 15, 1)), 1);
	HF_EXPECT_ERR(hf_below(hf_bits(status, 8, 8), 0xab), -ERANGE);
	HF_EXPECT_OK(hf_below(hf_bits(status, 8, 8), 0xac));
}

HF_TEST(num, bits_of_the_whole_width)
{
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u8(0xa5), 0, 8)), 0xa5);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u16(0xa5a5), 0, 16)), 0xa5a5);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u32(0xa5a5a5a5), 0, 32)), 0xa5a5a5a5);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u64(~0ULL), 0, 64)), ~0ULL);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u64(~0ULL), 63, 1)), 1);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u32(0x80000000), 31, 1)), 1);
	HF_EXPECT_EQ(hf_accept_any(hf_bits(hf_untrusted_u8(0x80), 7, 1)), 1);
}

HF_TEST(num, equality_needs_no_trust)
{
	HF_EXPECT(hf_equals(hf_untrusted_u8(7), 7));
	HF_EXPECT(!hf_equals(hf_untrusted_u16(0xffff), 0xfffe));
	HF_EXPECT(hf_equals(hf_untrusted_u32(0xffffffff), 0xffffffff));
	HF_EXPECT(hf_equals(hf_untrusted_u64(~0ULL), ~0ULL));
}

static int made;

static struct hf_untrusted_u16 make(u16 v)
{
	made++;
	return hf_untrusted_u16(v);
}

HF_TEST(num, checks_evaluate_the_number_once)
{
	u64 bound = 9;

	made = 0;
	HF_EXPECT_OK(hf_below(make(9), ++bound));
	HF_EXPECT_EQ(bound, 10);
	HF_EXPECT_OK(hf_below_nospec(make(1), bound++));
	HF_EXPECT_EQ(bound, 11);
	HF_EXPECT_OK(hf_in_range(make(1), 1, 1));
	HF_EXPECT_OK(hf_at_most(make(1), 1));
	HF_EXPECT_EQ(hf_mask(make(1), 1), 1);
	HF_EXPECT(hf_equals(make(1), 1));
	HF_EXPECT_EQ(hf_accept_any(hf_bits(make(1), 0, 1)), 1);
	HF_EXPECT_EQ(made, 7);
}

/* --- wire integers ------------------------------------------------------------------------------ */

static u8 byte_of(const void *p, size_t i)
{
	return ((const u8 *)p)[i];
}

#define WIRE_CHECK(bits, v)								\
	do {										\
		const struct hf_le##bits le = hf_le##bits(v);				\
		const struct hf_be##bits be = hf_be##bits(v);				\
											\
		HF_EXPECT_EQ(sizeof(le), bits / 8);					\
		for (unsigned int i = 0; i < bits / 8; i++) {				\
			HF_EXPECT_EQ(byte_of(&le, i), (u8)((v) >> (8 * i)));		\
			HF_EXPECT_EQ(byte_of(&be, bits / 8 - 1 - i), (u8)((v) >> (8 * i))); \
		}									\
		HF_EXPECT_EQ(hf_accept_any(hf_from_le(le)), (v));			\
		HF_EXPECT_EQ(hf_accept_any(hf_from_be(be)), (v));			\
	} while (0)

HF_TEST(num, wire_integers_have_the_bytes_in_their_order)
{
	WIRE_CHECK(16, 0x0102U);
	WIRE_CHECK(16, 0xfffeU);
	WIRE_CHECK(32, 0x01020304U);
	WIRE_CHECK(32, 0xfffefdfcU);
	WIRE_CHECK(64, 0x0102030405060708ULL);
	WIRE_CHECK(64, 0xfffefdfcfbfaf9f8ULL);
}

HF_TEST(num, wire_integers_are_untrusted)
{
	struct hf_untrusted_u16 a = hf_from_le(hf_le16(500));
	struct hf_untrusted_u64 b = hf_from_be(hf_be64(1));

	HF_EXPECT_ERR(hf_below(a, 500), -ERANGE);
	HF_EXPECT_EQ(hf_expect(hf_below(a, 501), "500 is less"), 500);
	HF_EXPECT_OK(hf_below(b, 2));
}
