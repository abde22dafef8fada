// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Processes that are frozen: who may not call them, what waits for them, and who is told. */
#include <errno.h>

#include "exchanges.h"
#include "steps.h"

static struct actor *f;		/* who freezes */

static void meet_frozen(void)
{
	meet();
	f = actor_unmapped("f");
}

static struct binder_freeze_info freezing(const struct actor *whom)
{
	return (struct binder_freeze_info){ .pid = whom->pid, .enable = 1 };
}

static void freezes_(const char *file, int line, const struct actor *whom, uint32_t yes, int err)
{
	struct binder_freeze_info info = freezing(whom);

	info.enable = yes;
	controls_(file, line, f, BINDER_FREEZE, &info, sizeof(info), err);
}

#define freezes(whom, err)	freezes_(__FILE__, __LINE__, whom, 1, err)
#define thaws(whom)		freezes_(__FILE__, __LINE__, whom, 0, 0)

static void is_frozen_(const char *file, int line, const struct actor *whom, uint32_t sync, uint32_t async)
{
	struct binder_frozen_status_info info = { .pid = whom->pid, .sync_recv = 0x77, .async_recv = 0x88 };

	controls_(file, line, f, BINDER_GET_FROZEN_INFO, &info, sizeof(info), 0);
	expect_(file, line, f, sync, info.sync_recv);
	expect_(file, line, f, async, info.async_recv);
}

/* What BINDER_GET_FROZEN_INFO says; in @sync, 1: it was called, 2: a transaction is outstanding. */
#define says(whom, sync, async)	is_frozen_(__FILE__, __LINE__, whom, sync, async)

/* A thread of @process freezes @whom, and sleeps until that is done. */
static struct actor *freezes_slowly(struct actor *process, const struct actor *whom)
{
	struct actor *const t = thread(process, "t");
	struct binder_freeze_info info = freezing(whom);

	info.timeout_ms = 1u << 30;
	sleeps_in(t, BINDER_FREEZE, &info, sizeof(info));
	return t;
}

/* ---- Calls ---- */

EXCHANGE(frozen_is_not_called)
{
	meet_frozen();
	freezes(m, 0);
	says(m, 0, 0);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
	has_failed(c, BR_FROZEN_REPLY, 0);
	says(m, 1, 0);
	does(m, "error 11");
	calls(c, 0, 2, "y");
	does(c, "noop frozen-reply");
	thaws(m);
	says(m, 0, 0);
	calls(c, 0, 3, "z");
	does(c, "error 11");
	does(m, "noop call 0:0 code 3 flags 10 from c data z");
}

EXCHANGE(frozen_is_not_called_with_an_object)
{
	meet_frozen();
	freezes(m, 0);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop frozen-reply");
	does(c, "error 11");
	says(m, 1, 0);
}

EXCHANGE(frozen_whom_nobody_knows)
{
	struct actor nobody = { .pid = 0x7fffffff };
	struct binder_frozen_status_info info = { .pid = nobody.pid };

	meet_frozen();
	freezes(&nobody, EINVAL);
	freezes_(__FILE__, __LINE__, &nobody, 0, EINVAL);
	controls(f, BINDER_GET_FROZEN_INFO, &info, EINVAL);
	nobody.pid = info.pid = 0;
	freezes(&nobody, EINVAL);
	controls(f, BINDER_GET_FROZEN_INFO, &info, EINVAL);
}

EXCHANGE(frozen_from_nowhere)
{
	meet_frozen();
	controls_at(f, BINDER_FREEZE, 0x10, EFAULT);
	controls_at(f, BINDER_GET_FROZEN_INFO, 0x10, EFAULT);
}

EXCHANGE(frozen_by_any_number)
{
	meet_frozen();
	freezes_(__FILE__, __LINE__, m, 0x100, 0);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
}

EXCHANGE(frozen_by_itself)
{
	meet_frozen();
	f = m;
	freezes(m, 0);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
	says(m, 1, 0);
	thaws(m);
	calls(c, 0, 1, "x");
	does(c, "error 11");
}

EXCHANGE(frozen_by_one_that_dies)
{
	meet_frozen();
	freezes(m, 0);
	dies(f);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
	f = actor_unmapped("g");
	says(m, 1, 0);
	thaws(m);
	calls(c, 0, 1, "x");
	does(c, "error 11");
}

EXCHANGE(frozen_again)
{
	meet_frozen();
	freezes(m, 0);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
	says(m, 1, 0);
	freezes(m, 0);
	says(m, 0, 0);
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
}

EXCHANGE(thawed_that_was_not_frozen)
{
	meet_frozen();
	thaws(m);
	says(m, 0, 0);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	thaws(m);
	says(m, 2, 0);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
}

