// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Calls of calls, and who dies in the middle of them. */
#include <errno.h>
#include <string.h>

#include "exchanges.h"
#include "steps.h"

static struct actor *a;

/* "m", "c" and "a" may all call each other: m has a as 1 and c as 2; c has a as 1, and a has c. */
static void three(void)
{
	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x100, 1);
	passes(1, c, 1);
	gives(c, 0x200, 2);
	passes(2, a, 1);
}

/* c calls m, and m, before it answers, a. */
static void chain(void)
{
	three();
	calls(c, 0, 1, "first");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data first");
	calls(m, 1, 2, "second");
	does(m, "error 11");
}

/* ---- In turn ---- */

EXCHANGE(calls_back)
{
	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	does(c, "noop complete call 200:201 code 2 flags 10 from m data back");
	answers(c, "2");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data 2");
	answers(m, "1");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data 1");
}

EXCHANGE(calls_back_and_forth)
{
	three();
	calls(c, 0, 1, "1");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data 1");
	calls(m, 2, 2, "2");
	does(m, "error 11");
	does(c, "noop complete call 200:201 code 2 flags 10 from m data 2");
	calls(c, 0, 3, "3");
	does(c, "error 11");
	does(m, "noop complete call 0:0 code 3 flags 10 from c data 3");
	calls(m, 2, 4, "4");
	does(m, "error 11");
	does(c, "noop complete call 200:201 code 4 flags 10 from m data 4");
	answers(c, "d");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data d");
	answers(m, "c");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data c");
	answers(c, "b");
	does(c, "noop complete");
	does(m, "noop reply code 0 flags 0 from - data b");
	answers(m, "a");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data a");
}

EXCHANGE(circle_of_three)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	calls(a, 1, 3, "third");
	does(a, "error 11");
	does(c, "noop complete call 200:201 code 3 flags 10 from a data third");
	answers(c, "3");
	does(c, "noop complete");
	does(a, "noop complete reply code 0 flags 0 from - data 3");
	answers(a, "2");
	does(a, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data 2");
	answers(m, "1");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data 1");
}

EXCHANGE(circle_of_three_twice)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	calls(a, 1, 3, "third");
	does(a, "error 11");
	does(c, "noop complete call 200:201 code 3 flags 10 from a data third");
	calls(c, 1, 4, "fourth");
	does(c, "error 11");
	does(a, "noop complete call 100:101 code 4 flags 10 from c data fourth");
	calls(a, 0, 5, "fifth");
	does(a, "error 11");
	does(m, "noop complete call 0:0 code 5 flags 10 from a data fifth");
	answers(m, "5");
	does(m, "noop complete");
	does(a, "noop complete reply code 0 flags 0 from - data 5");
	answers(a, "4");
	does(a, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data 4");
	answers(c, "3");
	does(c, "noop complete");
	does(a, "noop reply code 0 flags 0 from - data 3");
	answers(a, "2");
	does(a, "noop complete");
	does(m, "noop reply code 0 flags 0 from - data 2");
}

EXCHANGE(who_waits_serves_no_strangers)
{
	three();
	calls(c, 0, 1, "mine");
	does(c, "error 11");
	calls(a, 1, 2, "yours");
	does(a, "error 11");
	does(c, "error 11");
	has_nothing(c);
	does(m, "noop call 0:0 code 1 flags 10 from c data mine");
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	does(c, "noop call 200:201 code 2 flags 10 from a data yours");
}

