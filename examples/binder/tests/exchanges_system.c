// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* System calls: how much they take and give, what they do with bad pointers, and what a thread is told to do. */
#include <errno.h>
#include <string.h>

#include "exchanges.h"
#include "steps.h"

/* BINDER_WRITE_READ of what was put, as it is; what it reads is at a->data. */
static struct binder_write_read write_read(struct actor *a)
{
	struct binder_write_read b = {
		.write_size = a->commands_size,
		.write_buffer = (uintptr_t)a->commands,
		.read_size = 256,
		.read_buffer = (uintptr_t)a->data,
	};

	a->commands_size = 0;
	return b;
}

static void max_threads(struct actor *a, uint32_t n)
{
	controls(a, BINDER_SET_MAX_THREADS, &n, 0);
}

static void registers(struct actor *a)
{
	put32(a, BC_REGISTER_LOOPER);
	writes(a);
}

static uint32_t word(const struct actor *a, size_t at)
{
	uint32_t value;

	memcpy(&value, a->data + at, sizeof(value));
	return value;
}

/* ---- What is written ---- */

EXCHANGE(written_from_the_middle)
{
	struct binder_write_read b;

	meet();
	put32(c, 0x12345678);
	counts(c, BC_INCREFS, 0);
	b = write_read(c);
	b.write_consumed = 4;
	b.read_size = 0;
	controls(c, BINDER_WRITE_READ, &b, 0);
	expect(c, 12, b.write_consumed);
}

EXCHANGE(written_more_than_there_is)
{
	struct binder_write_read b;

	meet();
	put32(c, 0x12345678);
	b = write_read(c);
	b.write_consumed = 8;
	b.read_size = 0;
	controls(c, BINDER_WRITE_READ, &b, 0);
	expect(c, 8, b.write_consumed);
}

EXCHANGE(written_from_nowhere)
{
	struct binder_write_read b;

	meet();
	counts(c, BC_INCREFS, 0);
	b = write_read(c);
	b.write_buffer = 0x10;
	b.read_consumed = 20;
	controls(c, BINDER_WRITE_READ, &b, EFAULT);
	expect(c, 0, b.write_consumed);
	expect(c, 0, b.read_consumed);
}

EXCHANGE(written_until_an_unknown_command)
{
	struct binder_write_read b;

	meet();
	tells(c, 0, 1, "x");
	put32(c, 0x12345678);
	tells(c, 0, 2, "y");
	b = write_read(c);
	b.read_consumed = 4;
	controls(c, BINDER_WRITE_READ, &b, EINVAL);
	expect(c, 4 + sizeof(struct binder_transaction_data), b.write_consumed);
	expect(c, 0, b.read_consumed);
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
}

EXCHANGE(written_until_a_call_fails)
{
	meet();
	tells(c, 9, 1, "x");
	tells(c, 0, 2, "y");
	does_in(c, 0, "written 68");
	tells(c, 0, 3, "z");
	does_in(c, 0, "written 0");
	tells(c, 0, 4, "z");
	does(c, "noop failed-reply written 0");
	does(m, "error 11");
	tells(c, 0, 5, "now");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 5 flags 1 from - data now");
}

EXCHANGE(written_nothing)
{
	struct binder_write_read b = { 0 };

	meet();
	controls(c, BINDER_WRITE_READ, &b, 0);
	b.write_buffer = b.read_buffer = 0x10;
	controls(c, BINDER_WRITE_READ, &b, 0);
	tells(m, 9, 1, "x");
	does_in(m, 0, "");
	controls(m, BINDER_WRITE_READ, &b, 0);
	does(m, "noop failed-reply");
}

/* ---- What is read ---- */

EXCHANGE(read_to_nowhere)
{
	struct binder_write_read b;

	meet();
	tells(c, 0, 1, "x");
	b = write_read(c);
	b.read_buffer = 0x10;
	controls(c, BINDER_WRITE_READ, &b, EFAULT);
	expect(c, 4 + sizeof(struct binder_transaction_data), b.write_consumed);
	expect(c, 0, b.read_consumed);
	does(c, "noop complete");
	b = write_read(m);
	b.read_buffer = 0x10;
	controls(m, BINDER_WRITE_READ, &b, EFAULT);
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
}

