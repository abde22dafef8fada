// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Nodes and handles: their numbers, their counts, and what their owners are told. */
#include <errno.h>
#include <stdio.h>

#include "exchanges.h"
#include "steps.h"

static struct flat_binder_object object(uint32_t type, uint64_t value, uint64_t cookie)
{
	struct flat_binder_object o = { .hdr.type = type, .cookie = cookie };

	o.binder = value;
	return o;
}

/* One-way, with an object. */
static void tells_object(struct actor *a, uint32_t handle, uint32_t type, uint64_t value,
			 uint64_t cookie)
{
	const struct flat_binder_object o = object(type, value, cookie);
	const uint64_t at = 0;

	sends(a, BC_TRANSACTION, handle, 0, TF_ONE_WAY, &o, sizeof(o), &at, 1);
}

/* What BINDER_GET_NODE_INFO_FOR_REF says. */
static void counted(struct actor *a, uint32_t handle, uint32_t strong, uint32_t weak)
{
	struct binder_node_info_for_ref i = { .handle = handle };

	controls(a, BINDER_GET_NODE_INFO_FOR_REF, &i, 0);
	expect(a, strong, i.strong_count);
	expect(a, weak, i.weak_count);
}

/* The first node of a process behind an address, and whether it was told of references. */
static void next_node(struct actor *a, uint64_t behind, uint64_t ptr, uint64_t cookie,
		      uint32_t strong, uint32_t weak)
{
	struct binder_node_debug_info i = { .ptr = behind };

	controls(a, BINDER_GET_NODE_DEBUG_INFO, &i, 0);
	expect(a, ptr, i.ptr);
	expect(a, cookie, i.cookie);
	expect(a, strong, i.has_strong_ref);
	expect(a, weak, i.has_weak_ref);
}

/* A handle that can be called, or not. */
static void reaches(struct actor *a, uint32_t handle, const char *what)
{
	tells(a, handle, 0, "");
	does(a, what);
}

/* ---- Numbers ---- */

EXCHANGE(handles_are_numbered)
{
	meet();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	gives(c, 0x300, 3);
	counts(m, BC_RELEASE, 2);
	does(m, "error 11");
	does(c, "noop release 200:201 decrefs 200:201");
	gives(c, 0x400, 2);
	gives(c, 0x500, 4);
	counts(m, BC_RELEASE, 1);
	counts(m, BC_RELEASE, 3);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101 release 300:301 decrefs 300:301");
	gives(c, 0x600, 1);
	gives(c, 0x700, 3);
}

EXCHANGE(a_node_has_one_handle)
{
	meet();
	gives(c, 0x100, 1);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	frees(m);
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_node_with_another_cookie)
{
	meet();
	gives(c, 0x100, 1);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x999);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	does(m, "error 11");
	counted(m, 1, 1, 0);
}

EXCHANGE(a_node_is_forgotten_before_it_was_told)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	writes(c);
	next_node(c, 0, 0x100, 0x101, 0, 0);
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	frees(m);
	does(m, "error 11");
	next_node(c, 0, 0, 0, 0, 0);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x999);
	does(c, "noop complete increfs 100:999 acquire 100:999 complete");
}

EXCHANGE(a_call_that_fails_tells_of_no_node)
{
	const struct flat_binder_object o[] = {
		object(BINDER_TYPE_BINDER, 0x100, 0x101), object(BINDER_TYPE_HANDLE, 77, 0),
	};
	const uint64_t at[] = { 0, sizeof(o[0]) };

	meet();
	sends(c, BC_TRANSACTION, 0, 0, 0, o, sizeof(o), at, 2);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	next_node(c, 0, 0, 0, 0, 0);
	does(m, "error 11");
	gives(c, 0x200, 1);
}

/* ---- Strong and weak ---- */

EXCHANGE(a_weak_handle)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	writes(c);
	does(m, "noop call 0:0 code 0 flags 1 from - weak-handle 1:0");
	reaches(m, 1, "noop failed-reply");
	has_failed(m, BR_FAILED_REPLY, EINVAL);
	counts(m, BC_ACQUIRE, 1);
	counts(m, BC_INCREFS, 1);
	frees(m);
	does(m, "error 11");
	reaches(m, 1, "noop failed-reply");
	does(c, "error 11");
	counts(m, BC_DECREFS, 1);
	writes(m);
	does(c, "noop decrefs 100:101");
	next_node(c, 0, 0, 0, 0, 0);
}

