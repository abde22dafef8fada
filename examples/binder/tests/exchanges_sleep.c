// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Threads that sleep until there is something to read, and which of them that is for. */
#include "exchanges.h"
#include "steps.h"

/* One more thread of a process, in its loop. */
static struct actor *loops(struct actor *process, const char *name)
{
	struct actor *const t = thread(process, name);

	enters(t);
	return t;
}

EXCHANGE(a_sleeper_is_called)
{
	struct actor *t;

	meet();
	t = loops(m, "t");
	sleeps(t);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	wakes(t, "noop call 0:0 code 1 flags 10 from c data x");
	answers(t, "y");
	does(t, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

EXCHANGE(a_sleeper_waits_for_its_answer)
{
	struct actor *t;

	meet();
	t = loops(c, "t");
	calls(t, 0, 1, "x");
	sleeps(t);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "y");
	does(m, "noop complete");
	wakes(t, "noop complete reply code 0 flags 0 from - data y");
}

EXCHANGE(a_sleeper_waits_for_the_dead)
{
	struct actor *t;

	meet();
	t = loops(c, "t");
	calls(t, 0, 1, "x");
	sleeps(t);
	dies(m);
	wakes(t, "noop complete dead-reply");
}

EXCHANGE(a_sleeper_is_called_back)
{
	struct actor *t, *u;

	meet();
	gives(c, 0x100, 1);
	u = loops(c, "u");
	sleeps(u);
	t = loops(c, "t");
	calls(t, 0, 1, "out");
	sleeps(t);
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 1, 2, "back");
	does(m, "error 11");
	wakes(t, "noop complete call 100:101 code 2 flags 10 from m data back");
	answers(t, "2");
	does(t, "noop complete");
	sleeps(t);
	does(m, "noop complete reply code 0 flags 0 from - data 2");
	tells(m, 1, 3, "to whom it may concern");
	answers(m, "1");
	does(m, "noop complete complete");
	wakes(t, "noop reply code 0 flags 0 from - data 1");
	wakes(u, "noop call 100:101 code 3 flags 1 from - data to whom it may concern");
}

EXCHANGE(the_last_sleeper_is_called_first)
{
	struct actor *t, *u;

	meet();
	t = loops(m, "t");
	u = loops(m, "u");
	sleeps(t);
	sleeps(u);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	/* It is for that one only. */
	does(m, "error 11");
	wakes(u, "noop call 0:0 code 1 flags 10 from c data x");
	tells(c, 0, 2, "y");
	does(c, "noop complete complete");
	wakes(t, "noop call 0:0 code 2 flags 1 from - data y");
}

EXCHANGE(a_sleeper_gets_the_next_oneway)
{
	struct actor *t;

	meet();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	t = loops(m, "t");
	sleeps(t);
	frees(m);
	writes(m);
	wakes(t, "noop call 0:0 code 2 flags 1 from - data 2");
}

EXCHANGE(a_sleeper_is_told_of_a_death)
{
	struct actor *t;

	meet();
	gives(c, 0x100, 1);
	asks_for_death(m, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	writes(m);
	t = loops(m, "t");
	sleeps(t);
	dies(c);
	wakes(t, "noop dead 11");
}

EXCHANGE(a_sleeper_is_told_of_references)
{
	struct actor *t;

	meet();
	gives(c, 0x100, 1);
	t = loops(c, "t");
	sleeps(t);
	counts(m, BC_RELEASE, 1);
	writes(m);
	wakes(t, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_sleeper_is_told_what_another_cleared)
{
	struct actor *t, *u;

	meet();
	gives(c, 0x100, 1);
	t = loops(m, "t");
	sleeps(t);
	u = thread(m, "u");
	asks_for_death(u, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	asks_for_death(u, BC_CLEAR_DEATH_NOTIFICATION, 1, 0x11);
	writes(u);
	wakes(t, "noop cleared 11");
}

EXCHANGE(no_thread_is_asked_for_while_one_sleeps)
{
	struct actor *t;
	uint32_t one = 1;

	meet();
	controls(m, BINDER_SET_MAX_THREADS, &one, 0);
	t = loops(m, "t");
	sleeps(t);
	calls(m, 5, 1, "x");
	does(m, "noop failed-reply");
	calls(c, 0, 1, "x");
	does(c, "error 11");
	wakes(t, "spawn call 0:0 code 1 flags 10 from c data x");
	calls(m, 5, 1, "x");
	does(m, "noop failed-reply");
}

EXCHANGE(a_sleeper_returns_when_a_descriptor_is_closed)
{
	struct actor *t;

	meet();
	t = loops(m, "t");
	sleeps(t);
	flushes(m);
	wakes(t, "noop");
	/* The other one does not sleep, once. */
	has_something(m);
	does(m, "noop");
	does(m, "error 11");
	sleeps(t);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	wakes(t, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(a_sleeper_that_waits_for_an_answer_returns)
{
	struct actor *t;

	meet();
	t = loops(c, "t");
	calls(t, 0, 1, "x");
	sleeps(t);
	flushes(c);
	wakes(t, "noop complete");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "y");
	does(m, "noop complete");
	does(t, "noop reply code 0 flags 0 from - data y");
}

EXCHANGE(a_sleeper_that_left_its_loop)
{
	struct actor *t;

	meet();
	t = loops(m, "t");
	put32(t, BC_EXIT_LOOPER);
	sleeps(t);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	wakes(t, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(a_sleeper_that_is_not_free)
{
	struct actor *t;
	uint32_t one = 1;

	meet();
	gives(c, 0x100, 1);
	t = loops(c, "t");
	calls(t, 0, 1, "x");
	sleeps(t);
	controls(c, BINDER_SET_MAX_THREADS, &one, 0);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	tells(m, 1, 2, "y");
	does(m, "noop complete");
	/* Nobody waits for what is for all. */
	does(c, "spawn call 100:101 code 2 flags 1 from - data y");
	answers(m, "");
	does(m, "noop complete");
	wakes(t, "noop complete reply code 0 flags 0 from -");
}