EXCHANGE(frozen_and_dead)
{
	struct binder_freeze_info info;

	meet_frozen();
	gives(c, 0x100, 1);
	freezes(c, 0);
	info = freezing(c);
	dies(c);
	calls(m, 1, 1, "x");
	does(m, "noop dead-reply");
	controls(f, BINDER_FREEZE, &info, EINVAL);
}

EXCHANGE(frozen_calls_others)
{
	meet_frozen();
	gives(c, 0x100, 1);
	freezes(m, 0);
	calls(m, 1, 1, "x");
	does(m, "error 11");
	says(m, 2, 0);
	does(c, "noop call 100:101 code 1 flags 10 from m data x");
	calls(c, 0, 2, "back");
	does(c, "noop frozen-reply");
	answers(c, "y");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from - data y");
	says(m, 1, 0);
}

/* ---- What is outstanding ---- */

EXCHANGE(not_frozen_before_a_call_is_read)
{
	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	says(m, 2, 0);
	freezes(m, EAGAIN);
	says(m, 2, 0);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	freezes(m, EAGAIN);
	answers(m, "y");
	does(m, "noop complete");
	says(m, 0, 0);
	freezes(m, 0);
	/* Nor who has not read its answer. */
	says(c, 2, 0);
	freezes(c, EAGAIN);
	does(c, "noop complete reply code 0 flags 0 from - data y");
	freezes(c, 0);
}

EXCHANGE(not_frozen_while_it_waits)
{
	struct binder_freeze_info info;

	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	says(c, 2, 0);
	freezes(c, EAGAIN);
	/* There is nothing that it could read, so nobody waits for that. */
	info = freezing(c);
	info.timeout_ms = 1u << 30;
	controls(f, BINDER_FREEZE, &info, EAGAIN);
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	freezes(c, EAGAIN);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	controls(f, BINDER_FREEZE, &info, 0);
}

EXCHANGE(not_frozen_is_called)
{
	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	freezes(m, EAGAIN);
	f = actor("d");
	enters(f);
	calls(f, 0, 2, "y");
	does(f, "error 11");
	answers(m, "x");
	does(m, "noop complete");
	does(m, "noop call 0:0 code 2 flags 10 from d data y");
}

EXCHANGE(not_frozen_before_a_oneway_is_read)
{
	meet_frozen();
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	does(c, "noop complete complete");
	freezes(m, EAGAIN);
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	says(m, 2, 0);
	freezes(m, EAGAIN);
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	says(m, 0, 0);
	freezes(m, 0);
}

EXCHANGE(thawed_by_a_freeze_that_fails)
{
	meet_frozen();
	freezes(m, 0);
	tells(c, 0, 1, "x");
	reads(c);
	says(m, 2, 1);
	freezes(m, EAGAIN);
	says(m, 2, 0);
	calls(c, 0, 2, "y");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	does(m, "noop call 0:0 code 2 flags 10 from c data y");
}

EXCHANGE(frozen_and_reads_a_oneway)
{
	meet_frozen();
	freezes(m, 0);
	tells(c, 0, 1, "x");
	reads(c);
	says(m, 2, 1);
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	says(m, 0, 1);
	freezes(m, 0);
	says(m, 0, 0);
}

EXCHANGE(thawed_and_reads_oneways)
{
	meet_frozen();
	freezes(m, 0);
	tells(c, 0, 1, "1");
	tells(c, 0, 2, "2");
	reads(c);
	thaws(m);
	says(m, 2, 0);
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	says(m, 0, 0);
}

EXCHANGE(not_frozen_before_its_thread_answers)
{
	struct actor *t;
	int32_t zero = 0;

	meet_frozen();
	t = thread(m, "t");
	enters(t);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(t, "noop call 0:0 code 1 flags 10 from c data x");
	freezes(m, EAGAIN);
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	freezes(m, 0);
	does(c, "noop complete dead-reply");
}

EXCHANGE(not_frozen_before_a_call_back_is_answered)
{
	int32_t zero = 0;

	meet_frozen();
	gives(c, 0x100, 1);
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 1, 2, "back");
	does(m, "error 11");
	does(c, "noop complete call 100:101 code 2 flags 10 from m data back");
	calls(c, 0, 3, "out again");
	does(c, "error 11");
	does(m, "noop complete call 0:0 code 3 flags 10 from c data out again");
	freezes(m, EAGAIN);
	freezes(c, EAGAIN);
	/* It leaves two calls without an answer. */
	controls(m, BINDER_THREAD_EXIT, &zero, 0);
	says(m, 0, 0);
	freezes(m, 0);
	says(c, 2, 0);
}

EXCHANGE(not_frozen_before_an_unread_call_back_is_gone)
{
	int32_t zero = 0;

	meet_frozen();
	gives(c, 0x100, 1);
	calls(c, 0, 1, "out");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data out");
	calls(m, 1, 2, "back");
	does(m, "error 11");
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	says(c, 0, 0);
	freezes(c, 0);
	does(m, "noop complete dead-reply");
	freezes(m, EAGAIN);
	answers(m, "to nobody");
	does(m, "noop complete");
	freezes(m, 0);
}

