// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* token.h: obligations that must be settled exactly once. */
#include <holdfast/result.h>
#include <holdfast/token.h>

#include "harness.h"

HF_TOKEN_DEFINE(req, int);
HF_RESULT_DEFINE(req, struct req_token);

/* The number of obligations, and the ids that were settled, in order, as the digits of a number. */
static int owed, settled;

static void begin_all(void)
{
	owed = settled = 0;
}

static struct req_token begin(int id)
{
	owed++;
	return hf_oblige(req, id);
}

static void finish(int id)
{
	owed--;
	settled = settled * 10 + id;
}

/* --- settled tokens --------------------------------------------------------------------------- */

HF_TEST(token, settle_gives_what_is_owed)
{
	begin_all();
	{
		hf_owe(req, t, begin(7));

		HF_EXPECT(hf_owed(t));
		HF_EXPECT_EQ(hf_token_value(t), 7);
		HF_EXPECT(hf_owed(t));
		finish(hf_settle(t));
		HF_EXPECT(!hf_owed(t));
	}
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 7);
}

static int on_some_path(int which)
{
	hf_owe(req, t, begin(which));

	if (which == 1) {
		finish(hf_settle(t));
		return 1;
	}
	for (int i = 0; i < 3; i++)
		if (i == which)
			goto out;
out:
	finish(hf_settle(t));
	return 0;
}

HF_TEST(token, settled_on_every_path)
{
	begin_all();
	HF_EXPECT_EQ(on_some_path(1), 1);
	HF_EXPECT_EQ(on_some_path(2), 0);
	HF_EXPECT_EQ(on_some_path(3), 0);
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 123);
}

HF_TEST(token, in_a_loop)
{
	begin_all();
	for (int i = 1; i <= 4; i++) {
		hf_owe(req, t, begin(i));

		if (i == 2) {
			finish(hf_settle(t) + 5);
			continue;
		}
		finish(hf_settle(t));
	}
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 1734);
}

static void settle_for_another(struct req_token arg)
{
	hf_owe(req, mine, arg);

	finish(hf_settle(mine));
}

static struct req_token hand_through(struct req_token arg)
{
	hf_owe(req, mine, arg);

	return hf_pass(mine);
}

static struct req_result begin_if(bool possible)
{
	if (!possible)
		return hf_err(req, -EAGAIN);
	return hf_ok(req, begin(4));
}

static int begin_and_finish(bool possible)
{
	hf_owe(req, t, hf_try(begin_if(possible)));

	finish(hf_settle(t));
	return 0;
}

HF_TEST(token, passed_through_functions)
{
	begin_all();
	{
		hf_owe(req, t, begin(3));

		HF_EXPECT(hf_owed(t));
		settle_for_another(hand_through(hf_pass(t)));
		HF_EXPECT(!hf_owed(t));
	}
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 3);
}

HF_TEST(token, in_a_result)
{
	begin_all();
	HF_EXPECT_EQ(begin_and_finish(false), -EAGAIN);
	HF_EXPECT_EQ(begin_and_finish(true), 0);
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 4);
}

struct table {
	struct req_token slots[4];
};

HF_TEST(token, kept_in_fields)
{
	struct table table = { 0 };

	begin_all();
	HF_EXPECT(!hf_owed(table.slots[0]));
	for (int i = 0; i < 4; i++)
		hf_token_set(table.slots[i], begin(i + 1));
	for (int i = 3; i >= 0; i--) {
		HF_EXPECT(hf_owed(table.slots[i]));
		HF_EXPECT_EQ(hf_token_value(table.slots[i]), i + 1);
		hf_owe(req, t, hf_token_take(table.slots[i]));
		HF_EXPECT(!hf_owed(table.slots[i]));
		finish(hf_settle(t));
	}
	HF_EXPECT_EQ(owed, 0);
	HF_EXPECT_EQ(settled, 4321);
}

HF_TEST(token, field_is_used_again)
{
	struct table table = { 0 };

	begin_all();
	for (int i = 1; i <= 3; i++) {
		hf_token_set(table.slots[0], begin(i));
		hf_owe(req, t, hf_token_take(table.slots[0]));
		finish(hf_settle(t));
	}
	HF_EXPECT_EQ(settled, 123);
}

