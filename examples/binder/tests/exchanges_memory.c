// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a process maps: its sizes and rights, its end, and its pages, which come and go. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "exchanges.h"
#include "steps.h"

/* What is sent.  It is written before the first process begins, or that does not see it. */
static uint8_t bytes[4 << 20];

/* A manager that maps that much, and a client. */
static void meet_with(size_t size)
{
	m = actor_unmapped("m");
	maps(m, size, 0);
	c = actor("c");
	manages(m);
	enters(m);
	enters(c);
}

static void sends_bytes(size_t size, uint32_t flags, const char *expected)
{
	struct binder_transaction_data d = { .flags = flags, .data_size = size, .data.ptr.buffer = (uintptr_t)bytes };

	put32(c, BC_TRANSACTION);
	put_bytes(c, &d, sizeof(d));
	does(c, expected);
}

/* ---- How much ---- */

EXCHANGE(memory_of_eight_megabytes)
{
	memset(bytes, 'x', sizeof(bytes));
	meet_with(8 << 20);
	sends_bytes((4 << 20) + 8, 0, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	sends_bytes((4 << 20) - 8, 0, "error 11");
	does(m, "noop call 0:0 code 0 flags 0 from c data of 4194296 bytes");
	sees(m, "xxxxxxxx");
	m->buffer += (4 << 20) - 12;
	sees(m, "xxxx");
	m->buffer += 4;
	/* What is behind the data was never written. */
	sees(m, "........");
	/* And what is behind the first four megabytes is not there. */
	m->buffer += 8;
	sees(m, "gone");
	frees_at(m, m->mapping);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	m->buffer = m->mapping;
	sees(m, "xxxxxxxx");
}

EXCHANGE(memory_of_eight_megabytes_one_way)
{
	meet_with(8 << 20);
	sends_bytes((2 << 20) + 8, TF_ONE_WAY, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	sends_bytes(2 << 20, TF_ONE_WAY, "noop complete");
	sends_bytes(0, TF_ONE_WAY, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	does(m, "noop call 0:0 code 0 flags 1 from - data of 2097152 bytes");
	frees(m);
	writes(m);
	sends_bytes(2 << 20, TF_ONE_WAY, "noop complete");
}

EXCHANGE(memory_of_less_than_a_page)
{
	meet_with(100);
	sends_bytes(4104, 0, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	sends_bytes(4096, 0, "error 11");
}

/* ---- Rights ---- */

EXCHANGE(memory_that_the_process_would_write)
{
	struct actor *const n = actor_unmapped("n");

	maps_as(n, 4096, PROT_WRITE, MAP_PRIVATE, EPERM);
	maps_as(n, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, EPERM);
	maps_as(n, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, EPERM);
	maps_as(n, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, EPERM);
	maps(n, 4096, 0);
	/* What it would do comes before what it has done. */
	maps_as(n, 4096, PROT_WRITE, MAP_PRIVATE, EPERM);
	maps(n, 4096, EBUSY);
}

EXCHANGE(memory_that_is_shared)
{
	m = actor_unmapped("m");
	maps_as(m, MAPPED, PROT_READ, MAP_SHARED, 0);
	c = actor("c");
	manages(m);
	enters(m);
	enters(c);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(memory_that_is_executable)
{
	m = actor_unmapped("m");
	maps_as(m, MAPPED, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
	c = actor("c");
	manages(m);
	enters(m);
	enters(c);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(memory_is_mapped_once)
{
	meet();
	maps(m, MAPPED, EBUSY);
	maps(m, 4096, EBUSY);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	maps(m, MAPPED, EBUSY);
	sees(m, "x.......");
	frees(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

/* ---- Its end ---- */

EXCHANGE(memory_that_was_unmapped)
{
	struct binder_transaction_data d = { .data_size = ~0ull };

	meet();
	unmaps(m);
	calls(c, 0, 1, "x");
	does(c, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, ESRCH);
	tells(c, 0, 1, "x");
	does(c, "noop dead-reply");
	sends_bytes(MAPPED + 8, 0, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, ESRCH);
	put32(c, BC_TRANSACTION);
	put_bytes(c, &d, sizeof(d));
	does(c, "noop dead-reply");
	/* For ever. */
	maps(m, MAPPED, EBUSY);
	calls(c, 0, 1, "x");
	does(c, "noop dead-reply");
}

EXCHANGE(memory_that_was_unmapped_with_a_buffer)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	unmaps(m);
	frees(m);
	frees(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

EXCHANGE(memory_that_was_unmapped_before_a_call_was_read)
{
	meet();
	sends(c, BC_TRANSACTION, 0, 1, TF_CLEAR_BUF, "", 0, NULL, 0);
	does(c, "error 11");
	unmaps(m);
	does(m, "noop call 0:0 code 1 flags 20 from c");
	frees(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
}

EXCHANGE(memory_of_the_caller_that_was_unmapped)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	unmaps(c);
	frees(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete dead-reply");
}

/* ---- Its pages ---- */

EXCHANGE(memory_that_nobody_uses_is_taken_back)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	shrinks(m);
	sees(m, "x.......");
	frees(m);
	writes(m);
	sees(m, "x.......");
	shrinks(m);
	sees(m, "gone");
	shrinks(m);
	answers(m, "y");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data y");
	calls(c, 0, 2, "z");
	does(c, "error 11");
	does(m, "noop call 0:0 code 2 flags 10 from c data z");
	sees(m, "z.......");
}

EXCHANGE(memory_that_two_buffers_share_is_not_taken_back)
{
	uint64_t first;

	meet();
	tells(c, 0, 1, "first");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data first");
	first = m->buffer;
	calls(c, 0, 2, "second");
	does(c, "error 11");
	does(m, "noop call 0:0 code 2 flags 10 from c data second");
	frees(m);
	writes(m);
	shrinks(m);
	sees(m, "second..");
	m->buffer = first;
	sees(m, "first...");
	frees(m);
	writes(m);
	shrinks(m);
	sees(m, "gone");
}

EXCHANGE(memory_that_was_unmapped_is_taken_back)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	frees(m);
	writes(m);
	unmaps(m);
	shrinks(c);
	sees(m, "gone");
	calls(m, 0, 1, "");
	does(m, "noop failed-reply");
}

/* All of it, and what is in it when it comes back. */
EXCHANGE(memory_is_taken_back_in_parts)
{
	uint64_t at[4];

	memset(bytes, 'x', sizeof(bytes));
	meet();
	for (int i = 0; i < 4; i++) {
		sends_bytes(8192, 0, "error 11");
		does(m, "noop call 0:0 code 0 flags 0 from c data of 8192 bytes");
		answers(m, "");
		does(m, "noop complete");
		reads(c);
		frees(c);
		writes(c);
		at[i] = m->buffer;
	}
	for (int i = 0; i < 4; i += 2) {
		m->buffer = at[i];
		frees(m);
		writes(m);
	}
	shrinks(c);
	for (int i = 0; i < 4; i++) {
		m->buffer = at[i];
		sees(m, i % 2 ? "xxxxxxxx" : "gone");
		m->buffer += 8191;
		sees(m, i % 2 ? "x" : "gone");
	}
	sends_bytes(4090, 0, "error 11");
	does(m, "noop call 0:0 code 0 flags 0 from c data of 4090 bytes");
	sees(m, "xxxxxxxx");
	m->buffer += 4088;
	sees(m, "xx......");
	m->buffer += 8;
	sees(m, "gone");
}