EXCHANGE(not_frozen_before_it_answers_the_dead)
{
	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	dies(c);
	freezes(m, EAGAIN);
	answers(m, "y");
	does(m, "noop complete");
	freezes(m, 0);
}

EXCHANGE(not_frozen_before_it_reads_of_the_dead)
{
	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	dies(c);
	freezes(m, EAGAIN);
	does(m, "noop call 0:0 code 1 flags 10 from - data x");
	freezes(m, EAGAIN);
	answers(m, "y");
	does(m, "noop complete");
	freezes(m, 0);
}

EXCHANGE(frozen_after_an_answer_that_fails)
{
	struct binder_transaction_data d = { .data_size = 8, .data.ptr.buffer = 0x10 };

	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	put32(m, BC_REPLY);
	put_bytes(m, &d, sizeof(d));
	does(m, "noop complete");
	freezes(m, 0);
	does(c, "noop complete failed-reply");
	freezes(c, 0);
}

EXCHANGE(frozen_after_calls_that_fail)
{
	struct binder_transaction_data d = { .data_size = 8, .data.ptr.buffer = 0x10 };

	meet_frozen();
	put32(c, BC_TRANSACTION);
	put_bytes(c, &d, sizeof(d));
	does(c, "noop failed-reply");
	d.flags = TF_ONE_WAY;
	put32(c, BC_TRANSACTION);
	put_bytes(c, &d, sizeof(d));
	does(c, "noop failed-reply");
	says(m, 0, 0);
	freezes(m, 0);
	freezes(c, 0);
}

EXCHANGE(frozen_after_it_could_not_read)
{
	struct binder_write_read b = { .read_size = 256, .read_consumed = 4, .read_buffer = 0x10 };

	meet_frozen();
	gives(c, 0x100, 1);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	controls(m, BINDER_WRITE_READ, &b, EFAULT);
	freezes(m, 0);
	thaws(m);
	does(c, "noop complete failed-reply");
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	b.read_consumed = 4;
	controls(m, BINDER_WRITE_READ, &b, EFAULT);
	freezes(m, 0);
	thaws(m);
	calls(m, 1, 1, "x");
	does(m, "error 11");
	does(c, "noop call 100:101 code 1 flags 10 from m data x");
	answers(c, "y");
	does(c, "noop complete");
	does_in(m, 80, "noop complete");
	b.read_consumed = 4;
	controls(m, BINDER_WRITE_READ, &b, EFAULT);
	freezes(m, 0);
	freezes(c, 0);
}

/* ---- Several files of a process ---- */

EXCHANGE(frozen_in_all_its_files)
{
	struct actor *d;

	meet_frozen();
	d = opens_again(c, "d");
	enters(d);
	gives(c, 0x100, 1);
	gives(d, 0x200, 2);
	freezes(d, 0);
	calls(m, 1, 1, "x");
	does(m, "noop frozen-reply");
	says(c, 1, 0);
	tells(m, 2, 1, "x");
	reads(m);
	says(c, 3, 1);
	thaws(c);
	says(d, 2, 0);
	does(d, "noop call 200:201 code 1 flags 1 from - data x");
	calls(m, 2, 1, "x");
	does(m, "error 11");
}

EXCHANGE(frozen_in_some_of_its_files)
{
	struct actor *d;

	meet_frozen();
	d = opens_again(c, "d");
	enters(d);
	gives(c, 0x100, 1);
	gives(d, 0x200, 2);
	tells(m, 1, 1, "x");
	does(m, "noop complete");
	/* The file that was opened last is frozen first, and stays so. */
	freezes(c, EAGAIN);
	calls(m, 2, 1, "x");
	does(m, "noop frozen-reply");
	tells(m, 1, 2, "y");
	does(m, "noop complete");
	says(c, 3, 0);
	thaws(c);
	tells(m, 2, 2, "z");
	does(m, "noop complete");
	freezes(c, EAGAIN);
	tells(m, 2, 2, "z");
	does(m, "noop complete");
}

EXCHANGE(frozen_on_all_devices)
{
	struct actor *o, *d;

	meet_frozen();
	o = opens_elsewhere(m, "o");
	manages(o);
	enters(o);
	d = actor_elsewhere("d");
	enters(d);
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	/* The file that was opened last is frozen first, and stays so. */
	freezes(m, EAGAIN);
	calls(d, 0, 2, "y");
	does(d, "noop frozen-reply");
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	frees(m);
	writes(m);
	freezes(m, 0);
	calls(d, 0, 4, "x");
	does(d, "noop frozen-reply");
	calls(c, 0, 5, "x");
	does(c, "noop frozen-reply");
	says(m, 1, 0);
	thaws(m);
	calls(d, 0, 6, "y");
	does(d, "error 11");
	does(o, "noop call 0:0 code 6 flags 10 from d data y");
}