EXCHANGE(a_weak_handle_becomes_strong)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	does(m, "noop call 0:0 code 0 flags 1 from - weak-handle 1:0");
	counts(m, BC_INCREFS, 1);
	frees(m);
	writes(m);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	counts(m, BC_ACQUIRE, 1);
	frees(m);
	writes(m);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "error 11");
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101");
	counts(m, BC_ACQUIRE, 1);
	counts(m, BC_DECREFS, 1);
	writes(m);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(strong_again_by_its_owner)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101");
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop acquire 100:101 complete");
}

EXCHANGE(a_weak_handle_is_not_sent_as_a_strong_one)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x200, 1);
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - weak-handle 2:0");
	tells_object(m, 1, BINDER_TYPE_HANDLE, 2, 0);
	does(m, "noop failed-reply");
	has_failed(m, BR_FAILED_REPLY, EINVAL);
	tells_object(m, 1, BINDER_TYPE_WEAK_HANDLE, 2, 0);
	does(m, "noop complete");
	does(a, "noop call 200:201 code 0 flags 1 from - weak-handle 1:0");
}

EXCHANGE(a_strong_handle_is_sent_as_a_weak_one)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x200, 1);
	gives(c, 0x100, 2);
	tells_object(m, 1, BINDER_TYPE_WEAK_HANDLE, 2, 0);
	does(m, "noop complete");
	does(a, "noop call 200:201 code 0 flags 1 from - weak-handle 1:0");
	counts(m, BC_RELEASE, 2);
	writes(m);
	does(c, "noop release 100:101");
	frees(a);
	does(a, "error 11");
	does(c, "noop decrefs 100:101");
}

EXCHANGE(a_weak_handle_goes_home)
{
	meet();
	gives(c, 0x100, 1);
	tells_object(m, 1, BINDER_TYPE_WEAK_HANDLE, 1, 0);
	does(m, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from - weak-binder 100:101");
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "error 11");
	frees(c);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_handle_goes_home_and_is_held_there)
{
	meet();
	gives(c, 0x100, 1);
	tells_object(m, 1, BINDER_TYPE_HANDLE, 1, 0x77);
	does(m, "noop complete");
	counted(m, 1, 3, 0);
	does(c, "noop call 100:101 code 0 flags 1 from - binder 100:101");
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "error 11");
	frees(c);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(an_unknown_handle_is_sent)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_HANDLE, 3, 0);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	tells_object(c, 0, BINDER_TYPE_WEAK_HANDLE, 3, 0);
	does(c, "noop failed-reply");
	tells_object(c, 0, BINDER_TYPE_HANDLE, 0, 0);
	does(c, "noop failed-reply");
}

EXCHANGE(both_kinds_in_one_buffer)
{
	const struct flat_binder_object o[] = {
		object(BINDER_TYPE_WEAK_BINDER, 0x100, 0x101),
		object(BINDER_TYPE_BINDER, 0x100, 0x101),
		object(BINDER_TYPE_BINDER, 0x100, 0x101),
		object(BINDER_TYPE_BINDER, 0x200, 0x201),
	};
	const uint64_t at[] = { 0, 24, 48, 72 };

	meet();
	sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, o, sizeof(o), at, 4);
	does(c, "noop increfs 100:101 acquire 100:101 increfs 200:201 acquire 200:201 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(m, "noop call 0:0 code 0 flags 1 from - "
		"weak-handle 1:0 handle 1:0 handle 1:0 handle 2:0");
	counts(m, BC_INCREFS, 1);
	frees(m);
	writes(m);
	does(c, "noop release 100:101");
	reaches(m, 1, "noop failed-reply");
	reaches(m, 2, "noop failed-reply");
}

/* ---- Counts ---- */

EXCHANGE(a_buffer_holds_its_handles)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	writes(c);
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	calls(m, 1, 1, "x");
	does(m, "error 11");
	does(c, "noop call 100:101 code 1 flags 10 from m data x");
	frees(m);
	writes(m);
	does(c, "error 11");
	frees(c);
	answers(c, "");
	does(c, "noop complete");
	does(c, "noop release 100:101 decrefs 100:101");
	does(m, "noop complete reply code 0 flags 0 from -");
	reaches(m, 1, "noop failed-reply");
}

