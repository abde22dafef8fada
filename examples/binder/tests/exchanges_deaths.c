// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Deaths: asked for, told, taken back, and all at once. */
#include <errno.h>

#include "exchanges.h"
#include "steps.h"

#define ASKS	BC_REQUEST_DEATH_NOTIFICATION
#define CLEARS	BC_CLEAR_DEATH_NOTIFICATION

/* "m" has a handle, 1, of "c", and asks for its death with cookie 11. */
static void watch(void)
{
	meet();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS, 1, 0x11);
	does(m, "error 11");
}

static void knows(struct actor *a, uint64_t cookie)
{
	put32(a, BC_DEAD_BINDER_DONE);
	put64(a, cookie);
}

EXCHANGE(a_death_is_told)
{
	watch();
	dies(c);
	has_something(m);
	does(m, "noop dead 11");
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "error 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "noop cleared 11");
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
}

EXCHANGE(a_death_is_asked_for_afterwards)
{
	meet();
	gives(c, 0x100, 1);
	dies(c);
	asks_for_death(m, ASKS, 1, 0x11);
	does(m, "noop dead 11");
	knows(m, 0x11);
	asks_for_death(m, ASKS, 1, 0x22);
	does(m, "error 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	asks_for_death(m, ASKS, 1, 0x22);
	does(m, "noop cleared 11");
	does(m, "noop dead 22");
}

EXCHANGE(a_death_is_asked_for_twice)
{
	watch();
	asks_for_death(m, ASKS, 1, 0x22);
	does(m, "error 11");
	dies(c);
	does(m, "noop dead 11");
	knows(m, 0x22);
	knows(m, 0x11);
	asks_for_death(m, CLEARS, 1, 0x22);
	does(m, "error 11");
}

EXCHANGE(a_death_is_cleared_before)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "noop cleared 11");
	dies(c);
	does(m, "error 11");
}

EXCHANGE(a_death_is_cleared_wrongly)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x22);
	asks_for_death(m, CLEARS, 2, 0x11);
	asks_for_death(m, CLEARS, 0, 0x11);
	does(m, "error 11");
	dies(c);
	does(m, "noop dead 11");
}

EXCHANGE(a_death_is_cleared_twice)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x11);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "noop cleared 11");
	does(m, "error 11");
}

EXCHANGE(a_death_is_cleared_before_it_is_told)
{
	watch();
	dies(c);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "noop dead 11");
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop cleared 11");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(a_death_is_cleared_while_it_is_told)
{
	watch();
	dies(c);
	does(m, "noop dead 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop cleared 11");
}

EXCHANGE(a_death_is_cleared_after_it_was_told)
{
	watch();
	dies(c);
	does(m, "noop dead 11");
	knows(m, 0x11);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "noop cleared 11");
	asks_for_death(m, ASKS, 1, 0x11);
	does(m, "noop dead 11");
}

EXCHANGE(a_death_is_asked_for_again_at_once)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x11);
	asks_for_death(m, ASKS, 1, 0x11);
	does(m, "noop cleared 11");
	dies(c);
	does(m, "noop dead 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	asks_for_death(m, ASKS, 1, 0x11);
	knows(m, 0x11);
	does(m, "noop cleared 11");
	does(m, "noop dead 11");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(a_death_is_known_too_early)
{
	watch();
	knows(m, 0x11);
	does(m, "error 11");
	dies(c);
	knows(m, 0x11);
	does(m, "noop dead 11");
	knows(m, 0x12);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop cleared 11");
}

EXCHANGE(a_death_of_what_it_does_not_know)
{
	meet();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS, 2, 0x22);
	asks_for_death(m, ASKS, 0, 0x33);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "error 11");
	dies(c);
	does(m, "error 11");
}

/* ---- The handle goes ---- */

EXCHANGE(the_handle_goes_before_the_death)
{
	watch();
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101");
	dies(c);
	does(m, "error 11");
}

EXCHANGE(the_handle_goes_before_the_death_is_told)
{
	watch();
	dies(c);
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
}

EXCHANGE(the_handle_goes_while_the_death_is_told)
{
	watch();
	dies(c);
	does(m, "noop dead 11");
	counts(m, BC_RELEASE, 1);
	knows(m, 0x11);
	asks_for_death(m, CLEARS, 1, 0x11);
	does(m, "error 11");
}

EXCHANGE(the_handle_goes_while_a_death_is_cleared)
{
	watch();
	dies(c);
	does(m, "noop dead 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	counts(m, BC_RELEASE, 1);
	knows(m, 0x11);
	does(m, "noop cleared 11");
}

EXCHANGE(the_handle_goes_before_it_is_told_that_it_cleared)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x11);
	counts(m, BC_RELEASE, 1);
	does(m, "noop cleared 11");
}

