// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What clients do in the CVEs of tests/cve, and that it does no harm. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "exchanges.h"
#include "steps.h"

/* What BINDER_GET_NODE_INFO_FOR_REF says of a handle of the manager's. */
static void counted(uint32_t handle, uint32_t strong, uint32_t weak)
{
	struct binder_node_info_for_ref i = { .handle = handle };

	controls(m, BINDER_GET_NODE_INFO_FOR_REF, &i, 0);
	expect(m, strong, i.strong_count);
	expect(m, weak, i.weak_count);
}

/* "c" sends an object, and its offset is followed by one byte: a size that is none. */
static void sends_with_one_byte_more(uint32_t handle, uint32_t type, uint64_t value)
{
	struct flat_binder_object o = { .hdr.type = type };
	struct binder_transaction_data d = { .target.handle = handle, .flags = TF_ONE_WAY, .data_size = sizeof(o), .offsets_size = 9 };

	o.binder = value;
	o.cookie = value + 1;
	d.data.ptr.buffer = (uintptr_t)memcpy(room(c, sizeof(o)), &o, sizeof(o));
	d.data.ptr.offsets = (uintptr_t)memset(room(c, 16), 0, 16);
	put32(c, BC_TRANSACTION);
	put_bytes(c, &d, sizeof(d));
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}

/* "c" calls a node of "s", as the handle that it has it by. */
static void reaches(struct actor *s, uint32_t handle)
{
	tells(c, handle, 1, "x");
	does(c, "noop complete");
	does(s, "noop call 100:101 code 1 flags 1 from - data x");
	frees(s);
	writes(s);
}

EXCHANGE(cve_2020_0041)
{
	struct {
		uint64_t word;
		struct binder_buffer_object o[3];
	} d = { 0 };
	const uint64_t at[] = { 8, 8 + sizeof(d.o[0]), 8 + 2 * sizeof(d.o[0]) };

	meet();
	for (uint64_t parent = 1; parent < 64; parent++) {
		for (int i = 0; i < 3; i++) {
			d.o[i].hdr.type = BINDER_TYPE_PTR;
			d.o[i].buffer = (uintptr_t)memset(room(c, 16), 'x', 16);
			d.o[i].length = 16;
		}
		/* The parent of the second one is not done yet, or is none. */
		d.o[1].flags = BINDER_BUFFER_FLAG_HAS_PARENT;
		d.o[1].parent = parent;
		sends(c, BC_TRANSACTION_SG, 0, 1, TF_ONE_WAY, &d, sizeof(d), at, 3);
		put64(c, 48);
		does(c, "noop failed-reply");
		has_failed(c, BR_FAILED_REPLY, EINVAL);
	}
	d.o[1].parent = 0;
	d.o[0].buffer = d.o[1].buffer = d.o[2].buffer = (uintptr_t)memset(room(c, 16), '@', 16);
	sends(c, BC_TRANSACTION_SG, 0, 1, TF_ONE_WAY, &d, sizeof(d), at, 3);
	put64(c, 48);
	does(c, "noop complete");
	reads(m);
}

EXCHANGE(cve_2023_20938)
{
	struct actor *s;

	meet();
	s = actor("s");
	enters(s);
	gives(s, 0x100, 1);
	passes(1, c, 1);
	/* The address of a node of the receiver's, by who has a handle of it. */
	for (int i = 0; i < 8; i++)
		sends_with_one_byte_more(1, BINDER_TYPE_BINDER, 0x100);
	/* And a handle of the receiver's. */
	for (int i = 0; i < 8; i++)
		sends_with_one_byte_more(0, BINDER_TYPE_HANDLE, 1);
	counted(1, 2, 0);
	reaches(s, 1);
}