EXCHANGE(who_serves_takes_no_second_call)
{
	three();
	calls(c, 0, 1, "c");
	does(c, "error 11");
	calls(a, 0, 1, "a");
	does(a, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data c");
	does(m, "error 11");
	answers(m, "");
	does(m, "noop complete");
	does(m, "noop call 0:0 code 1 flags 10 from a data a");
}

EXCHANGE(an_answer_out_of_turn)
{
	chain();
	answers(m, "too early");
	does(m, "noop complete failed-reply");
	has_failed(m, BR_FAILED_REPLY, EPROTO);
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	answers(a, "2");
	does(a, "noop complete");
	does(m, "noop reply code 0 flags 0 from - data 2");
	answers(m, "1");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data 1");
}

EXCHANGE(a_second_answer)
{
	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	answers(m, "once");
	answers(m, "twice");
	does(m, "noop complete failed-reply");
	has_failed(m, BR_FAILED_REPLY, EPROTO);
	does(c, "noop complete reply code 0 flags 0 from - data once");
}

EXCHANGE(an_answer_before_the_call_is_read)
{
	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	answers(m, "guess");
	does(m, "noop failed-reply");
	does(m, "noop call 0:0 code 1 flags 10 from c");
}

EXCHANGE(a_call_with_a_call_unread)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	calls(a, 1, 3, "third");
	does(a, "error 11");
	does_in(c, 80, "noop complete");
	calls(c, 0, 4, "fourth");
	does(c, "noop call 200:201 code 3 flags 10 from a data third");
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EPROTO);
}

EXCHANGE(an_answer_of_its_own_kind)
{
	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	sends(m, BC_REPLY, 7, 9, TF_ONE_WAY | TF_STATUS_CODE, "ab", 2, NULL, 0);
	does(m, "noop complete");
	does(c, "noop complete reply code 9 flags 9 from - data ab");
	frees(c);
	writes(c);
}

/* ---- Answers that cannot be made ---- */

EXCHANGE(an_answer_with_bad_data)
{
	struct binder_transaction_data d = { .data_size = 8, .data.ptr.buffer = 0x10 };

	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	put32(m, BC_REPLY);
	put_bytes(m, &d, sizeof(d));
	does(m, "noop complete");
	has_failed(m, BR_OK, 0);
	does(c, "noop complete failed-reply");
	has_failed(c, BR_FAILED_REPLY, EFAULT);
}

