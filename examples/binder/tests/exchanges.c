// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The exchanges.  What they expect is what the kernel's driver does. */
#include <errno.h>
#include <string.h>

#include "exchanges.h"
#include "steps.h"

/* ---- Files ---- */

EXCHANGE(version)
{
	struct actor *const a = actor("a");
	struct binder_version v = { 0 };

	controls(a, BINDER_VERSION, &v, 0);
	expect(a, 8, (uint64_t)v.protocol_version);
}

EXCHANGE(unknown_ioctl)
{
	struct actor *const a = actor("a");
	int32_t zero = 0;

	controls(a, _IOW('b', 99, int32_t), &zero, EINVAL);
	controls(a, BINDER_SET_IDLE_TIMEOUT, &zero, EINVAL);
}

EXCHANGE(one_manager)
{
	struct actor *const a = actor("a"), *const b = actor("b");
	int32_t zero = 0;

	manages(a);
	controls(a, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	controls(b, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	dies(a);
}

EXCHANGE(manager_with_a_node)
{
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .binder = 0x70, .cookie = 0x71 };

	m = actor("m");
	c = actor("c");
	controls(m, BINDER_SET_CONTEXT_MGR_EXT, &o, 0);
	enters(m);
	calls(c, 0, 1, "x");
	does(c, "noop complete");
	does(m, "noop call 70:71 code 1 flags 10 from c data x");
}

EXCHANGE(nothing_to_read)
{
	struct actor *const a = actor("a");

	enters(a);
	does(a, "error 11");
	does_in(a, 0, "");
}

EXCHANGE(bad_commands)
{
	struct actor *const a = actor("a");

	put32(a, 0x12345678);
	does(a, "error 22 written 0");
	put32(a, BC_ENTER_LOOPER);
	put32(a, 0x12345678);
	does(a, "error 22 written 4");
	put32(a, BC_ATTEMPT_ACQUIRE);
	does(a, "error 22 written 0");
	put32(a, BC_ACQUIRE_RESULT);
	does(a, "error 22 written 0");
}

/* ---- Calls ---- */

EXCHANGE(call_and_reply)
{
	meet();
	calls(c, 0, 7, "question");
	does(c, "error 11");
	does(m, "noop call 0:0 code 7 flags 10 from c data question");
	frees(m);
	answers(m, "answer");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data answer");
	frees(c);
	writes(c);
	does(c, "error 11");
}

EXCHANGE(empty_call)
{
	meet();
	calls(c, 0, 1, "");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c");
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	frees(c);
	writes(c);
}

EXCHANGE(no_manager)
{
	c = actor("c");
	enters(c);
	calls(c, 0, 1, "x");
	does(c, "noop dead-reply");
}

EXCHANGE(bad_handle)
{
	meet();
	calls(c, 5, 1, "x");
	does(c, "noop failed-reply");
	tells(c, 5, 1, "x");
	does(c, "noop failed-reply");
}

EXCHANGE(the_manager_calls_itself)
{
	meet();
	calls(m, 0, 1, "x");
	does(m, "noop failed-reply");
}

EXCHANGE(reply_to_nothing)
{
	meet();
	answers(c, "x");
	does(c, "noop failed-reply");
}

EXCHANGE(two_calls_at_once)
{
	meet();
	calls(c, 0, 1, "first");
	does(c, "error 11");
	calls(c, 0, 2, "second");
	does(c, "noop complete failed-reply");
	does(m, "noop call 0:0 code 1 flags 10 from c data first");
	answers(m, "ok");
	does(m, "noop complete");
	does(c, "noop reply code 0 flags 0 from - data ok");
}

EXCHANGE(bad_data)
{
	struct binder_transaction_data d = { .data_size = 8, .data.ptr.buffer = 0x10 };

	meet();
	put32(c, BC_TRANSACTION);
	memcpy(c->commands + c->commands_size, &d, sizeof(d));
	c->commands_size += sizeof(d);
	does(c, "noop failed-reply");
	does(m, "error 11");
}

EXCHANGE(too_much_data)
{
	struct binder_transaction_data d = { .data_size = 1 << 20 };

	meet();
	put32(c, BC_TRANSACTION);
	memcpy(c->commands + c->commands_size, &d, sizeof(d));
	c->commands_size += sizeof(d);
	does(c, "noop failed-reply");
}

EXCHANGE(extended_error)
{
	struct binder_extended_error e = { 0 };

	meet();
	calls(c, 5, 1, "x");
	does(c, "noop failed-reply");
	controls(c, BINDER_GET_EXTENDED_ERROR, &e, 0);
	expect(c, BR_FAILED_REPLY, e.command);
	expect(c, (uint64_t)-EINVAL, (uint64_t)(int64_t)e.param);
	controls(c, BINDER_GET_EXTENDED_ERROR, &e, 0);
	expect(c, BR_OK, e.command);
}

EXCHANGE(callee_dies)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	dies(m);
	waits(c);
	does(c, "noop complete dead-reply");
}

EXCHANGE(callee_dies_before_it_reads)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	dies(m);
	waits(c);
	does(c, "noop complete dead-reply");
}

EXCHANGE(caller_dies)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	dies(c);
	frees(m);
	answers(m, "too late");
	does(m, "noop complete");
}

/* ---- One-way calls ---- */

EXCHANGE(oneway)
{
	meet();
	tells(c, 0, 3, "news");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 3 flags 1 from - data news");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(oneway_in_turn)
{
	meet();
	tells(c, 0, 1, "first");
	does(c, "noop complete");
	tells(c, 0, 2, "second");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data first");
	does(m, "error 11");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data second");
	frees(m);
	does(m, "error 11");
}

/* ---- Objects ---- */

EXCHANGE(a_node_becomes_a_handle)
{
	meet();
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c handle 1:0");
	counts(m, BC_ACQUIRE, 1);
	frees(m);
	answers(m, "ok");
	does(m, "noop complete");
	does(c, "noop increfs 100:101 acquire 100:101 complete reply code 0 flags 0 from - data ok");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	writes(c);
	/* It comes home as what it was. */
	send_object(m, BC_TRANSACTION, 1, 2, BINDER_TYPE_HANDLE, 1, 0);
	does(m, "error 11");
	does(c, "noop call 100:101 code 2 flags 0 from m binder 100:101");
	frees(c);
	answers(c, "home");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data home");
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

#define ENTRY(name)	{ #name, play_##name },
const struct exchange exchanges[] = { EXCHANGES(ENTRY) EXCHANGES_PROCESSES(ENTRY) };
const size_t exchange_count = sizeof(exchanges) / sizeof(exchanges[0]);
