// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* One-way calls: their turns, and the memory that they may take. */
#include <errno.h>
#include <stdio.h>

#include "exchanges.h"
#include "steps.h"

/* One-way calls of a size. */
static void tells_much(struct actor *a, uint32_t handle, size_t size)
{
	static const char zeros[8000];

	sends(a, BC_TRANSACTION, handle, 0, TF_ONE_WAY, zeros, size, NULL, 0);
}

static void detects(struct actor *a, uint32_t yes)
{
	controls(a, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, &yes, 0);
}

/* ---- In turn ---- */

EXCHANGE(oneway_three_in_turn)
{
	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	tells(c, 0, 3, "3");
	does(c, "noop complete complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
	writes(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	does(m, "error 11");
	frees(m);
	does(m, "noop call 0:0 code 3 flags 1 from - data 3");
}

EXCHANGE(oneway_freed_twice_is_one_turn)
{
	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	tells(c, 0, 3, "3");
	does(c, "noop complete complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	does(m, "error 11");
}

EXCHANGE(oneway_to_two_nodes)
{
	meet();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	tells(m, 1, 1, "a");
	tells(m, 1, 2, "b");
	tells(m, 2, 3, "c");
	does(m, "noop complete complete complete");
	does(c, "noop call 100:101 code 1 flags 1 from - data a");
	does(c, "noop call 200:201 code 3 flags 1 from - data c");
	does(c, "error 11");
	frees(c);
	does(c, "error 11");
	tells(m, 2, 4, "d");
	does(m, "noop complete");
	does(c, "noop call 200:201 code 4 flags 1 from - data d");
}

EXCHANGE(oneway_and_calls)
{
	struct actor *d;

	meet();
	d = actor("d");
	enters(d);
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	calls(d, 0, 3, "3");
	does(d, "error 11");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	does(m, "noop call 0:0 code 3 flags 10 from d data 3");
	answers(m, "");
	does(m, "noop complete");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(oneway_freed_while_it_serves_a_call)
{
	uint64_t first;

	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	calls(c, 0, 3, "3");
	does(c, "noop complete complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	first = m->buffer;
	does(m, "noop call 0:0 code 3 flags 10 from c data 3");
	frees_at(m, first);
	does(m, "error 11");
	answers(m, "");
	does(m, "noop complete");
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
}

EXCHANGE(oneway_is_not_for_who_waits)
{
	meet();
	gives(c, 0x100, 1);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	tells(m, 1, 2, "news");
	does(m, "noop complete");
	does(c, "error 11");
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	does(c, "noop call 100:101 code 2 flags 1 from - data news");
	frees(c);
	writes(c);
}

EXCHANGE(oneway_while_it_waits)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	tells(c, 0, 2, "news");
	does(c, "noop complete complete");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "");
	does(m, "noop complete");
	does(m, "noop call 0:0 code 2 flags 1 from - data news");
}

EXCHANGE(oneway_is_not_answered)
{
	meet();
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	answers(m, "who?");
	does(m, "noop failed-reply");
	does(c, "error 11");
}

EXCHANGE(oneway_to_two_threads)
{
	struct actor *t;

	meet();
	t = thread(m, "t");
	enters(t);
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	does(t, "error 11");
	frees(m);
	writes(m);
	does(t, "noop call 0:0 code 2 flags 1 from - data 2");
}

/* ---- Who dies ---- */

EXCHANGE(oneway_sender_dies)
{
	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	dies(c);
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(oneway_receiver_dies)
{
	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	dies(m);
	does(c, "error 11");
	tells(c, 0, 3, "3");
	does(c, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, EINVAL);
}

EXCHANGE(oneway_receiver_dies_with_an_object)
{
	struct flat_binder_object o = {
		.hdr.type = BINDER_TYPE_BINDER, .binder = 0x100, .cookie = 0x101,
	};
	const uint64_t at = 0;

	meet();
	sends(c, BC_TRANSACTION, 0, 1, TF_ONE_WAY, &o, sizeof(o), &at, 1);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "error 11");
	dies(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(oneway_thread_exits)
{
	int32_t zero = 0;

	meet();
	tells(c, 0, 1, "1");
	does(c, "noop complete");
	tells(c, 0, 2, "2");
	writes(c);
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	does(c, "noop");
	does(c, "error 11");
}

/* ---- How much ---- */

EXCHANGE(oneway_takes_half_of_the_memory)
{
	uint64_t last;

	meet();
	for (int i = 0; i < 4; i++) {
		tells_much(c, 0, 8000);
		does(c, "noop complete");
	}
	tells_much(c, 0, 8000);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	tells_much(c, 0, 768);
	does(c, "noop complete");
	tells(c, 0, 0, "");
	does(c, "noop failed-reply");
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 0 flags 1 from - data of 8000 bytes");
	last = m->buffer;
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	frees_at(m, last);
	writes(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	tells_much(c, 0, 8000);
	does(c, "noop complete");
}

EXCHANGE(oneway_spam)
{
	meet();
	detects(c, 1);
	for (int i = 0; i < 3; i++) {
		tells_much(c, 0, 8000);
		does(c, "noop complete");
	}
	tells_much(c, 0, 8000);
	does(c, "noop spam");
	/* It is told once. */
	tells(c, 0, 1, "x");
	does(c, "noop complete");
}

EXCHANGE(oneway_spam_is_told_again)
{
	meet();
	detects(c, 1);
	for (int i = 0; i < 3; i++) {
		tells_much(c, 0, 8000);
		does(c, "noop complete");
	}
	tells_much(c, 0, 8000);
	does(c, "noop spam");
	does(m, "noop call 0:0 code 0 flags 1 from - data of 8000 bytes");
	frees(m);
	writes(m);
	does(m, "noop call 0:0 code 0 flags 1 from - data of 8000 bytes");
	frees(m);
	writes(m);
	tells_much(c, 0, 8000);
	does(c, "noop complete");
	tells_much(c, 0, 8000);
	does(c, "noop spam");
}

EXCHANGE(oneway_spam_that_nobody_asked_for)
{
	meet();
	detects(c, 1);
	detects(c, 0);
	detects(m, 1);
	for (int i = 0; i < 4; i++) {
		tells_much(c, 0, 8000);
		does(c, "noop complete");
	}
}

EXCHANGE(oneway_spam_by_another)
{
	struct actor *d;

	meet();
	d = actor("d");
	detects(c, 1);
	detects(d, 1);
	enters(d);
	for (int i = 0; i < 3; i++) {
		tells_much(c, 0, 8000);
		does(c, "noop complete");
	}
	tells_much(d, 0, 4000);
	does(d, "noop complete");
	tells_much(c, 0, 8);
	does(c, "noop spam");
}

EXCHANGE(oneway_spam_by_number)
{
	struct actor *d;

	meet();
	d = actor("d");
	detects(c, 1);
	enters(d);
	tells_much(d, 0, 7000);
	tells_much(d, 0, 800);
	does(d, "noop complete complete");
	tells_much(d, 0, 7000);
	does(d, "noop complete");
	/* Those before are counted. */
	for (int i = 0; i < 51; i++) {
		tells_much(c, 0, 240);
		does(c, "noop complete");
	}
	tells_much(c, 0, 240);
	does(c, "noop spam");
}