EXCHANGE(an_answer_that_is_too_big)
{
	struct binder_transaction_data d = { .data_size = MAPPED + 8 };

	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	put32(m, BC_REPLY);
	put_bytes(m, &d, sizeof(d));
	does(m, "noop complete");
	does(c, "noop complete failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	calls(c, 0, 1, "");
	does(c, "error 11");
}

EXCHANGE(an_answer_with_a_bad_object)
{
	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	send_object(m, BC_REPLY, 0, 0, BINDER_TYPE_HANDLE, 9, 0);
	does(m, "noop complete");
	does(c, "noop complete failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}

EXCHANGE(a_callee_without_memory)
{
	struct actor *const n = actor_unmapped("n");

	c = actor("c");
	manages(n);
	enters(n);
	calls(c, 0, 1, "x");
	does(c, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, ESRCH);
	does(n, "error 11");
	tells(c, 0, 1, "x");
	does(c, "noop dead-reply");
	maps(n, MAPPED, 0);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(n, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(a_caller_without_memory)
{
	struct actor *const n = actor_unmapped("n");

	meet();
	enters(n);
	calls(n, 0, 1, "x");
	does(n, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from n data x");
	answers(m, "");
	does(m, "noop complete");
	does(n, "noop complete dead-reply");
	has_failed(n, BR_DEAD_REPLY, ESRCH);
}

/* ---- Who dies in a chain ---- */

EXCHANGE(the_end_of_a_chain_dies)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	dies(a);
	does(m, "noop complete dead-reply");
	has_failed(m, BR_OK, 0);
	does(c, "error 11");
	answers(m, "sorry");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data sorry");
}

EXCHANGE(the_end_of_a_chain_dies_before_it_reads)
{
	chain();
	dies(a);
	does(m, "noop complete dead-reply");
	answers(m, "sorry");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data sorry");
}

EXCHANGE(the_middle_of_a_chain_dies)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	dies(m);
	does(c, "error 11");
	answers(a, "nobody");
	does(a, "noop complete");
	does(c, "noop complete dead-reply");
}

EXCHANGE(the_middle_of_a_chain_dies_before_the_end_reads)
{
	chain();
	dies(m);
	does(a, "noop call 100:101 code 2 flags 10 from - data second");
	does(c, "error 11");
	frees(a);
	answers(a, "nobody");
	does(a, "noop complete");
	does(c, "noop complete dead-reply");
}

EXCHANGE(the_middle_of_a_chain_dies_and_then_its_end)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	dies(m);
	dies(a);
	does(c, "noop complete dead-reply");
}

EXCHANGE(the_end_of_a_chain_dies_and_then_its_middle)
{
	chain();
	dies(a);
	dies(m);
	does(c, "noop complete dead-reply");
}

EXCHANGE(the_begin_of_a_chain_dies)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	dies(c);
	answers(a, "2");
	does(a, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data 2");
	answers(m, "nobody");
	does(m, "noop complete");
	answers(m, "nothing");
	does(m, "noop failed-reply");
}

EXCHANGE(all_but_the_end_of_a_chain_die)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	dies(c);
	dies(m);
	frees(a);
	answers(a, "nobody");
	does(a, "noop complete");
	does(a, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(the_caller_dies_before_its_call_is_read)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	dies(c);
	does(m, "noop call 0:0 code 1 flags 10 from - data x");
	frees(m);
	answers(m, "nobody");
	does(m, "noop complete");
	does(m, "error 11");
}

EXCHANGE(who_is_called_back_dies)
{
	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	does(c, "noop complete call 200:201 code 2 flags 10 from m data back");
	dies(c);
	does(m, "noop complete dead-reply");
	answers(m, "nobody");
	does(m, "noop complete");
}

EXCHANGE(who_is_called_back_dies_before_it_reads)
{
	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	dies(c);
	does(m, "noop complete dead-reply");
	answers(m, "nobody");
	does(m, "noop complete");
}

EXCHANGE(who_calls_back_dies)
{
	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	does(c, "noop complete call 200:201 code 2 flags 10 from m data back");
	dies(m);
	does(c, "error 11");
	answers(c, "nobody");
	does(c, "noop complete dead-reply");
	answers(c, "nothing");
	does(c, "noop failed-reply");
}

EXCHANGE(who_calls_back_dies_before_it_is_read)
{
	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	dies(m);
	does(c, "noop complete call 200:201 code 2 flags 10 from - data back");
	answers(c, "nobody");
	does(c, "noop complete dead-reply");
}

EXCHANGE(one_of_a_circle_dies)
{
	chain();
	does(a, "noop call 100:101 code 2 flags 10 from m data second");
	calls(a, 1, 3, "third");
	does(a, "error 11");
	does(c, "noop complete call 200:201 code 3 flags 10 from a data third");
	dies(m);
	answers(c, "3");
	does(c, "noop complete");
	does(a, "noop complete reply code 0 flags 0 from - data 3");
	does(c, "error 11");
	answers(a, "2");
	does(a, "noop complete");
	does(c, "noop dead-reply");
}

EXCHANGE(a_dead_process_is_called)
{
	three();
	dies(a);
	calls(c, 1, 1, "x");
	does(c, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, EINVAL);
	tells(c, 1, 1, "x");
	does(c, "noop dead-reply");
	counts(c, BC_RELEASE, 1);
	calls(c, 1, 1, "x");
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}

EXCHANGE(an_answer_is_there_when_its_sender_dies)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "last words");
	does(m, "noop complete");
	dies(m);
	does(c, "noop complete reply code 0 flags 0 from - data last words");
	frees(c);
	writes(c);
}

EXCHANGE(the_caller_dies_before_it_reads_the_answer)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "unread");
	does(m, "noop complete");
	dies(c);
	does(m, "error 11");
}

/* ---- Threads ---- */

