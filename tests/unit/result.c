// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* result.h: results, options, and the front doors that handle their errors. */
#include <holdfast/own.h>
#include <holdfast/result.h>
#include <holdfast/scope.h>

#include "harness.h"

struct pair {
	int a, b;
};

HF_RESULT_DEFINE(pair, struct pair);
HF_RESULT_DEFINE(number, int);
HF_PTR_RESULT_DEFINE(pair_ptr, struct pair);
HF_OPTION_DEFINE(maybe, u8);

static int calls;

static struct number_result give(int v)
{
	calls++;
	return v < 0 ? hf_err(number, v) : hf_ok(number, v);
}

static struct pair_ptr_result give_ptr(struct pair *p, int err)
{
	calls++;
	if (err)
		return hf_err(pair_ptr, err);
	return hf_ok(pair_ptr, p);
}

HF_TEST(result, value_or_error)
{
	struct pair_result good = hf_ok(pair, ((struct pair){ 1, 2 }));
	struct pair_result bad = hf_err(pair, -EIO);

	HF_EXPECT(hf_is_ok(good));
	HF_EXPECT_EQ(hf_errno(good), 0);
	HF_EXPECT_EQ(hf_expect(good, "it was just made").b, 2);
	HF_EXPECT(!hf_is_ok(bad));
	HF_EXPECT_EQ(hf_errno(bad), -EIO);
}

HF_TEST(result, option_is_a_result_whose_error_is_nodata)
{
	struct maybe_result some = hf_some(maybe, 0), none = hf_none(maybe);

	HF_EXPECT_OK(some);
	HF_EXPECT_ERR(none, -ENODATA);
	HF_EXPECT_EQ(hf_ok_or(some, 9), 0);
	HF_EXPECT_EQ(hf_ok_or(none, 9), 9);
}

HF_TEST(result, errors_are_the_whole_errno_range)
{
	const int edge[] = { -1, -EPERM, -ENOMEM, -2048, -HF_MAX_ERRNO + 1, -HF_MAX_ERRNO };

	for (size_t i = 0; i < HF_TEST_COUNT(edge); i++) {
		HF_EXPECT_ERR(hf_err(number, edge[i]), edge[i]);
		HF_EXPECT_ERR(hf_err(pair_ptr, edge[i]), edge[i]);
	}
}

HF_TEST(result, an_error_that_is_none_never_becomes_success)
{
	const int wrong[] = { 0, 1, EINVAL, -HF_MAX_ERRNO - 1, 0x7fffffff, -0x7fffffff - 1 };

	for (size_t i = 0; i < HF_TEST_COUNT(wrong); i++) {
		HF_EXPECT_REPORT(HF_UNWRAP) {
			HF_EXPECT_ERR(hf_err(number, hf_test_hide(wrong[i])), -EINVAL);
		}
		HF_EXPECT_REPORT(HF_UNWRAP) {
			HF_EXPECT_ERR(hf_err(pair_ptr, hf_test_hide(wrong[i])), -EINVAL);
		}
	}
}

/* --- pointers ----------------------------------------------------------------------------------- */

HF_TEST(result, pointer_result_is_one_register)
{
	HF_EXPECT_EQ(sizeof(struct pair_ptr_result), sizeof(void *));
}

HF_TEST(result, pointer_is_an_error_only_in_the_top_4095)
{
	static const struct {
		unsigned long address;
		int err;
	} table[] = {
		{ 0, 0 },		   /* NULL is a value */
		{ 1, 0 },
		{ 4095, 0 },
		{ ~0UL / 2, 0 },
		{ ~0UL / 2 + 1, 0 },
		{ -4096UL, 0 },
		{ -4095UL, -4095 },
		{ -(unsigned long)ENOMEM, -ENOMEM },
		{ -1UL, -1 },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		struct pair_ptr_result r = { .val_ = (struct pair *)table[i].address };

		HF_EXPECT_EQ(hf_errno(r), table[i].err);
		HF_EXPECT_EQ(hf_is_ok(r), table[i].err == 0);
	}
}

HF_TEST(result, pointer_comes_back)
{
	struct pair p = { 3, 4 };

	HF_EXPECT_PTR_EQ(hf_expect(give_ptr(&p, 0), "it is no error"), &p);
	HF_EXPECT_PTR_EQ(hf_expect(give_ptr(NULL, 0), "NULL is a value"), NULL);
	HF_EXPECT_ERR(give_ptr(&p, -ENOENT), -ENOENT);
}

/* --- try ---------------------------------------------------------------------------------------- */

static int after_try;

static int try_number(int v)
{
	int got = hf_try(give(v));

	after_try++;
	return got + 1;
}