/* ---- Who freezes waits ---- */

EXCHANGE(frozen_when_it_has_answered)
{
	struct actor *t, *d;

	meet_frozen();
	d = actor("d");
	enters(d);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	t = freezes_slowly(f, m);
	/* It is not called any more. */
	calls(d, 0, 2, "y");
	does(d, "noop frozen-reply");
	says(m, 3, 0);
	answers(m, "z");
	does(m, "noop complete");
	wakes(t, "ioctl: 0");
	says(m, 1, 0);
	does(c, "noop complete reply code 0 flags 0 from - data z");
}

EXCHANGE(frozen_when_it_has_read)
{
	struct actor *t;

	meet_frozen();
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	t = freezes_slowly(f, m);
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	wakes(t, "ioctl: 0");
	calls(c, 0, 1, "x");
	does(c, "noop frozen-reply");
}

EXCHANGE(frozen_when_it_has_read_its_answer)
{
	struct actor *t;

	meet_frozen();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "y");
	does(m, "noop complete");
	t = freezes_slowly(f, c);
	does(c, "noop complete reply code 0 flags 0 from - data y");
	wakes(t, "ioctl: 0");
	says(c, 0, 0);
}

EXCHANGE(not_frozen_when_it_has_read_and_waits)
{
	struct actor *t, *u;

	meet_frozen();
	gives(c, 0x100, 1);
	u = thread(m, "u");
	enters(u);
	calls(u, 1, 1, "x");
	does(u, "error 11");
	tells(c, 0, 2, "y");
	does(c, "noop complete");
	t = freezes_slowly(f, m);
	does(m, "noop call 0:0 code 2 flags 1 from - data y");
	wakes(t, "ioctl: 11");
	says(m, 2, 0);
}

EXCHANGE(frozen_by_its_own_thread)
{
	struct actor *t;

	meet_frozen();
	tells(c, 0, 1, "x");
	does(c, "noop complete");
	t = freezes_slowly(m, m);
	does(m, "noop call 0:0 code 1 flags 1 from - data x");
	wakes(t, "ioctl: 0");
	says(m, 0, 0);
}

/* ---- One-way calls that wait; newer kernels only ---- */

/* A one-way call that takes the place of an older one. */
static void updates(struct actor *a, uint32_t handle, uint32_t code, const char *text)
{
	sends(a, BC_TRANSACTION, handle, code, TF_ONE_WAY | TF_UPDATE_TXN, text, 1, NULL, 0);
}

/* "m" is frozen, and has had a one-way call, which is not read. */
static void pend(void)
{
	meet_frozen();
	freezes(m, 0);
	tells(c, 0, 1, "1");
	does(c, "noop pending");
}

/* It is thawed, and reads that. */
static void unpend(void)
{
	thaws(m);
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
}

EXCHANGE(pending_oneway)
{
	pend();
	has_failed(c, BR_OK, 0);
	tells(c, 0, 2, "2");
	does(c, "noop pending");
	says(m, 2, 1);
	unpend();
	does(m, "noop call 0:0 code 2 flags 1 from - data 2");
	says(m, 0, 0);
	tells(c, 0, 2, "2");
	does(c, "noop complete");
}

EXCHANGE(pending_oneway_to_a_sleeper)
{
	struct actor *t;

	meet_frozen();
	t = thread(m, "t");
	enters(t);
	sleeps(t);
	freezes(m, 0);
	tells(c, 0, 1, "x");
	does(c, "noop pending");
	wakes(t, "noop call 0:0 code 1 flags 1 from - data x");
}

EXCHANGE(pending_oneway_that_fails)
{
	meet_frozen();
	freezes(m, 0);
	sends(c, BC_TRANSACTION_SG, 0, 0, TF_ONE_WAY, NULL, 0, NULL, 0);
	put64(c, 40 << 10);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	says(m, 0, 0);
}

EXCHANGE(pending_oneway_is_no_spam)
{
	uint32_t one = 1;

	meet_frozen();
	controls(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, &one, 0);
	freezes(m, 0);
	for (int i = 0; i < 4; i++) {
		sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, c->data, 7000, NULL, 0);
		does(c, "noop pending");
	}
}

EXCHANGE(pending_oneway_whose_receiver_dies)
{
	pend();
	updates(c, 0, 2, "2");
	does(c, "noop pending");
	dies(m);
	tells(c, 0, 2, "3");
	does(c, "noop dead-reply");
}

EXCHANGE(pending_oneway_whose_sender_dies)
{
	pend();
	updates(c, 0, 2, "2");
	does(c, "noop pending");
	dies(c);
	unpend();
	does(m, "noop call 0:0 code 2 flags 41 from - data 2");
}