EXCHANGE(a_process_takes_what_its_buffer_holds)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
	does(c, "noop release 100:101 decrefs 100:101");
	frees(m);
	does(m, "error 11");
	gives(c, 0x200, 1);
}

EXCHANGE(counts_up_and_down)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_ACQUIRE, 1);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	counts(m, BC_RELEASE, 1);
	does(m, "error 11");
	reaches(m, 1, "noop failed-reply");
	does(c, "noop release 100:101");
	counts(m, BC_INCREFS, 1);
	counts(m, BC_DECREFS, 1);
	writes(m);
	does(c, "error 11");
	counts(m, BC_DECREFS, 1);
	writes(m);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(counts_weak_first)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_DECREFS, 1);
	counts(m, BC_DECREFS, 1);
	does(m, "error 11");
	does(c, "error 11");
	counted(m, 1, 1, 0);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(counts_below_zero)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_DECREFS, 1);
	does(m, "error 11");
	reaches(m, 1, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from -");
	frees(c);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101");
	counts(m, BC_DECREFS, 1);
	counts(m, BC_DECREFS, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(counts_of_unknown_handles)
{
	meet();
	counts(c, BC_ACQUIRE, 5);
	counts(c, BC_INCREFS, 5);
	counts(c, BC_RELEASE, 5);
	counts(c, BC_DECREFS, 5);
	counts(c, BC_RELEASE, 0);
	counts(c, BC_DECREFS, 0);
	does(c, "error 11");
	gives(c, 0x100, 1);
}

EXCHANGE(counts_are_said_to_the_manager)
{
	struct binder_node_info_for_ref i = { .handle = 1 };

	meet();
	gives(c, 0x100, 1);
	counted(m, 1, 1, 0);
	counts(m, BC_ACQUIRE, 1);
	counts(m, BC_INCREFS, 1);
	writes(m);
	counted(m, 1, 1, 0);
	tells(m, 1, 0, "");
	does(m, "noop complete");
	counted(m, 1, 2, 0);
	controls(c, BINDER_GET_NODE_INFO_FOR_REF, &i, EPERM);
	i.handle = 2;
	controls(m, BINDER_GET_NODE_INFO_FOR_REF, &i, EINVAL);
	i = (struct binder_node_info_for_ref){ .handle = 1, .weak_count = 1 };
	controls(m, BINDER_GET_NODE_INFO_FOR_REF, &i, EINVAL);
	i = (struct binder_node_info_for_ref){ .handle = 1, .reserved3 = 1 };
	controls(m, BINDER_GET_NODE_INFO_FOR_REF, &i, EINVAL);
}

EXCHANGE(counts_that_are_not_acknowledged)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(m, "error 11");
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	counted(m, 1, 2, 1);
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	writes(c);
	counted(m, 1, 2, 0);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	writes(c);
	counted(m, 1, 1, 0);
}

EXCHANGE(counts_of_weak_handles)
{
	struct binder_node_info_for_ref i = { .handle = 1 };

	meet();
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - weak-handle 1:0");
	controls(m, BINDER_GET_NODE_INFO_FOR_REF, &i, EINVAL);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop acquire 100:101 complete");
	counted(m, 1, 2, 1);
}

/* ---- Answers of the owner ---- */

EXCHANGE(released_before_it_is_acknowledged)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	frees(m);
	writes(m);
	does(c, "error 11");
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "noop release 100:101");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(released_and_acknowledged_at_once)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	frees(m);
	writes(m);
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "noop release 100:101 decrefs 100:101");
	next_node(c, 0, 0, 0, 0, 0);
}