HF_TEST(result, try_gives_the_value_or_returns_the_error)
{
	calls = after_try = 0;
	HF_EXPECT_EQ(try_number(7), 8);
	HF_EXPECT_EQ(try_number(-EBUSY), -EBUSY);
	HF_EXPECT_EQ(calls, 2);
	HF_EXPECT_EQ(after_try, 1);
}

static int try_ptr(struct pair *p, int err)
{
	return hf_try(give_ptr(p, err))->b;
}

HF_TEST(result, try_works_on_pointers)
{
	struct pair p = { 3, 4 };

	HF_EXPECT_EQ(try_ptr(&p, 0), 4);
	HF_EXPECT_EQ(try_ptr(&p, -EAGAIN), -EAGAIN);
}

static struct number_result give_less(int v)
{
	return give(v - 2);
}

static int try_nested(int inner)
{
	return hf_try(give_less(hf_try(give(inner))));
}

HF_TEST(result, tries_nest)
{
	calls = 0;
	HF_EXPECT_EQ(try_nested(5), 3);
	HF_EXPECT_EQ(calls, 2);
	HF_EXPECT_EQ(try_nested(-EIO), -EIO);
	HF_EXPECT_EQ(calls, 3);
	HF_EXPECT_EQ(try_nested(1), -1);
	HF_EXPECT_EQ(calls, 5);
}

static struct pair_result try_in(int v)
{
	int a = hf_try_in(pair, give(v));

	return hf_ok(pair, ((struct pair){ a, a }));
}

static struct pair_ptr_result try_in_ptr(struct pair *p, int v)
{
	p->a = hf_try_in(pair_ptr, give(v));
	return hf_ok(pair_ptr, p);
}

static struct number_result try_in_from_ptr(struct pair *p, int err)
{
	return hf_ok(number, hf_try_in(number, give_ptr(p, err))->a);
}

HF_TEST(result, try_in_carries_an_error_from_one_result_to_another)
{
	struct pair p = { 0, 0 };

	HF_EXPECT_EQ(hf_expect(try_in(5), "5 is no error").b, 5);
	HF_EXPECT_ERR(try_in(-EPROTO), -EPROTO);
	HF_EXPECT_PTR_EQ(hf_expect(try_in_ptr(&p, 6), "6 is no error"), &p);
	HF_EXPECT_ERR(try_in_ptr(&p, -HF_MAX_ERRNO), -HF_MAX_ERRNO);
	HF_EXPECT_EQ(hf_expect(try_in_from_ptr(&p, 0), "no error"), 6);
	HF_EXPECT_ERR(try_in_from_ptr(&p, -1), -1);
}

static int plain(int err)
{
	calls++;
	return err;
}

static int try_errno(int err)
{
	hf_try_errno(plain(err));
	return 100;
}

static struct pair_ptr_result try_errno_in(struct pair *p, int err)
{
	hf_try_errno_in(pair_ptr, plain(err));
	return hf_ok(pair_ptr, p);
}

HF_TEST(result, try_errno_returns_negative_errnos_only)
{
	struct pair p;

	calls = 0;
	HF_EXPECT_EQ(try_errno(0), 100);
	HF_EXPECT_EQ(try_errno(3), 100);
	HF_EXPECT_EQ(try_errno(-ENXIO), -ENXIO);
	HF_EXPECT_OK(try_errno_in(&p, 0));
	HF_EXPECT_ERR(try_errno_in(&p, -ENXIO), -ENXIO);
	HF_EXPECT_EQ(calls, 5);
}

static bool is_ready(int v)
{
	return hf_try_or(give(v), false) > 1;
}

static struct pair *first(struct pair *p, int err)
{
	return hf_try_or(give_ptr(p, err), NULL) + 1;
}

static u8 status(int err, int *values)
{
	hf_try_errno_or(plain(err), (u8)++*values);
	return 100;
}

HF_TEST(result, try_or_returns_what_it_is_told)
{
	struct pair p[2];
	int values = 0;

	calls = 0;
	HF_EXPECT(is_ready(2));
	HF_EXPECT(!is_ready(1));
	HF_EXPECT(!is_ready(-EIO));
	HF_EXPECT_PTR_EQ(first(p, 0), p + 1);
	HF_EXPECT_PTR_EQ(first(p, -EIO), NULL);
	HF_EXPECT_EQ(status(0, &values), 100);
	HF_EXPECT_EQ(status(-EIO, &values), 2);
	HF_EXPECT_EQ(calls, 7);
}

HF_TEST(result, the_error_of_a_call_is_asked_for_once)
{
	struct pair p;

	calls = 0;
	HF_EXPECT_EQ(hf_errno(give(-EIO)), -EIO);
	HF_EXPECT_EQ(hf_errno(give(1)), 0);
	HF_EXPECT_EQ(hf_errno(give_ptr(&p, -EIO)), -EIO);
	HF_EXPECT(!hf_is_ok(give(-EIO)));
	HF_EXPECT_EQ(calls, 4);
}

