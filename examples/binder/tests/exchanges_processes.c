// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Children that use what their parents have opened, and parts of mappings: what only real processes can do. */
#include <errno.h>

#include "exchanges.h"
#include "steps.h"

/* ---- Children ---- */

EXCHANGE(a_child_has_no_memory)
{
	struct actor *k;

	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	k = forks(m, "k");
	k->buffer = m->buffer;
	sees(k, "gone");
	maps(k, MAPPED, EINVAL);
	/* Also where the parent could: whose file it is comes first. */
	k = forks(actor_unmapped("n"), "l");
	maps(k, MAPPED, EINVAL);
	sees(m, "x.......");
	frees(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

/* A thread of its parent's, which gets what it cannot see. */
EXCHANGE(a_child_serves_for_its_parent)
{
	struct actor *k;

	meet();
	k = forks(m, "k");
	enters(k);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(k, "noop call 0:0 code 1 flags 10 from c outside");
	m->buffer = k->buffer;
	sees(m, "x.......");
	/* The call is the thread's, the buffer is the process's. */
	answers(m, "no");
	does(m, "noop failed-reply");
	frees(m);
	writes(m);
	answers(k, "y");
	does(k, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

EXCHANGE(a_child_calls_for_its_parent)
{
	struct actor *k;

	meet();
	k = forks(c, "k");
	/* It is a thread that the driver does not know, which does not wait at first. */
	calls(k, 0, 1, "x");
	does(k, "noop complete");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "y");
	does(m, "noop complete");
	does(c, "error 11");
	does(k, "noop reply code 0 flags 0 from - outside");
	c->buffer = k->buffer;
	sees(c, "y.......");
	/* The manager's child is the manager. */
	k = forks(m, "l");
	calls(k, 0, 1, "x");
	does(k, "noop failed-reply");
}

/* Its parent has the file still, so nobody is told. */
EXCHANGE(a_child_ends)
{
	struct actor *k;

	meet();
	k = forks(m, "k");
	enters(k);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(k, "noop call 0:0 code 1 flags 10 from c outside");
	dies(k);
	/* But that a descriptor was closed. */
	waits(m);
	does(m, "noop");
	does(c, "error 11");
	tells(c, 0, 2, "y");
	does(c, "noop complete complete");
	does(m, "noop call 0:0 code 2 flags 1 from - data y");
	dies(m);
	waits(c);
	does(c, "noop dead-reply");
}

EXCHANGE(a_child_exits_as_a_thread)
{
	struct actor *k;
	int32_t zero = 0;

	meet();
	k = forks(m, "k");
	enters(k);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(k, "noop call 0:0 code 1 flags 10 from c outside");
	controls(k, BINDER_THREAD_EXIT, &zero, 0);
	does(c, "noop complete dead-reply");
}

/* ---- Parts of mappings ---- */

/* The first page has a buffer; then a part is unmapped, and nothing more is sent. */
static void loses(uint64_t offset, size_t size, const char *what_is_left)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	unmaps_part(m, offset, size);
	sees(m, what_is_left);
	tells(c, 0, 2, "y");
	does(c, "noop complete dead-reply");
	has_failed(c, BR_DEAD_REPLY, ESRCH);
	maps(m, MAPPED, EBUSY);
	frees(m);
	answers(m, "z");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data z");
	calls(m, 5, 1, "");
	does(m, "noop failed-reply");
}

EXCHANGE(memory_whose_end_was_unmapped)
{
	loses(MAPPED - 4096, 4096, "x.......");
}

EXCHANGE(memory_whose_begin_was_unmapped)
{
	loses(0, 4096, "gone");
}

EXCHANGE(memory_whose_middle_was_unmapped)
{
	loses(4096, MAPPED - 8192, "x.......");
	/* The parts that are left go by themselves. */
	unmaps_part(m, MAPPED - 4096, 4096);
	sees(m, "x.......");
	unmaps_part(m, 0, 4096);
	sees(m, "gone");
	calls(c, 0, 3, "");
	does(c, "noop dead-reply");
}

EXCHANGE(memory_that_was_moved)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	moves(m);
	sees(m, "x.......");
	m->buffer -= m->moved - m->mapping;
	sees(m, "gone");
	tells(c, 0, 2, "y");
	does(c, "noop complete dead-reply");
	has_failed(c, BR_DEAD_REPLY, ESRCH);
	/* It is freed where it was. */
	frees(m);
	answers(m, "z");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data z");
}