EXCHANGE(read_behind_what_was_read)
{
	struct binder_write_read b;

	meet();
	tells(c, 0, 1, "x");
	b = write_read(c);
	memset(c->data + 512, 0xee, 32);
	b.read_buffer = (uintptr_t)c->data + 512;
	b.read_consumed = 8;
	controls(c, BINDER_WRITE_READ, &b, 0);
	expect(c, 12, b.read_consumed);
	expect(c, 0xeeeeeeee, word(c, 512));
	expect(c, 0xeeeeeeee, word(c, 516));
	expect(c, BR_TRANSACTION_COMPLETE, word(c, 520));
	expect(c, 0xeeeeeeee, word(c, 524));
}

EXCHANGE(read_a_call_to_nowhere)
{
	struct binder_write_read b;

	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	b = write_read(m);
	b.read_buffer = 0x10;
	b.read_consumed = 4;
	controls(m, BINDER_WRITE_READ, &b, EFAULT);
	expect(m, 4, b.read_consumed);
	does(c, "noop complete failed-reply");
	has_failed(c, BR_OK, 0);
	does(m, "error 11");
	answers(m, "");
	does(m, "noop failed-reply");
}

EXCHANGE(read_an_answer_to_nowhere)
{
	struct binder_write_read b;

	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "");
	does(m, "noop complete");
	does_in(c, 80, "noop complete");
	b = write_read(c);
	b.read_buffer = 0x10;
	b.read_consumed = 4;
	controls(c, BINDER_WRITE_READ, &b, EFAULT);
	does(c, "error 11");
	calls(c, 0, 2, "y");
	does(c, "error 11");
}

EXCHANGE(read_with_little_room)
{
	meet();
	tells(c, 0, 1, "x");
	does_in(c, 4, "noop");
	does_in(c, 8, "noop");
	does_in(c, 79, "noop");
	does_in(c, 80, "noop complete");
	does_in(c, 80, "error 11");
	does_in(m, 79, "noop");
	does_in(m, 80, "noop call 0:0 code 1 flags 1 from - data x");
}

