// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* scope.h: deferred calls. */
#include <holdfast/own.h>
#include <holdfast/scope.h>

#include "harness.h"

/* Which calls ran, in order, as the digits of a number. */
static int trace;

static void note(void *digit)
{
	trace = trace * 10 + *(const int *)digit;
}

static int digits[] = { 0, 1, 2, 3, 4 };

HF_TEST(scope, runs_once_at_the_end_with_its_argument)
{
	trace = 0;
	{
		hf_defer(d, note, &digits[3]);
		HF_EXPECT_EQ(trace, 0);
	}
	HF_EXPECT_EQ(trace, 3);
}

HF_TEST(scope, runs_in_reverse_order)
{
	trace = 0;
	{
		hf_defer(a, note, &digits[1]);
		hf_defer(b, note, &digits[2]);
		{
			hf_defer(c, note, &digits[3]);
		}
		hf_defer(e, note, &digits[4]);
	}
	HF_EXPECT_EQ(trace, 3421);
}

HF_TEST(scope, dismissed_does_not_run)
{
	trace = 0;
	{
		hf_defer(a, note, &digits[1]);
		hf_defer(b, note, &digits[2]);
		hf_dismiss(a);
		hf_dismiss(a);
	}
	HF_EXPECT_EQ(trace, 2);
}

HF_TEST(scope, argument_is_that_of_the_time_of_deferring)
{
	int *digit = &digits[1];

	trace = 0;
	{
		hf_defer(d, note, digit++);
		digit++;
	}
	HF_EXPECT_EQ(trace, 1);
	HF_EXPECT_PTR_EQ(digit, &digits[3]);
}

HF_TEST(scope, runs_on_break_and_continue_and_goto)
{
	trace = 0;
	for (int i = 1; i <= 3; i++) {
		hf_defer(d, note, &digits[i]);
		if (i == 1)
			continue;
		if (i == 2)
			break;
	}
	HF_EXPECT_EQ(trace, 12);
	{
		hf_defer(d, note, &digits[4]);
		if (trace)
			goto out;
		trace = 0;
	}
out:
	HF_EXPECT_EQ(trace, 124);
}

/* A set-up in three steps, each of which may fail, with rollback. */
static int set_up(int failing_step)
{
	hf_defer(undo_first, note, &digits[1]);
	if (failing_step == 1)
		return -EIO;
	hf_defer(undo_second, note, &digits[2]);
	if (failing_step == 2)
		return -EBUSY;
	hf_defer(undo_third, note, &digits[3]);
	if (failing_step == 3)
		return -ENODEV;
	hf_dismiss(undo_first);
	hf_dismiss(undo_second);
	hf_dismiss(undo_third);
	return 0;
}

HF_TEST(scope, rolls_back_what_was_done_and_no_more)
{
	static const struct {
		int step, err, undone;
	} table[] = { { 0, 0, 0 }, { 1, -EIO, 1 }, { 2, -EBUSY, 21 }, { 3, -ENODEV, 321 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		trace = 0;
		HF_EXPECT_EQ(set_up(table[i].step), table[i].err);
		HF_EXPECT_EQ(trace, table[i].undone);
	}
}

static int late(int *v)
{
	return ++*v;
}

static void reset(void *v)
{
	*(int *)v = 0;
}

static int returns_before_it_runs(int *v)
{
	hf_defer(d, reset, v);
	return late(v);
}

HF_TEST(scope, runs_after_the_returned_value_was_computed)
{
	int v = 4;

	HF_EXPECT_EQ(returns_before_it_runs(&v), 5);
	HF_EXPECT_EQ(v, 0);
}

struct box {
	int digit;
};

static void box_free(struct box *b)
{
	note(&b->digit);
	hf_free(b);
}

HF_OWN_DEFINE(box, struct box, box_free);

HF_TEST(scope, interleaves_with_owners_in_reverse_order_of_binding)
{
	trace = 0;
	{
		hf_defer(first, note, &digits[1]);
		hf_let(box, b, hf_expect(hf_new(box, GFP_KERNEL), "no failure is injected"));
		hf_defer(last, note, &digits[3]);
		hf_mut(b)->digit = 2;
	}
	HF_EXPECT_EQ(trace, 321);
}