EXCHANGE(updated)
{
	pend();
	updates(c, 0, 2, "2");
	does(c, "noop pending");
	updates(c, 0, 2, "3");
	does(c, "noop pending");
	updates(c, 0, 2, "4");
	does(c, "noop pending");
	unpend();
	does(m, "noop call 0:0 code 2 flags 41 from - data 4");
	says(m, 0, 0);
	frees(m);
	does(m, "error 11");
	freezes(m, 0);
}

EXCHANGE(updated_in_the_order_of_the_newest)
{
	pend();
	updates(c, 0, 2, "2");
	updates(c, 0, 3, "3");
	updates(c, 0, 2, "4");
	does(c, "noop pending pending pending");
	unpend();
	does(m, "noop call 0:0 code 3 flags 41 from - data 3");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 4");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(not_updated_while_it_is_the_first)
{
	meet_frozen();
	freezes(m, 0);
	updates(c, 0, 2, "1");
	updates(c, 0, 2, "2");
	updates(c, 0, 2, "3");
	does(c, "noop pending pending pending");
	thaws(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 1");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 3");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(not_updated_by_others)
{
	struct actor *d;

	pend();
	d = actor("d");
	enters(d);
	updates(c, 0, 2, "2");
	does(c, "noop pending");
	/* Another code, other flags, and another sender. */
	updates(c, 0, 3, "3");
	tells(c, 0, 2, "4");
	sends(c, BC_TRANSACTION, 0, 2, TF_ONE_WAY | TF_UPDATE_TXN | TF_CLEAR_BUF, "5", 1, NULL, 0);
	does(c, "noop pending pending pending");
	updates(d, 0, 2, "6");
	does(d, "noop pending");
	unpend();
	does(m, "noop call 0:0 code 2 flags 41 from - data 2");
	frees(m);
	does(m, "noop call 0:0 code 3 flags 41 from - data 3");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 1 from - data 4");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 61 from - data 5");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 6");
	frees(m);
	does(m, "error 11");
}

EXCHANGE(not_updated_on_another_node)
{
	meet_frozen();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	freezes(c, 0);
	tells(m, 1, 1, "1");
	updates(m, 1, 2, "2");
	tells(m, 2, 1, "3");
	updates(m, 2, 2, "4");
	does(m, "noop pending pending pending pending");
	thaws(c);
	does(c, "noop call 100:101 code 1 flags 1 from - data 1");
	frees(c);
	does(c, "noop call 200:201 code 1 flags 1 from - data 3");
	frees(c);
	does(c, "noop call 100:101 code 2 flags 41 from - data 2");
	does(c, "noop call 200:201 code 2 flags 41 from - data 4");
}

EXCHANGE(not_updated_while_it_is_not_frozen)
{
	meet_frozen();
	tells(c, 0, 1, "1");
	updates(c, 0, 2, "2");
	updates(c, 0, 2, "3");
	does(c, "noop complete complete complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 2");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 3");
}

EXCHANGE(updated_from_before_the_freeze)
{
	meet_frozen();
	tells(c, 0, 1, "1");
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - data 1");
	freezes(m, 0);
	updates(c, 0, 2, "2");
	does(c, "noop pending");
	thaws(m);
	updates(c, 0, 2, "3");
	does(c, "noop complete");
	freezes(m, EAGAIN);
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 2");
	freezes(m, EAGAIN);
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 3");
	freezes(m, 0);
	updates(c, 0, 2, "4");
	updates(c, 0, 2, "5");
	does(c, "noop pending pending");
	frees(m);
	does(m, "noop call 0:0 code 2 flags 41 from - data 5");
}

EXCHANGE(updated_frees_its_memory)
{
	pend();
	for (int i = 0; i < 20; i++) {
		sends(c, BC_TRANSACTION, 0, 2, TF_ONE_WAY | TF_UPDATE_TXN, c->data, 8000, NULL, 0);
		does(c, "noop pending");
	}
}

EXCHANGE(updated_frees_its_objects)
{
	const struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .binder = 0x100, .cookie = 0x101 };
	const uint64_t at = 0;

	pend();
	sends(c, BC_TRANSACTION, 0, 2, TF_ONE_WAY | TF_UPDATE_TXN, &o, sizeof(o), &at, 1);
	does(c, "noop increfs 100:101 acquire 100:101 pending");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	updates(c, 0, 2, "x");
	does(c, "noop pending");
	does(c, "noop release 100:101 decrefs 100:101");
	unpend();
	does(m, "noop call 0:0 code 2 flags 41 from - data x");
}

/* ---- Who wants to know; newer kernels only ---- */

/* "m" has a handle, 1, of "c", and wants to know, with cookie 11, whether that is frozen: it is not. */
static void listen(void)
{
	meet_frozen();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	does(m, "noop frozen 11:0");
	does(m, "error 11");
}