EXCHANGE(the_handle_is_weak_when_its_node_dies)
{
	watch();
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	dies(c);
	does(m, "noop dead 11");
	counts(m, BC_DECREFS, 1);
	knows(m, 0x11);
	does(m, "error 11");
}

/* ---- Many ---- */

EXCHANGE(deaths_of_several_nodes)
{
	meet();
	gives(c, 0x200, 1);
	gives(c, 0x100, 2);
	asks_for_death(m, ASKS, 1, 0x11);
	asks_for_death(m, ASKS, 2, 0x22);
	writes(m);
	dies(c);
	/* One at a time, in the order of the nodes. */
	does(m, "noop dead 22");
	does(m, "noop dead 11");
	knows(m, 0x11);
	asks_for_death(m, CLEARS, 2, 0x22);
	asks_for_death(m, CLEARS, 1, 0x11);
	knows(m, 0x22);
	does(m, "noop cleared 11 cleared 22");
}

EXCHANGE(deaths_with_the_same_cookie)
{
	meet();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	asks_for_death(m, ASKS, 1, 0x11);
	asks_for_death(m, ASKS, 2, 0x11);
	writes(m);
	dies(c);
	does(m, "noop dead 11");
	does(m, "noop dead 11");
	asks_for_death(m, CLEARS, 2, 0x11);
	knows(m, 0x11);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop cleared 11");
}

EXCHANGE(a_death_is_told_to_all)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(c, 0x100, 1);
	passes(1, a, 1);
	asks_for_death(m, ASKS, 1, 0x11);
	writes(m);
	asks_for_death(a, ASKS, 1, 0x22);
	writes(a);
	dies(c);
	does(m, "noop dead 11");
	does(a, "noop dead 22");
}

EXCHANGE(a_death_and_what_else_there_is)
{
	struct actor *d;

	watch();
	d = actor("d");
	enters(d);
	tells(d, 0, 1, "before");
	does(d, "noop complete");
	dies(c);
	calls(d, 0, 2, "after");
	does(d, "error 11");
	does(m, "noop call 0:0 code 1 flags 1 from - data before");
	does(m, "noop dead 11");
	does(m, "noop call 0:0 code 2 flags 10 from d data after");
}

EXCHANGE(a_death_while_it_is_called)
{
	watch();
	calls(m, 1, 1, "x");
	does(m, "error 11");
	dies(c);
	does(m, "noop complete dead-reply");
	does(m, "noop dead 11");
}

EXCHANGE(a_death_of_the_manager)
{
	meet();
	counts(c, BC_INCREFS, 0);
	asks_for_death(c, ASKS, 0, 0x11);
	does(c, "error 11");
	dies(m);
	does(c, "noop dead 11");
	knows(c, 0x11);
	counts(c, BC_DECREFS, 0);
	does(c, "error 11");
}

/* ---- The watcher goes ---- */

EXCHANGE(the_watcher_dies)
{
	watch();
	dies(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(the_watcher_dies_when_it_is_told)
{
	watch();
	dies(c);
	does(m, "noop dead 11");
	dies(m);
	m = actor("m");
	manages(m);
}

EXCHANGE(the_watcher_dies_before_it_is_told)
{
	watch();
	dies(c);
	asks_for_death(m, CLEARS, 1, 0x11);
	writes(m);
	dies(m);
	m = actor("m");
	manages(m);
}

EXCHANGE(the_watcher_dies_before_it_is_told_that_it_cleared)
{
	watch();
	asks_for_death(m, CLEARS, 1, 0x11);
	writes(m);
	dies(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

/* ---- Threads ---- */

EXCHANGE(a_death_is_for_any_thread)
{
	struct actor *t;

	watch();
	t = thread(m, "t");
	enters(t);
	dies(c);
	does(t, "noop dead 11");
	asks_for_death(m, CLEARS, 1, 0x11);
	knows(m, 0x11);
	writes(m);
	does(t, "error 11");
	does(m, "noop cleared 11");
}

EXCHANGE(a_thread_that_does_not_loop_clears)
{
	struct actor *t;

	watch();
	t = thread(m, "t");
	asks_for_death(t, CLEARS, 1, 0x11);
	writes(t);
	does(m, "noop cleared 11");
	asks_for_death(t, ASKS, 1, 0x11);
	writes(t);
	dies(c);
	does(m, "noop dead 11");
	asks_for_death(t, CLEARS, 1, 0x11);
	knows(t, 0x11);
	writes(t);
	does(m, "noop cleared 11");
}

EXCHANGE(a_thread_exits_that_cleared)
{
	struct actor *t;
	int32_t zero = 0;

	watch();
	t = thread(m, "t");
	enters(t);
	asks_for_death(t, CLEARS, 1, 0x11);
	writes(t);
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	does(m, "error 11");
	asks_for_death(m, ASKS, 1, 0x22);
	writes(m);
	dies(c);
	does(m, "noop dead 22");
}