EXCHANGE(threads_call_at_once)
{
	struct actor *t;

	meet();
	t = thread(c, "t");
	enters(t);
	calls(c, 0, 1, "c");
	does(c, "error 11");
	calls(t, 0, 2, "t");
	does(t, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data c");
	answers(m, "for c");
	does(m, "noop complete");
	does(t, "error 11");
	does(m, "noop call 0:0 code 2 flags 10 from c data t");
	answers(m, "for t");
	does(m, "noop complete");
	does(t, "noop complete reply code 0 flags 0 from - data for t");
	does(c, "noop complete reply code 0 flags 0 from - data for c");
}

EXCHANGE(threads_serve_at_once)
{
	struct actor *t;

	three();
	t = thread(m, "t");
	enters(t);
	calls(c, 0, 1, "c");
	does(c, "error 11");
	calls(a, 0, 2, "a");
	does(a, "error 11");
	does(t, "noop call 0:0 code 1 flags 10 from c data c");
	does(m, "noop call 0:0 code 2 flags 10 from a data a");
	answers(m, "from m");
	does(m, "noop complete");
	answers(t, "from t");
	does(t, "noop complete");
	does(a, "noop complete reply code 0 flags 0 from - data from m");
	does(c, "noop complete reply code 0 flags 0 from - data from t");
}

EXCHANGE(another_thread_cannot_answer)
{
	struct actor *t;

	meet();
	t = thread(m, "t");
	enters(t);
	calls(c, 0, 1, "c");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data c");
	answers(t, "from t");
	does(t, "noop failed-reply");
	has_failed(t, BR_FAILED_REPLY, EPROTO);
	has_failed(m, BR_OK, 0);
	t->buffer = m->buffer;
	frees(t);
	writes(t);
	answers(m, "from m");
	does(m, "noop complete");
}

EXCHANGE(a_call_back_is_for_the_waiting_thread)
{
	struct actor *t;

	three();
	t = thread(c, "t");
	enters(t);
	calls(t, 0, 1, "out");
	does(t, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	does(c, "error 11");
	has_nothing(c);
	has_something(t);
	does(t, "noop complete call 200:201 code 2 flags 10 from m data back");
}

EXCHANGE(a_thread_exits_while_it_waits)
{
	int32_t zero = 0;

	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	does(c, "noop");
	does(m, "noop call 0:0 code 1 flags 10 from - data x");
	answers(m, "nobody");
	does(m, "noop complete");
	does(c, "error 11");
	calls(c, 0, 2, "again");
	does(c, "error 11");
	does(m, "noop call 0:0 code 2 flags 10 from c data again");
}

EXCHANGE(a_thread_exits_while_it_serves)
{
	int32_t zero = 0;

	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	does(c, "noop complete dead-reply");
	frees(m);
	answers(m, "of what?");
	does(m, "noop failed-reply");
	calls(c, 0, 2, "again");
	does(c, "error 11");
	does(m, "noop call 0:0 code 2 flags 10 from c data again");
}

EXCHANGE(a_thread_exits_and_another_serves)
{
	struct actor *t;
	int32_t zero = 0;

	meet();
	t = thread(m, "t");
	enters(t);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	does(t, "noop call 0:0 code 1 flags 10 from c data x");
	answers(t, "from t");
	does(t, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data from t");
}

EXCHANGE(a_waiting_thread_exits_before_it_is_called_back)
{
	struct actor *t;
	int32_t zero = 0;

	three();
	t = thread(c, "t");
	enters(t);
	calls(t, 0, 1, "out");
	does(t, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	calls(m, 2, 2, "back");
	does(m, "error 11");
	does(c, "noop call 200:201 code 2 flags 10 from m data back");
	answers(c, "2");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data 2");
	answers(m, "nobody");
	does(m, "noop complete");
}

EXCHANGE(a_thread_exits_before_it_reads_a_call_back)
{
	int32_t zero = 0;

	three();
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 2, 2, "back");
	does(m, "error 11");
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	does(m, "noop complete dead-reply");
	does(c, "noop");
	does(c, "error 11");
}