/* hf_try() drops the owners of the scopes that it leaves. */
static int drops;

static void pair_free(struct pair *p)
{
	drops++;
	hf_free(p);
}

HF_OWN_DEFINE(pair, struct pair, pair_free);

static void undo(void *arg)
{
	*(int *)arg += 10;
}

static int try_with_owners(int which, int *undone)
{
	hf_let(pair, a, hf_try(hf_new(pair, GFP_KERNEL)));
	hf_defer(d, undo, undone);
	hf_try_errno(plain(which == 1 ? -EIO : 0));
	{
		hf_let(pair, b, hf_try(hf_new(pair, GFP_KERNEL)));
		hf_mut(b)->a = hf_try(give(which == 2 ? -EIO : 1));
		hf_mut(a)->a = hf_ref(b)->a;
	}
	return hf_try(give(which == 3 ? -EIO : hf_ref(a)->a));
}

HF_TEST(result, try_drops_owners_on_the_way_out)
{
	static const struct {
		int which, returns, drops;
	} table[] = { { 0, 1, 2 }, { 1, -EIO, 1 }, { 2, -EIO, 2 }, { 3, -EIO, 2 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		const size_t live = hf_test_live();
		int undone = 0;

		drops = 0;
		HF_EXPECT_EQ(try_with_owners(table[i].which, &undone), table[i].returns);
		HF_EXPECT_EQ(drops, table[i].drops);
		HF_EXPECT_EQ(undone, 10);
		HF_EXPECT_EQ(hf_test_live(), live);
	}
}

static int allocate_two(void *arg)
{
	return try_with_owners(0, arg) == 1 ? 0 : -ENOMEM;
}

HF_TEST(result, try_drops_owners_when_memory_runs_out)
{
	int undone = 0;

	HF_EXPECT_EQ(hf_test_fail_each_alloc(allocate_two, &undone), 2);
}

/* --- store, ok_or, expect ----------------------------------------------------------------------- */

HF_TEST(result, store_touches_the_place_only_on_success)
{
	int place[2] = { 11, 22 };
	size_t i = 0;

	calls = 0;
	HF_EXPECT_EQ(hf_store_ok(place[0], give(-EDOM)), -EDOM);
	HF_EXPECT_EQ(place[0], 11);
	HF_EXPECT_EQ(hf_store_ok(place[i++], give(5)), 0);
	HF_EXPECT_EQ(place[0], 5);
	HF_EXPECT_EQ(i, 1);
	/* The place is evaluated on error as well. */
	HF_EXPECT_EQ(hf_store_ok(place[i++], give(-EDOM)), -EDOM);
	HF_EXPECT_EQ(i, 2);
	HF_EXPECT_EQ(place[1], 22);
	HF_EXPECT_EQ(calls, 3);
}

HF_TEST(result, ok_or_gives_the_value_or_the_other)
{
	int others = 0;

	calls = 0;
	HF_EXPECT_EQ(hf_ok_or(give(7), ++others), 7);
	HF_EXPECT_EQ(others, 1);
	HF_EXPECT_EQ(hf_ok_or(give(-1), ++others), 2);
	HF_EXPECT_EQ(others, 2);
	HF_EXPECT_EQ(calls, 2);
}

HF_TEST(result, expect_of_an_error_stops)
{
	static int after;
	struct pair p;

	after = 0;
	HF_EXPECT_VIOLATION(HF_UNWRAP) {
		after = hf_expect(give(-EIO), "of what was promised");
	}
#if HF_TEST_CHECKED
	HF_EXPECT(strstr(hf_test_violation()->expr, "give(-EIO)"));
	HF_EXPECT(strstr(hf_test_violation()->expr, "of what was promised"));
	HF_EXPECT_STR_EQ(hf_test_violation()->func, __func__);
#endif
	HF_EXPECT_VIOLATION(HF_UNWRAP) {
		after = hf_expect(give_ptr(&p, -EIO), "it is there")->a;
	}
	HF_EXPECT_EQ(after, 0);
}

/* --- names -------------------------------------------------------------------------------------- */

HF_TEST(result, errors_have_names)
{
	static const struct {
		int err;
		const char *name;
	} table[] = {
		{ -EPERM, "EPERM" },   { EPERM, "EPERM" },	   { -ENOMEM, "ENOMEM" },
		{ -ERANGE, "ERANGE" }, { -ETIMEDOUT, "ETIMEDOUT" }, { -EOVERFLOW, "EOVERFLOW" },
		{ -4095, "E?" },       { -4096, "E?" },		   { 4095, "E?" },
		{ 0x7fffffff, "E?" },  { -0x7fffffff - 1, "E?" },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++)
		HF_EXPECT_STR_EQ(hf_errname(table[i].err), table[i].name);
}
