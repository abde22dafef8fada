// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* check.h: what the report of a violation contains, which hook gets it, and what follows. */
#include <holdfast/check.h>

#include "harness.h"

static int evaluated;

static __attribute__((unused)) bool hold(bool it)
{
	evaluated++;
	return hf_test_hide(it);
}

HF_TEST(check, kept_promises_are_silent)
{
	evaluated = 0;
	hf_require(HF_BOUNDS, hold(true));
	HF_EXPECT(!hf_broken(HF_LIST, hold(true)));
	HF_EXPECT_EQ(evaluated, HF_CHECKS == HF_CHECKS_OFF ? 0 : 2);
}

HF_TEST(check, broken_promise_of_what_cannot_fail_does_not_go_on)
{
	static int after;

	after = 0;
	evaluated = 0;
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require(HF_BOUNDS, hold(false));
		after = 1;
	}
	HF_EXPECT_EQ(after, 0);
	HF_EXPECT_EQ(evaluated, HF_TEST_CHECKED);
}

HF_TEST(check, broken_promise_of_what_can_fail_gives_an_answer)
{
	static int after;

	after = 0;
	evaluated = 0;
	HF_EXPECT_REPORT(HF_LIST) {
		after = hf_broken(HF_LIST, hold(false)) ? 1 : 2;
	}
	HF_EXPECT_EQ(after, HF_TEST_CHECKED);
	HF_EXPECT_EQ(evaluated, HF_TEST_CHECKED);
}

HF_TEST(check, off_asks_nothing)
{
	if (HF_CHECKS != HF_CHECKS_OFF)
		return;
	evaluated = 0;
	hf_require(HF_BOUNDS, hold(false));
	HF_EXPECT(!hf_broken(HF_LIST, hold(false)));
	HF_EXPECT_EQ(evaluated, 0);
}

#if HF_TEST_CHECKED
HF_TEST(check, report_names_the_place)
{
	const struct hf_violation *v;
	int line = 0;

	hf_test_escape(&line);
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		line = __LINE__ + 1;
		hf_require(HF_TOKEN, line < 0);
	}
	v = hf_test_violation();
	HF_ASSERT(v);
	HF_EXPECT_EQ(v->kind, HF_TOKEN);
	HF_EXPECT_EQ(v->line, line);
	HF_EXPECT_STR_EQ(v->file, __FILE__);
	HF_EXPECT_STR_EQ(v->func, __func__);
	HF_EXPECT(strstr(v->expr, "line < 0"));
}

/* A function that gets the site from its caller. */
static bool checked_elsewhere(const struct hf_violation *site)
{
	return hf_broken_at(site, hold(false));
}

HF_TEST(check, blame_can_be_handed_in)
{
	const struct hf_violation *site = HF_SITE(HF_TOKEN, "the caller's words");

	HF_EXPECT_REPORT(HF_TOKEN) {
		HF_EXPECT(checked_elsewhere(site));
	}
	HF_EXPECT_PTR_EQ(hf_test_violation(), site);
	HF_EXPECT_STR_EQ(site->func, __func__);
	HF_EXPECT_STR_EQ(site->expr, "the caller's words");

	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_require_at(site, hold(false));
	}
	HF_EXPECT_PTR_EQ(hf_test_violation(), site);
}

HF_TEST(check, report_has_the_numbers)
{
	const struct hf_violation *site = HF_SITE(HF_BOUNDS, "numbers");
	const struct hf_violation_report *r;

	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require_below_at(site, (u64)hf_test_hide(1) << 32, 4096);
	}
	r = hf_test_report();
	HF_EXPECT_PTR_EQ(r->site, site);
	HF_EXPECT_EQ(r->numbers, HF_INDEX_LENGTH);
	HF_EXPECT_EQ(r->number[0], 1ull << 32);
	HF_EXPECT_EQ(r->number[1], 4096);

	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require_range_at(site, 8, (u64)hf_test_hide(9), 16);
	}
	HF_EXPECT_EQ(r->numbers, HF_FROM_COUNT_LENGTH);
	HF_EXPECT_EQ(r->number[0], 8);
	HF_EXPECT_EQ(r->number[1], 9);
	HF_EXPECT_EQ(r->number[2], 16);

	HF_EXPECT_REPORT(HF_LIST) {
		HF_EXPECT(hf_broken(HF_LIST, hold(false)));
	}
	HF_EXPECT_EQ(hf_test_report()->numbers, HF_NO_NUMBERS);
}

HF_TEST(check, what_is_inside_is_silent)
{
	const struct hf_violation *site = HF_SITE(HF_BOUNDS, "inside");

	hf_require_below_at(site, (u64)hf_test_hide(15), 16);
	hf_require_range_at(site, 16, (u64)hf_test_hide(0), 16);
	hf_require_range_at(site, (u64)hf_test_hide(0), 16, 16);
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require_below_at(site, (u64)hf_test_hide(16), 16);
	}
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require_range_at(site, (u64)hf_test_hide(17), 0, 16);
	}
	/* The sum of from and count wraps. */
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		hf_require_range_at(site, (u64)hf_test_hide(8), ~0ull - 4, 16);
	}
}

/* A typed function, as an HF_*_DEFINE() makes it. */
HF_INLINE void typed_put(int x)
{
	hf_require_at(HF_CALLER_SITE(HF_LIST, "x is negative"), x >= 0);
}

HF_INLINE bool typed_try_put(int x)
{
	return !hf_broken_at(HF_CALLER_SITE(HF_LIST, "x is negative"), x >= 0);
}

static __attribute__((__noinline__)) void puts_negative(void)
{
	typed_put(hf_test_hide(-1));
}