static void knows(struct actor *a, uint64_t cookie)
{
	put32(a, KNOWS_FREEZE);
	put64(a, cookie);
}

/* A command that the driver refuses, and does not count as written. */
#define refuses(a)	does_(__FILE__, __LINE__, a, 0, false, "error 22 written 0")

EXCHANGE(told_of_a_freeze)
{
	listen();
	knows(m, 0x11);
	does(m, "error 11");
	freezes(c, 0);
	has_something(m);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	does(m, "error 11");
	thaws(c);
	does(m, "noop frozen 11:0");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_of_a_freeze_that_was)
{
	meet_frozen();
	gives(c, 0x100, 1);
	freezes(c, 0);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_of_a_freeze_of_the_manager)
{
	meet_frozen();
	counts(c, BC_ACQUIRE, 0);
	asks_for_death(c, ASKS_FOR_FREEZE, 0, 0x11);
	does(c, "noop frozen 11:0");
	knows(c, 0x11);
	freezes(m, 0);
	does(c, "noop frozen 11:1");
}

EXCHANGE(told_of_a_freeze_by_a_weak_handle)
{
	listen();
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_when_it_knows)
{
	listen();
	freezes(c, 0);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop frozen 11:1");
	thaws(c);
	freezes(c, 0);
	does(m, "error 11");
	/* Nothing is new, but something has changed. */
	knows(m, 0x11);
	does(m, "noop frozen 11:1");
	freezes(c, 0);
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_what_is_when_it_reads)
{
	meet_frozen();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	writes(m);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	writes(m);
	thaws(c);
	freezes(c, 0);
	thaws(c);
	does(m, "noop frozen 11:0");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_also_of_what_it_knows)
{
	listen();
	knows(m, 0x11);
	writes(m);
	thaws(c);
	does(m, "noop frozen 11:0");
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_of_no_freeze_that_fails)
{
	listen();
	knows(m, 0x11);
	tells(m, 1, 1, "x");
	does(m, "noop complete");
	freezes(c, EAGAIN);
	does(m, "error 11");
	does(c, "noop call 100:101 code 1 flags 1 from - data x");
	freezes(c, 0);
	tells(m, 1, 1, "y");
	does(m, "noop pending");
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	frees(c);
	writes(c);
	freezes(c, EAGAIN);
	/* It is not frozen any more, of which nobody is told. */
	does(m, "error 11");
	calls(m, 1, 2, "z");
	does(m, "error 11");
	thaws(c);
	does(m, "error 11");
	does(c, "noop call 100:101 code 1 flags 1 from - data y");
	does(c, "noop call 100:101 code 2 flags 10 from m data z");
	answers(c, "");
	does(c, "noop complete");
	does(m, "noop complete reply code 0 flags 0 from -");
	does(m, "noop frozen 11:0");
}

EXCHANGE(told_of_a_freeze_and_of_what_else_there_is)
{
	struct actor *d;

	listen();
	d = actor("d");
	enters(d);
	knows(m, 0x11);
	writes(m);
	tells(d, 0, 1, "before");
	does(d, "noop complete");
	freezes(c, 0);
	calls(d, 0, 2, "after");
	does(d, "error 11");
	does(m, "noop call 0:0 code 1 flags 1 from - data before");
	does(m, "noop frozen 11:1");
	does(m, "noop call 0:0 code 2 flags 10 from d data after");
}

EXCHANGE(told_of_freezes_by_several_nodes)
{
	meet_frozen();
	gives(c, 0x200, 1);
	gives(c, 0x100, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	does(m, "noop frozen 11:0");
	does(m, "noop frozen 22:0");
	knows(m, 0x22);
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	/* One at a time, in the order of the nodes. */
	does(m, "noop frozen 22:1");
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_of_freezes_with_the_same_cookie)
{
	meet_frozen();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x11);
	does(m, "noop frozen 11:0");
	does(m, "noop frozen 11:0");
	asks_for_death(m, CLEARS_FREEZE, 2, 0x11);
	knows(m, 0x11);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop freeze-cleared 11");
	knows(m, 0x11);
	refuses(m);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_of_freezes_of_several_processes)
{
	struct actor *d;

	listen();
	d = actor("d");
	enters(d);
	gives(d, 0x300, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	does(m, "noop frozen 22:0");
	knows(m, 0x11);
	knows(m, 0x22);
	freezes(d, 0);
	does(m, "noop frozen 22:1");
	does(m, "error 11");
	thaws(c);
	does(m, "noop frozen 11:0");
}

EXCHANGE(told_of_a_freeze_to_all)
{
	struct actor *a;

	listen();
	a = actor("a");
	enters(a);
	passes(1, a, 1);
	asks_for_death(a, ASKS_FOR_FREEZE, 1, 0x22);
	does(a, "noop frozen 22:0");
	knows(a, 0x22);
	writes(a);
	freezes(c, 0);
	does(a, "noop frozen 22:1");
	knows(m, 0x11);
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_of_a_freeze_of_all_files)
{
	struct actor *d;

	listen();
	d = opens_again(c, "d");
	enters(d);
	gives(d, 0x200, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	does(m, "noop frozen 22:0");
	knows(m, 0x11);
	knows(m, 0x22);
	writes(m);
	freezes(c, 0);
	does(m, "noop frozen 22:1");
	does(m, "noop frozen 11:1");
}

/* ---- Bad input ---- */

EXCHANGE(told_of_no_freeze_it_may_not_ask_for)
{
	listen();
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x22);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 0, 0x22);
	refuses(m);
	put32(m, BC_ENTER_LOOPER);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x22);
	does(m, "error 22 written 4");
}