EXCHANGE(cve_2023_21255)
{
	meet();
	gives(c, 0x100, 1);
	send_object(c, BC_TRANSACTION, 0, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(c, "error 11");
	does(m, "noop call 0:0 code 0 flags 0 from c handle 1:0");
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	frees(c);
	writes(c);
	/* In the same memory, where the object of the first call still is. */
	for (int i = 0; i < 8; i++)
		sends_with_one_byte_more(0, BINDER_TYPE_BINDER, 0x100);
	counted(1, 1, 0);
	tells(m, 1, 1, "x");
	does(m, "noop complete");
	does(c, "noop call 100:101 code 1 flags 1 from - data x");
}

EXCHANGE(cve_2024_26606)
{
	meet();
	/* From here on epoll refers to the thread. */
	has_nothing(c);
	tells(c, 0, 1, "x");
	writes(c);
	waits(c);
	does(c, "noop complete");
}

EXCHANGE(cve_2024_46740)
{
	/* What is behind the data, and would be copied over the offsets: the place of an object in the data. */
	uint64_t d[16] = { 0 };
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER };
	const uint64_t at[] = { 0, 9 * sizeof(d[0]) };

	meet();
	gives(c, 0x100, 1);
	o.binder = 0x200;
	o.cookie = 0x201;
	memcpy(d, &o, sizeof(o));
	/* In the receiver's eyes: its handle of the node of the sender. */
	o.hdr.type = BINDER_TYPE_HANDLE;
	o.binder = 1;
	o.cookie = 0;
	memcpy(d + 3, &o, sizeof(o));
	d[6] = 3 * sizeof(d[0]);
	for (int i = 0; i < 8; i++) {
		struct binder_transaction_data t = { .flags = TF_ONE_WAY, .data_size = 6 * sizeof(d[0]), .offsets_size = sizeof(at) };

		t.data.ptr.buffer = (uintptr_t)memcpy(room(c, sizeof(d)), d, sizeof(d));
		t.data.ptr.offsets = (uintptr_t)memcpy(room(c, sizeof(at)), at, sizeof(at));
		put32(c, BC_TRANSACTION);
		put_bytes(c, &t, sizeof(t));
		does(c, "noop failed-reply");
		has_failed(c, BR_FAILED_REPLY, EFAULT);
	}
	counted(1, 1, 0);
	tells(m, 1, 1, "x");
	does(m, "noop complete");
	does(c, "noop call 100:101 code 1 flags 1 from - data x");
}

EXCHANGE(cve_2026_98778)
{
	struct {
		uint64_t word;
		struct binder_buffer_object bytes;
		struct binder_fd_array_object files;
	} d = { 0 };
	const uint64_t at[] = { offsetof(__typeof__(d), bytes), offsetof(__typeof__(d), files) };
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	struct binder_freeze_info freeze = { .enable = 1 };
	const uint32_t fd = 2;

	m = actor("m");
	c = actor("c");
	controls(m, BINDER_SET_CONTEXT_MGR_EXT, &o, 0);
	enters(m);
	enters(c);
	freeze.pid = m->pid;
	controls(actor_unmapped("f"), BINDER_FREEZE, &freeze, 0);
	tells(c, 0, 1, "x");
	does(c, "noop pending");
	for (int i = 0; i < 2; i++) {
		d.bytes.hdr.type = BINDER_TYPE_PTR;
		d.bytes.buffer = (uintptr_t)memcpy(room(c, 8), &fd, sizeof(fd));
		d.bytes.length = 8;
		d.files.hdr.type = BINDER_TYPE_FDA;
		d.files.num_fds = 1;
		sends(c, BC_TRANSACTION_SG, 0, 2, TF_ONE_WAY | TF_UPDATE_TXN, &d, sizeof(d), at, 2);
		put64(c, 8);
		does(c, "noop pending");
	}
	/* What the first one carried is the sender's still. */
	c->files[0] = fd;
	c->files_count = 1;
	files_are(c, " open");
}

/* A buffer has a handle by its number only: what becomes of it if that number is another node's? */
EXCHANGE(a_buffer_frees_the_handle_of_another_node)
{
	uint64_t first;

	meet();
	for (uint64_t ptr = 0x100; ptr <= 0x200; ptr += 0x100) {
		const struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .binder = ptr, .cookie = ptr + 1 };
		const uint64_t at = 0;

		sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, &o, sizeof(o), &at, 1);
		reads(c);
	}
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0");
	first = m->buffer;
	/* The one that the buffer has. */
	counts(m, BC_RELEASE, 1);
	frees_at(m, 0);
	writes(m);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_BINDER, 0x300, 0x301);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c handle 1:0");
	counts(m, BC_ACQUIRE, 1);
	writes(m);
	counted(1, 1, 0);
	frees_at(m, first);
	frees(m);
	writes(m);
	/* Nothing is left of the one that the process had itself. */
	tells(m, 1, 2, "x");
	does(m, "noop failed-reply");
}