EXCHANGE(acknowledged_wrongly)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	frees(m);
	writes(m);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x999);
	acknowledges(c, BC_ACQUIRE_DONE, 0x999, 0x101);
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x999);
	does(c, "error 11");
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "noop release 100:101");
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(c, "error 11");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(acquired_again_before_it_is_read)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	next_node(c, 0, 0x100, 0x101, 1, 1);
	frees(m);
	writes(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_thread_exits_before_it_is_told)
{
	int32_t zero = 0;

	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	writes(c);
	controls(c, BINDER_THREAD_EXIT, &zero, 0);
	does(c, "noop");
	does(c, "error 11");
	next_node(c, 0, 0x100, 0x101, 0, 0);
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	reaches(m, 1, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from -");
	frees(c);
	writes(c);
	frees(m);
	writes(m);
	does(c, "error 11");
	next_node(c, 0, 0, 0, 0, 0);
}

EXCHANGE(a_thread_is_told_of_its_own_nodes)
{
	struct actor *t;

	meet();
	t = thread(c, "t");
	enters(t);
	tells_object(t, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	writes(t);
	does(c, "error 11");
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop complete");
	does(t, "noop increfs 100:101 acquire 100:101 complete");
}

EXCHANGE(a_thread_takes_over_a_weak_node)
{
	struct actor *t;

	meet();
	t = thread(c, "t");
	enters(t);
	tells_object(t, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	writes(t);
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x100, 0x101);
	does(c, "noop complete");
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(t, "noop complete");
}

/* ---- Several holders ---- */

EXCHANGE(two_holders)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(c, 0x100, 1);
	passes(1, a, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "error 11");
	reaches(a, 1, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from -");
	frees(c);
	writes(c);
	counts(a, BC_RELEASE, 1);
	writes(a);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(holders_die)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(c, 0x100, 1);
	passes(1, a, 1);
	dies(a);
	does(c, "error 11");
	dies(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_holder_dies_with_weak_handles)
{
	meet();
	gives(c, 0x100, 1);
	counts(m, BC_INCREFS, 1);
	counts(m, BC_RELEASE, 1);
	writes(m);
	does(c, "noop release 100:101");
	dies(m);
	does(c, "noop decrefs 100:101");
}

EXCHANGE(a_holder_dies_with_a_buffer)
{
	meet();
	tells_object(c, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	acknowledges(c, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(c, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	dies(m);
	does(c, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(a_handle_of_the_dead)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x200, 1);
	gives(c, 0x100, 2);
	dies(c);
	reaches(m, 2, "noop dead-reply");
	counts(m, BC_ACQUIRE, 2);
	counts(m, BC_INCREFS, 2);
	counts(m, BC_RELEASE, 2);
	counts(m, BC_DECREFS, 2);
	writes(m);
	reaches(m, 2, "noop dead-reply");
	counted(m, 2, 1, 0);
	tells_object(m, 1, BINDER_TYPE_HANDLE, 2, 0);
	does(m, "noop complete");
	does(a, "noop call 200:201 code 0 flags 1 from - handle 1:0");
	reaches(a, 1, "noop dead-reply");
	counts(m, BC_RELEASE, 2);
	writes(m);
	reaches(m, 2, "noop failed-reply");
	frees(a);
	writes(a);
	reaches(a, 1, "noop failed-reply");
}

EXCHANGE(nodes_of_a_process)
{
	meet();
	gives(c, 0x300, 1);
	gives(c, 0x100, 2);
	tells_object(c, 0, BINDER_TYPE_WEAK_BINDER, 0x200, 0x201);
	does(c, "noop increfs 200:201 complete");
	next_node(c, 0, 0x100, 0x101, 1, 1);
	next_node(c, 0xff, 0x100, 0x101, 1, 1);
	next_node(c, 0x100, 0x200, 0x201, 0, 1);
	next_node(c, 0x200, 0x300, 0x301, 1, 1);
	next_node(c, 0x300, 0, 0, 0, 0);
	next_node(c, ~0ull, 0, 0, 0, 0);
	next_node(m, 0, 0, 0, 0, 0);
}

EXCHANGE(what_a_buffer_releases_first)
{
	meet();
	gives(c, 0x100, 1);
	gives(c, 0x200, 2);
	tells_object(m, 1, BINDER_TYPE_HANDLE, 2, 0);
	does(m, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from - binder 200:201");
	counts(m, BC_RELEASE, 1);
	counts(m, BC_RELEASE, 2);
	does(m, "error 11");
	frees(c);
	does(c, "noop release 100:101 decrefs 100:101 release 200:201 decrefs 200:201");
}

/* ---- The manager ---- */

EXCHANGE(handle_zero)
{
	meet();
	counts(c, BC_RELEASE, 0);
	counts(c, BC_INCREFS, 0);
	counts(c, BC_ACQUIRE, 0);
	counts(c, BC_DECREFS, 0);
	does(c, "error 11");
	reaches(c, 0, "noop complete");
	tells_object(c, 0, BINDER_TYPE_HANDLE, 0, 0);
	does(c, "noop complete");
	does(m, "noop call 0:0 code 0 flags 1 from -");
	frees(m);
	does(m, "noop call 0:0 code 0 flags 1 from - binder 0:0");
	counts(c, BC_RELEASE, 0);
	does(c, "error 11");
	reaches(c, 0, "noop complete");
}

EXCHANGE(handle_zero_of_the_manager)
{
	meet();
	counts(m, BC_ACQUIRE, 0);
	does(m, "error 22 written 0");
	counts(m, BC_INCREFS, 0);
	does(m, "error 22 written 0");
	counts(m, BC_RELEASE, 0);
	does(m, "error 11");
}

EXCHANGE(handle_zero_of_nobody)
{
	c = actor("c");
	enters(c);
	counts(c, BC_ACQUIRE, 0);
	counts(c, BC_INCREFS, 0);
	counts(c, BC_RELEASE, 0);
	does(c, "error 11");
	reaches(c, 0, "noop dead-reply");
	m = actor("m");
	enters(m);
	manages(m);
	reaches(c, 0, "noop complete");
}

EXCHANGE(the_manager_sends_itself)
{
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x100, 1);
	passes(1, c, 1);
	tells_object(m, 1, BINDER_TYPE_BINDER, 0, 0);
	does(m, "noop complete");
	does(a, "noop call 100:101 code 0 flags 1 from - handle 0:0");
	tells_object(a, 0, BINDER_TYPE_HANDLE, 0, 0);
	does(a, "noop complete");
	does(m, "noop call 0:0 code 0 flags 1 from - binder 0:0");
}

EXCHANGE(the_next_manager)
{
	struct actor *n;

	meet();
	n = actor("n");
	enters(n);
	counts(c, BC_ACQUIRE, 0);
	does(c, "error 11");
	dies(m);
	reaches(c, 0, "noop dead-reply");
	manages(n);
	reaches(c, 0, "noop complete");
	does(n, "noop call 0:0 code 0 flags 1 from -");
	frees(n);
	writes(n);
	/* Handle 0 is still that of the first. */
	counts(c, BC_ACQUIRE, 0);
	does(c, "error 11");
	reaches(c, 1, "noop complete");
	does(n, "noop call 0:0 code 0 flags 1 from -");
	counts(c, BC_RELEASE, 0);
	counts(c, BC_RELEASE, 1);
	counts(c, BC_ACQUIRE, 0);
	does(c, "error 11");
	reaches(c, 1, "noop failed-reply");
}

EXCHANGE(the_handle_of_a_dead_manager_is_passed_on)
{
	struct actor *n;

	meet();
	n = actor("n");
	enters(n);
	gives(c, 0x100, 1);
	passes(1, n, 1);
	counts(n, BC_ACQUIRE, 0);
	does(n, "error 11");
	dies(m);
	tells_object(n, 1, BINDER_TYPE_HANDLE, 0, 0);
	does(n, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from - handle 1:0");
	reaches(c, 1, "noop dead-reply");
}

EXCHANGE(a_known_node_becomes_the_manager)
{
	struct flat_binder_object o = object(BINDER_TYPE_BINDER, 0x100, 0x999);
	struct actor *n;

	meet();
	n = actor("n");
	enters(n);
	gives(n, 0x200, 1);
	gives(c, 0x100, 2);
	passes(2, n, 1);
	dies(m);
	does(n, "noop release 200:201 decrefs 200:201");
	controls(c, BINDER_SET_CONTEXT_MGR_EXT, &o, 0);
	reaches(n, 0, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from -");
	frees(c);
	writes(c);
	counts(n, BC_RELEASE, 1);
	does(n, "error 11");
	does(c, "error 11");
	next_node(c, 0, 0x100, 0x101, 1, 1);
	counts(n, BC_ACQUIRE, 0);
	does(n, "error 11");
	reaches(n, 1, "noop failed-reply");
	reaches(n, 0, "noop complete");
}