EXCHANGE(told_of_no_freeze_it_did_not_ask_for)
{
	listen();
	asks_for_death(m, CLEARS_FREEZE, 1, 0x22);
	refuses(m);
	asks_for_death(m, CLEARS_FREEZE, 2, 0x11);
	refuses(m);
	asks_for_death(m, CLEARS_FREEZE, 0, 0x11);
	refuses(m);
	knows(m, 0x11);
	freezes(c, 0);
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_before_it_knows)
{
	meet_frozen();
	gives(c, 0x100, 1);
	knows(m, 0x11);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	writes(m);
	knows(m, 0x11);
	refuses(m);
	does(m, "noop frozen 11:0");
	knows(m, 0x12);
	refuses(m);
	knows(m, 0x11);
	writes(m);
	knows(m, 0x11);
	refuses(m);
}

/* ---- It does not want to know any more ---- */

EXCHANGE(told_that_it_cleared)
{
	listen();
	knows(m, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	does(m, "noop freeze-cleared 11");
	freezes(c, 0);
	does(m, "error 11");
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	refuses(m);
	knows(m, 0x11);
	refuses(m);
}

EXCHANGE(told_that_it_cleared_before_it_read)
{
	meet_frozen();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	writes(m);
	freezes(c, 0);
	does(m, "noop freeze-cleared 11");
	does(m, "error 11");
}

EXCHANGE(told_that_it_cleared_when_it_knows)
{
	listen();
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	does(m, "error 11");
	freezes(c, 0);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop freeze-cleared 11");
	knows(m, 0x11);
	refuses(m);
}

EXCHANGE(told_that_it_cleared_what_had_changed)
{
	listen();
	freezes(c, 0);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	knows(m, 0x11);
	does(m, "noop freeze-cleared 11");
	does(m, "error 11");
}

EXCHANGE(told_that_it_cleared_and_asked_again)
{
	listen();
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	does(m, "noop frozen 11:0");
	freezes(c, 0);
	/* The older one is known first. */
	knows(m, 0x11);
	does(m, "noop freeze-cleared 11");
	knows(m, 0x11);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_several_that_are_cleared)
{
	listen();
	gives(c, 0x200, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	does(m, "noop frozen 22:0");
	knows(m, 0x11);
	knows(m, 0x22);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 2, 0x22);
	does(m, "noop freeze-cleared 11 freeze-cleared 22");
}

/* ---- Who is frozen dies ---- */

EXCHANGE(told_of_a_freeze_of_the_dead)
{
	listen();
	asks_for_death(m, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	knows(m, 0x11);
	freezes(c, 0);
	writes(m);
	dies(c);
	does(m, "noop frozen 11:1");
	does(m, "noop dead 11");
	put32(m, BC_DEAD_BINDER_DONE);
	put64(m, 0x11);
	knows(m, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	asks_for_death(m, BC_CLEAR_DEATH_NOTIFICATION, 1, 0x11);
	does(m, "noop cleared 11");
	does(m, "noop freeze-cleared 11");
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
}

EXCHANGE(told_of_no_freeze_of_the_dead)
{
	meet_frozen();
	gives(c, 0x100, 1);
	freezes(c, 0);
	dies(c);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	does(m, "error 11");
	knows(m, 0x11);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x22);
	refuses(m);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	does(m, "noop freeze-cleared 11");
}

EXCHANGE(told_of_a_freeze_when_it_is_dead)
{
	listen();
	freezes(c, 0);
	dies(c);
	does(m, "error 11");
	knows(m, 0x11);
	does(m, "noop frozen 11:1");
	knows(m, 0x11);
	does(m, "error 11");
}

EXCHANGE(told_of_a_freeze_and_a_death_with_one_cookie)
{
	listen();
	asks_for_death(m, BC_REQUEST_DEATH_NOTIFICATION, 1, 0x11);
	writes(m);
	dies(c);
	does(m, "noop dead 11");
	/* Each has its own answer. */
	knows(m, 0x11);
	asks_for_death(m, BC_CLEAR_DEATH_NOTIFICATION, 1, 0x11);
	does(m, "error 11");
	put32(m, BC_DEAD_BINDER_DONE);
	put64(m, 0x11);
	does(m, "noop cleared 11");
	knows(m, 0x11);
	refuses(m);
}

/* ---- The handle goes ---- */

EXCHANGE(told_of_no_freeze_without_a_handle)
{
	meet_frozen();
	gives(c, 0x100, 1);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
	freezes(c, 0);
	does(m, "error 11");
}

EXCHANGE(told_of_a_freeze_before_the_handle_goes)
{
	listen();
	freezes(c, 0);
	counts(m, BC_RELEASE, 1);
	writes(m);
	knows(m, 0x11);
	refuses(m);
	thaws(c);
	does(m, "error 11");
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(told_that_it_cleared_without_a_handle)
{
	listen();
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	counts(m, BC_RELEASE, 1);
	freezes(f, 0);
	knows(m, 0x11);
	does(m, "noop freeze-cleared 11");
}

EXCHANGE(told_that_it_cleared_before_the_handle_goes)
{
	listen();
	knows(m, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	counts(m, BC_RELEASE, 1);
	does(m, "noop freeze-cleared 11");
}

EXCHANGE(told_of_a_freeze_with_a_new_handle)
{
	listen();
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101");
	gives(c, 0x100, 1);
	knows(m, 0x11);
	refuses(m);
	asks_for_death(m, ASKS_FOR_FREEZE, 1, 0x11);
	does(m, "noop frozen 11:0");
}

/* ---- Who wants to know dies ---- */

EXCHANGE(told_and_dead)
{
	listen();
	dies(m);
	freezes(c, 0);
	thaws(c);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(told_again_and_dead)
{
	listen();
	freezes(c, 0);
	dies(m);
	thaws(c);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(not_yet_told_and_dead)
{
	listen();
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	dies(m);
	thaws(c);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(not_yet_told_that_it_cleared_and_dead)
{
	struct actor *d;

	listen();
	d = actor("d");
	enters(d);
	gives(d, 0x300, 2);
	asks_for_death(m, ASKS_FOR_FREEZE, 2, 0x22);
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	asks_for_death(m, CLEARS_FREEZE, 2, 0x22);
	writes(m);
	freezes(c, 0);
	dies(m);
	thaws(c);
	does(c, "noop release 100:101 decrefs 100:101");
	does(d, "noop release 300:301 decrefs 300:301");
}

/* ---- Threads ---- */

EXCHANGE(told_any_thread_of_a_freeze)
{
	struct actor *t;

	listen();
	t = thread(m, "t");
	enters(t);
	knows(t, 0x11);
	writes(t);
	freezes(c, 0);
	does(t, "noop frozen 11:1");
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	knows(m, 0x11);
	writes(m);
	does(t, "noop freeze-cleared 11");
}

EXCHANGE(told_a_sleeper_of_a_freeze)
{
	struct actor *t;

	listen();
	t = thread(m, "t");
	enters(t);
	knows(m, 0x11);
	writes(m);
	sleeps(t);
	freezes(c, 0);
	wakes(t, "noop frozen 11:1");
	thaws(c);
	sleeps(t);
	knows(m, 0x11);
	writes(m);
	wakes(t, "noop frozen 11:0");
	asks_for_death(m, CLEARS_FREEZE, 1, 0x11);
	writes(m);
	sleeps(t);
	knows(m, 0x11);
	writes(m);
	wakes(t, "noop freeze-cleared 11");
}

EXCHANGE(told_others_when_a_thread_exits)
{
	struct actor *t;
	int32_t zero = 0;

	listen();
	t = thread(m, "t");
	enters(t);
	knows(t, 0x11);
	writes(t);
	freezes(c, 0);
	asks_for_death(t, CLEARS_FREEZE, 1, 0x11);
	writes(t);
	controls(t, BINDER_THREAD_EXIT, &zero, 0);
	does(m, "noop freeze-cleared 11");
}

EXCHANGE(told_no_thread_that_waits_for_an_answer)
{
	struct actor *t, *d;

	listen();
	d = actor("d");
	enters(d);
	gives(d, 0x300, 2);
	t = thread(m, "t");
	enters(t);
	calls(t, 2, 1, "x");
	does(t, "error 11");
	knows(m, 0x11);
	writes(m);
	freezes(c, 0);
	does(t, "error 11");
	does(m, "noop frozen 11:1");
}

EXCHANGE(told_of_a_freeze_with_little_room)
{
	listen();
	freezes(c, 0);
	knows(m, 0x11);
	does_in(m, 4, "noop");
	does_in(m, 75, "noop");
	does_in(m, 80, "noop frozen 11:1");
}