HF_TEST_UNANALYZED(token, an_empty_field_gives_a_token_that_owes_nothing)
{
	struct table table = { 0 };

	hf_owe(req, t, hf_token_take(table.slots[0]));
	HF_EXPECT(!hf_owed(t));
	/* The end of the scope finds no obligation, so there is no violation. */
}

struct bio {
	int sector;
};

HF_TOKEN_DEFINE(bio, struct bio *);

HF_TEST(token, of_a_pointer)
{
	struct bio b = { .sector = 8 };
	hf_owe(bio, t, hf_oblige(bio, &b));

	hf_token_value(t)->sector++;
	HF_EXPECT_EQ(hf_settle(t)->sector, 9);
}

/* --- violations ------------------------------------------------------------------------------- */

HF_UNANALYZED static void forget(int when)
{
	for (int i = 0; i < 2; i++) {
		hf_owe(req, t, begin(i));

		if (when == 0)
			return;
		if (when == 1)
			continue;
		if (when == 2)
			break;
		if (i == 1 && when == 3)
			goto out;
		finish(hf_settle(t));
	}
out:
	return;
}

HF_TEST(token, forgotten_is_a_violation)
{
	begin_all();
	/* The scope ends in a different way each time. */
	for (int when = 0; when <= 3; when++)
		HF_EXPECT_VIOLATION(HF_TOKEN) {
			forget(hf_test_hide(when));
		}
	forget(4);
}

HF_TEST_UNANALYZED(token, forgotten_names_the_variable)
{
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_owe(req, lost, begin(1));
	}
	if (HF_TEST_CHECKED) {
		HF_EXPECT_STR_EQ(hf_test_violation()->expr,
				 "'lost' was not settled before its scope ended");
		HF_EXPECT_STR_EQ(hf_test_violation()->file, __FILE__);
	}
}

HF_TEST_UNANALYZED(token, settled_twice_is_a_violation)
{
	static int got;

	got = 0;
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_owe(req, t, begin(1));

		got = hf_settle(t);
		got += hf_settle(t);
	}
	if (HF_TEST_CHECKED)
		HF_EXPECT_EQ(got, 1);
}

HF_TEST_UNANALYZED(token, settled_after_it_was_passed_on_is_a_violation)
{
	static struct req_token passed;

	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_owe(req, t, begin(1));

		hf_token_set(passed, hf_pass(t));
		(void)hf_settle(t);
	}
	/* The other token is still unsettled. */
	if (HF_TEST_CHECKED)
		HF_EXPECT(hf_owed(passed));
}

HF_TEST_UNANALYZED(token, passed_on_twice_is_a_violation)
{
	static struct req_token first, second;

	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_owe(req, t, begin(1));

		hf_token_set(first, hf_pass(t));
		hf_token_set(second, hf_pass(t));
	}
	if (HF_TEST_CHECKED) {
		HF_EXPECT(hf_owed(first));
		HF_EXPECT(!hf_owed(second));
	}
}

HF_TEST_UNANALYZED(token, settled_though_never_taken_is_a_violation)
{
	static struct table table;

	memset(&table, 0, sizeof(table));
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_owe(req, t, hf_token_take(table.slots[1]));

		(void)hf_settle(t);
	}
}

HF_TEST(token, value_of_what_is_not_owed_is_a_violation)
{
	static struct table table;
	static int got;

	memset(&table, 0, sizeof(table));
	got = 3;
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		got = hf_token_value(table.slots[1]);
	}
	HF_EXPECT_EQ(got, 3);
}

HF_TEST(token, put_over_an_owed_one_is_a_violation)
{
	static struct table table;

	memset(&table, 0, sizeof(table));
	hf_token_set(table.slots[2], begin(5));
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_token_set(table.slots[2], begin(6));
	}
	HF_EXPECT_EQ(hf_token_value(table.slots[2]), 5);
	hf_owe(req, t, hf_token_take(table.slots[2]));
	HF_EXPECT_EQ(hf_settle(t), 5);
}

HF_TEST(token, end_of_an_owed_one_is_a_violation)
{
	static struct table table;

	memset(&table, 0, sizeof(table));
	hf_token_fini(table.slots[3]);
	hf_token_set(table.slots[3], begin(5));
	HF_EXPECT_VIOLATION(HF_TOKEN) {
		hf_token_fini(table.slots[3]);
	}
	hf_owe(req, t, hf_token_take(table.slots[3]));
	HF_EXPECT_EQ(hf_settle(t), 5);
	hf_token_fini(table.slots[3]);
}