static __attribute__((__noinline__)) void tries_negative(void)
{
	/* It is the last statement: the report's call must not become a tail call. */
	(void)typed_try_put(hf_test_hide(-1));
}

HF_TEST(check, typed_function_blames_its_caller)
{
	const struct hf_violation_report *r;
	const void *puts_at, *tries_at;

	HF_EXPECT_VIOLATION(HF_LIST) {
		puts_negative();
	}
	r = hf_test_report();
	puts_at = r->caller;
	HF_EXPECT(r->site->by_caller);
	HF_EXPECT_STR_EQ(r->site->func, "typed_put");
	HF_EXPECT_VIOLATION(HF_LIST) {
		puts_negative();
	}
	HF_EXPECT_PTR_EQ(hf_test_report()->caller, puts_at);

	HF_EXPECT_REPORT(HF_LIST) {
		tries_negative();
	}
	tries_at = hf_test_report()->caller;
	HF_EXPECT_STR_EQ(hf_test_violation()->func, "typed_try_put");
	HF_EXPECT(tries_at != puts_at);
	/* The caller that is reported is tries_negative(), not this function, which calls it. */
	HF_EXPECT_REPORT(HF_LIST) {
		tries_negative();
	}
	HF_EXPECT_PTR_EQ(hf_test_report()->caller, tries_at);
	HF_EXPECT(!HF_SITE(HF_LIST, "here")->by_caller);
}

HF_TEST(check, each_place_is_its_own)
{
	const struct hf_violation *first;

	HF_EXPECT_REPORT(HF_LOCK) {
		HF_EXPECT(hf_broken(HF_LOCK, hold(false)));
	}
	first = hf_test_violation();
	HF_EXPECT_REPORT(HF_LOCK) {
		HF_EXPECT(hf_broken(HF_LOCK, hold(false)));
	}
	HF_EXPECT_NE(hf_test_violation()->line, first->line);
}
#endif

/* --- the hook ----------------------------------------------------------------------------------- */

static const struct hf_violation *seen;
static int calls_first, calls_second;

static void first_hook(const struct hf_violation_report *r)
{
	seen = r->site;
	calls_first++;
}

static void second_hook(const struct hf_violation_report *r)
{
	seen = r->site;
	calls_second++;
}

HF_TEST(check, hooks_replace_each_other)
{
	static const struct hf_violation place = { .kind = HF_PIN, .expr = "x", .file = "f",
						   .func = "g", .line = 7 };
	hf_violation_hook *const outer = hf_test_set_hook(first_hook);

	calls_first = calls_second = 0;
	hf_violation(&place);
	HF_EXPECT_EQ(calls_first, 1);
	HF_EXPECT_PTR_EQ(seen, &place);

	HF_EXPECT(hf_test_set_hook(second_hook) == first_hook);
	hf_violation(&place);
	hf_violation(&place);
	HF_EXPECT_EQ(calls_first, 1);
	HF_EXPECT_EQ(calls_second, 2);

	HF_EXPECT(hf_test_set_hook(outer) == second_hook);
}

HF_TEST(check, null_brings_the_default_hook_back)
{
	hf_violation_hook *const outer = hf_test_set_hook(NULL);
	hf_violation_hook *const by_default = hf_test_set_hook(first_hook);

	HF_EXPECT(by_default && by_default != first_hook && by_default != outer);
	HF_EXPECT(hf_test_set_hook(NULL) == first_hook);
	HF_EXPECT(hf_test_set_hook(outer) == by_default);
}

HF_TEST_DIES(check, default_hook_ends_the_program)
{
	hf_require(HF_BOUNDS, hold(false));
}

HF_TEST_DIES(check, default_hook_ends_what_could_go_on)
{
	(void)hf_broken(HF_BOUNDS, hold(false));
}

HF_TEST_DIES(check, a_hook_that_returns_does_not_save_what_cannot_fail)
{
	hf_test_set_hook(first_hook);
	hf_require(HF_BOUNDS, hold(false));
}

/* --- kinds -------------------------------------------------------------------------------------- */

HF_TEST(check, kinds_have_names)
{
	static const struct {
		enum hf_violation_kind kind;
		const char *name;
	} table[] = {
		{ HF_BOUNDS, "bounds" }, { HF_MOVED, "moved" },	      { HF_LOAN, "loan" },
		{ HF_LIST, "list" },	 { HF_PIN, "pin" },	      { HF_REFCOUNT, "refcount" },
		{ HF_TOKEN, "token" },	 { HF_LOCK, "lock" },
		{ HF_UNWRAP, "unwrap" }, { HF_LEAK, "leak" },	      { HF_KIND, "kind" },
		{ (enum hf_violation_kind)11, "unknown" },
		{ (enum hf_violation_kind)0x7fffffff, "unknown" },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++)
		HF_EXPECT_STR_EQ(hf_violation_kind_name(table[i].kind), table[i].name);
}

/* --- constants ---------------------------------------------------------------------------------- */

HF_TEST(check, constants_are_told_from_values)
{
	const int known = 5;
	int i = 3;

	HF_EXPECT_EQ(HF_IS_CONSTANT_(7), 1);
	HF_EXPECT_EQ(HF_IS_CONSTANT_(sizeof(i)), 1);
	HF_EXPECT_EQ(HF_IS_CONSTANT_(i), 0);
	HF_EXPECT_EQ(HF_IS_CONSTANT_(known), 0);
	/* The operand is never evaluated. */
	HF_EXPECT_EQ(HF_CONSTANT_OR_0_(i++), 0);
	HF_EXPECT_EQ(i, 3);
	HF_EXPECT_EQ(HF_CONSTANT_OR_0_(9), 9);
}