EXCHANGE(read_one_after_the_other)
{
	meet();
	gives(c, 0x100, 1);
	asks_for_death(m, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	asks_for_death(m, BC_CLEAR_DEATH_NOTIFICATION, 1, 0x11);
	tells(m, 1, 1, "x");
	calls(m, 9, 1, "x");
	does_in(m, 80, "noop cleared 11");
	does_in(m, 80, "noop complete");
	does_in(m, 80, "noop failed-reply");
	does_in(m, 80, "error 11");
	counts(m, BC_RELEASE, 1);
	writes(m);
	does_in(c, 80, "noop call 100:101 code 1 flags 1 from - data x");
	frees(c);
	does_in(c, 80, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(read_at_first)
{
	struct actor *const n = actor("n");
	struct actor *t;
	int32_t zero = 0;

	has_something(n);
	does(n, "noop");
	has_nothing(n);
	does(n, "error 11");
	t = thread(n, "t");
	does(t, "noop");
	does(t, "error 11");
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	does(t, "noop");
	does(n, "error 11");
}

/* ---- Other system calls ---- */

EXCHANGE(arguments_from_nowhere)
{
	struct actor *const n = actor("n");

	controls_at(n, BINDER_WRITE_READ, 0x10, EFAULT);
	controls_at(n, BINDER_VERSION, 0x10, EINVAL);
	controls_at(n, BINDER_SET_MAX_THREADS, 0x10, EINVAL);
	controls_at(n, BINDER_SET_CONTEXT_MGR_EXT, 0x10, EINVAL);
	controls_at(n, BINDER_GET_NODE_DEBUG_INFO, 0x10, EFAULT);
	controls_at(n, BINDER_GET_NODE_INFO_FOR_REF, 0x10, EFAULT);
	controls_at(n, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, 0x10, EFAULT);
	controls_at(n, BINDER_GET_EXTENDED_ERROR, 0x10, EFAULT);
	controls_at(n, BINDER_SET_CONTEXT_MGR, 0x10, 0);
	controls_at(n, BINDER_THREAD_EXIT, 0x10, 0);
}

EXCHANGE(errors_are_forgotten)
{
	meet();
	has_failed(c, BR_OK, 0);
	calls(c, 5, 1, "x");
	does(c, "noop failed-reply");
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	has_failed(c, BR_OK, 0);
	calls(c, 5, 1, "x");
	does(c, "noop failed-reply");
	controls_at(c, BINDER_GET_EXTENDED_ERROR, 0x10, EFAULT);
	has_failed(c, BR_OK, 0);
}

EXCHANGE(errors_of_threads)
{
	struct actor *t;

	meet();
	t = thread(c, "t");
	calls(t, 5, 1, "x");
	does(t, "noop failed-reply");
	has_failed(c, BR_OK, 0);
	has_failed(t, BR_FAILED_REPLY, EINVAL);
	answers(c, "");
	does(c, "noop failed-reply");
	has_failed(t, BR_OK, 0);
	has_failed(c, BR_FAILED_REPLY, EPROTO);
}

EXCHANGE(managers_in_turn)
{
	struct actor *n;
	int32_t zero = 0;

	meet();
	n = actor("n");
	controls(n, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	controls(m, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	dies(m);
	does(c, "noop complete dead-reply");
	calls(c, 0, 1, "x");
	does(c, "noop dead-reply");
	has_failed(c, BR_DEAD_REPLY, EINVAL);
	manages(n);
	controls(c, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	calls(c, 0, 2, "y");
	does(c, "error 11");
	enters(n);
	does(n, "noop call 0:0 code 2 flags 10 from c data y");
}

/* ---- A process that opens the device twice ---- */

EXCHANGE(two_files_and_the_manager)
{
	struct actor *n;
	int32_t zero = 0;

	meet();
	n = opens_again(m, "n");
	enters(n);
	controls(n, BINDER_SET_CONTEXT_MGR, &zero, EBUSY);
	calls(n, 0, 1, "x");
	does(n, "noop failed-reply");
	has_failed(n, BR_FAILED_REPLY, EINVAL);
	counts(n, BC_ACQUIRE, 0);
	does(n, "error 11");
	calls(n, 0, 1, "x");
	does(n, "noop failed-reply");
	does(m, "error 11");
}

EXCHANGE(two_files_call_each_other)
{
	struct actor *n;

	meet();
	n = opens_again(c, "n");
	enters(n);
	gives(n, 0x100, 1);
	passes(1, c, 1);
	calls(c, 1, 1, "to myself");
	does(c, "error 11");
	does(n, "noop call 100:101 code 1 flags 10 from c data to myself");
	answers(n, "yes?");
	does(n, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - data yes?");
	frees_at(c, n->buffer);
	does(c, "error 11");
}

EXCHANGE(two_files_die_together)
{
	struct actor *n;

	meet();
	n = opens_again(c, "n");
	enters(n);
	gives(n, 0x100, 1);
	gives(c, 0x100, 2);
	passes(1, c, 1);
	asks_for_death(c, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	writes(c);
	asks_for_death(m, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x22);
	writes(m);
	calls(m, 1, 1, "x");
	does(m, "error 11");
	dies(c);
	does(m, "noop complete dead-reply");
	does(m, "noop dead 22");
	calls(m, 2, 1, "x");
	does(m, "noop dead-reply");
}

/* ---- poll() ---- */

EXCHANGE(polled_calls)
{
	meet();
	has_nothing(c);
	has_nothing(m);
	calls(c, 0, 1, "x");
	writes(c);
	/* That it was sent is told with the answer. */
	has_nothing(c);
	has_something(m);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	has_nothing(m);
	answers(m, "");
	writes(m);
	has_something(m);
	has_something(c);
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	has_nothing(c);
	has_nothing(m);
}

EXCHANGE(polled_oneway)
{
	meet();
	tells(c, 0, 1, "x");
	tells(c, 0, 2, "x");
	writes(c);
	has_something(c);
	does(c, "noop complete complete");
	has_nothing(c);
	has_something(m);
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	has_nothing(m);
	frees(m);
	writes(m);
	has_something(m);
}

EXCHANGE(polled_by_threads)
{
	struct actor *t;

	meet();
	t = thread(m, "t");
	enters(t);
	has_nothing(t);
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	has_something(m);
	has_something(t);
	does(t, "noop call 0:0 code 1 flags 1 from - data x");
	has_nothing(m);
	has_nothing(t);
}

EXCHANGE(polled_and_ended)
{
	struct actor *t;
	int32_t zero = 0;

	meet();
	t = thread(m, "t");
	enters(t);
	has_nothing(t);
	has_nothing(m);
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	has_something(t);
	does(t, "noop");
	has_nothing(t);
	dies(m);
	has_nothing(c);
}

/* ---- Threads that a process shall start ---- */

EXCHANGE(a_thread_is_asked_for)
{
	struct actor *t;

	meet();
	max_threads(m, 1);
	does(m, "error 11");
	tells(c, 0, 1, "x");
	tells(c, 0, 2, "x");
	does(c, "noop complete complete");
	does(m, "spawn call 0:0 code 1 flags 1 from - data x");
	frees(m);
	/* It is asked for once, until it is there. */
	does(m, "noop call 0:0 code 2 flags 1 from - data x");
	frees(m);
	writes(m);
	t = thread(m, "t");
	registers(t);
	tells(c, 0, 3, "x");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 3 flags 1 from - data x");
}

EXCHANGE(threads_are_asked_for)
{
	struct actor *t;

	meet();
	max_threads(c, 2);
	tells(c, 0, 1, "x");
	does(c, "spawn complete");
	t = thread(c, "t");
	registers(t);
	tells(t, 0, 2, "x");
	does(t, "spawn complete");
	tells(t, 0, 2, "x");
	does(t, "noop complete");
	registers(thread(c, "u"));
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	max_threads(c, 3);
	tells(c, 0, 1, "x");
	does(c, "spawn complete");
}

EXCHANGE(a_thread_that_was_not_asked_for)
{
	struct actor *t;

	meet();
	t = thread(c, "t");
	registers(t);
	max_threads(c, 1);
	tells(t, 0, 1, "x");
	does(t, "spawn complete");
	/* Once more, it is the one. */
	registers(t);
	tells(t, 0, 1, "x");
	does(t, "noop complete");
}

EXCHANGE(a_thread_that_entered_does_not_register)
{
	meet();
	max_threads(c, 1);
	tells(c, 0, 1, "x");
	does(c, "spawn complete");
	registers(c);
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	registers(thread(c, "t"));
	max_threads(c, 2);
	tells(c, 0, 1, "x");
	does(c, "spawn complete");
}

EXCHANGE(a_thread_that_does_not_loop_starts_none)
{
	struct actor *t;
	int32_t zero = 0;

	meet();
	max_threads(c, 1);
	t = thread(c, "t");
	tells(t, 0, 1, "x");
	does(t, "noop complete");
	put32(t, BC_EXIT_LOOPER);
	tells(t, 0, 1, "x");
	does(t, "noop complete");
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	put32(c, BC_ENTER_LOOPER);
	put32(c, BC_EXIT_LOOPER);
	tells(c, 0, 1, "x");
	does(c, "spawn complete");
}

EXCHANGE(a_thread_that_left_its_loop)
{
	struct actor *t;

	meet();
	max_threads(m, 1);
	t = thread(m, "t");
	enters(t);
	put32(t, BC_EXIT_LOOPER);
	put32(t, BC_EXIT_LOOPER);
	writes(t);
	/* It is called as before, alone or with others. */
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	does(t, "spawn call 0:0 code 1 flags 1 from - data x");
	frees(t);
	calls(c, 0, 2, "y");
	does(c, "error 11");
	does(t, "noop call 0:0 code 2 flags 10 from c data y");
	answers(t, "");
	does(t, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
}

EXCHANGE(a_thread_that_exited_begins_again)
{
	int32_t zero = 0;

	meet();
	max_threads(m, 1);
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	/* It has not looped, and what it is asked first does not wait. */
	does(m, "noop");
	does(m, "error 11");
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	does(c, "noop complete dead-reply");
	/* The buffer is of its process. */
	frees(m);
	enters(m);
	tells(c, 0, 2, "y");
	does(c, "noop complete");
	does(m, "spawn call 0:0 code 2 flags 1 from - data y");
	expect(m, m->mapping, m->buffer);
}

EXCHANGE(a_thread_is_asked_for_without_room)
{
	meet();
	max_threads(m, 1);
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	does_in(m, 4, "spawn");
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
}
