// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Buffers, and what may be in them. */
#include <errno.h>
#include <string.h>

#include "ends.h"
#include "exchanges.h"
#include "steps.h"

static uint8_t bytes[8000];

/* A call with a number of bytes that is answered; its buffer stays.  Where that is. */
static uint64_t keeps(size_t size)
{
	sends(c, BC_TRANSACTION, 0, 0, 0, bytes, size, NULL, 0);
	does(c, "error 11");
	reads(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	frees(c);
	writes(c);
	return m->buffer - m->mapping;
}

/* The same, of a call that has no data and takes so much memory. */
static uint64_t keeps_room(uint64_t size)
{
	sends(c, BC_TRANSACTION_SG, 0, 0, 0, NULL, 0, NULL, 0);
	put64(c, size);
	does(c, "error 11");
	reads(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	frees(c);
	writes(c);
	return m->buffer - m->mapping;
}

static void gives_back(uint64_t offset)
{
	frees_at(m, m->mapping + offset);
	writes(m);
}

static void puts_object(uint8_t *at, uint32_t type, uint64_t value, uint64_t cookie)
{
	struct flat_binder_object o = { .hdr.type = type, .cookie = cookie };

	o.binder = value;
	memcpy(at, &o, sizeof(o));
}

/* A one-way call with data and offsets, which fails. */
static void refused(const void *data, size_t size, const uint64_t *offsets, size_t count, int err)
{
	sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, data, size, offsets, count);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, err);
}

/* The same, as it is. */
static void refused_as_is(const struct binder_transaction_data *d, int err)
{
	put32(c, BC_TRANSACTION);
	put_bytes(c, d, sizeof(*d));
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, err);
}

/* ---- Buffers ---- */

EXCHANGE(a_buffer_is_freed_twice)
{
	uint64_t first;

	meet();
	first = keeps(8);
	gives_back(first);
	gives_back(first);
	expect(m, first, keeps(8));
	gives_back(first + 4);
	gives_back(first + 8);
	gives_back(0 - m->mapping);
	gives_back(~0ull - m->mapping);
	expect(m, first + 8, keeps(8));
}

EXCHANGE(a_buffer_of_another_is_freed)
{
	meet();
	expect(m, 0, keeps(8));
	frees_at(c, m->buffer);
	frees_at(c, c->mapping);
	does(c, "error 11");
	sees(m, "........");
	expect(m, 8, keeps(8));
}

EXCHANGE(a_buffer_is_freed_before_it_is_told)
{
	meet();
	expect(m, 0, keeps(8));
	calls(c, 0, 1, "unread");
	does(c, "error 11");
	gives_back(8);
	does(m, "noop call 0:0 code 1 flags 10 from c data unread");
	gives_back(8);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	expect(m, 8, keeps(8));
}

EXCHANGE(a_buffer_is_freed_before_the_answer)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	frees(m);
	writes(m);
	tells(c, 0, 2, "y");
	does(c, "noop complete complete");
	answers(m, "");
	does(m, "noop complete");
	does(m, "noop call 0:0 code 2 flags 1 from - data y");
	expect(m, 0, m->buffer - m->mapping);
}

EXCHANGE(a_buffer_that_was_never_read)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "answer");
	answers(m, "nothing");
	does(m, "noop complete failed-reply");
	frees_at(c, c->mapping);
	does(c, "noop complete reply code 0 flags 0 from - data answer");
	sees(c, "answer");
}

EXCHANGE(memory_is_exhausted)
{
	uint64_t last = 0;

	meet();
	for (int i = 0; i < 8; i++)
		last = keeps(8000);
	refused(bytes, 8000, NULL, 0, ENOSPC);
	expect(m, 64000, keeps(1536));
	calls(c, 0, 1, "");
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, ENOSPC);
	gives_back(last);
	expect(m, last, keeps(8000));
}

EXCHANGE(memory_is_one_again)
{
	uint64_t at[5];

	meet();
	for (int i = 0; i < 5; i++)
		at[i] = keeps(8000);
	gives_back(at[1]);
	gives_back(at[3]);
	gives_back(at[2]);
	gives_back(at[0]);
	gives_back(at[4]);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	expect(m, 0, m->buffer - m->mapping);
	frees(m);
	writes(m);
	for (int i = 0; i < 8; i++)
		expect(m, (uint64_t)i * 8000, keeps(8000));
}

/* Every 26th pattern of ends, in another order of freeing each time; buffers.c has all of them. */
EXCHANGE(memory_with_all_ends_in_all_orders)
{
	meet();
	for (unsigned int n = 0; n < ENDS_ORDERS; n++) {
		uint64_t sizes[ENDS_BUFFERS], at[ENDS_BUFFERS], end = 0;
		unsigned int order[ENDS_BUFFERS];

		ends_sizes(26 * n, n % 2 ? MAPPED : 0, sizes);
		ends_order(n, order);
		for (int i = 0; i < ENDS_BUFFERS; i++) {
			at[i] = keeps_room(sizes[i]);
			expect(m, end, at[i]);
			end += sizes[i];
		}
		for (int i = 0; i < ENDS_BUFFERS; i++)
			gives_back(at[order[i]]);
	}
	expect(m, 0, keeps_room(MAPPED));
}

EXCHANGE(memory_that_fits_best)
{
	uint64_t big, small;

	meet();
	big = keeps(800);
	keeps(8);
	small = keeps(400);
	keeps(8);
	gives_back(big);
	gives_back(small);
	expect(m, small, keeps(304));
	expect(m, small + 304, keeps(96));
	expect(m, big, keeps(500));
	expect(m, big + 504, keeps(1));
	expect(m, big + 512, keeps(288));
	expect(m, 1216, keeps(8));
}

EXCHANGE(memory_of_empty_calls)
{
	meet();
	expect(m, 0, keeps(0));
	expect(m, 8, keeps(0));
	expect(m, 16, keeps(1));
	expect(m, 24, keeps(9));
	expect(m, 40, keeps(0));
}

EXCHANGE(memory_of_one_page)
{
	struct actor *const n = actor_unmapped("n");

	maps(n, 4096, 0);
	maps(n, 4096, EBUSY);
	c = actor("c");
	manages(n);
	refused(bytes, 2056, NULL, 0, ENOSPC);
	sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, bytes, 2048, NULL, 0);
	does(c, "noop complete");
	refused(bytes, 1, NULL, 0, ENOSPC);
	sends(c, BC_TRANSACTION, 0, 0, 0, bytes, 2056, NULL, 0);
	does(c, "noop failed-reply");
	sends(c, BC_TRANSACTION, 0, 0, 0, bytes, 2048, NULL, 0);
	does(c, "error 11");
}

EXCHANGE(memory_of_four_megabytes)
{
	struct binder_transaction_data d = { .data_size = 4 << 20, .data.ptr.buffer = 0x10 };
	struct actor *const n = actor_unmapped("n");

	maps(n, 4 << 20, 0);
	c = actor("c");
	manages(n);
	refused_as_is(&d, EFAULT);
	d.data_size += 8;
	refused_as_is(&d, ENOSPC);
}

EXCHANGE(memory_that_is_cleared)
{
	meet();
	sends(c, BC_TRANSACTION, 0, 1, TF_CLEAR_BUF, "secret", 6, NULL, 0);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 20 from c data secret");
	sees(m, "secret");
	frees(m);
	writes(m);
	sees(m, "......");
}

EXCHANGE(memory_of_what_fails)
{
	const uint64_t at = 0;

	meet();
	puts_object(bytes, BINDER_TYPE_HANDLE, 9, 0);
	for (int i = 0; i < 9; i++)
		refused(bytes, 8000, &at, 1, EINVAL);
	memset(bytes, 0, sizeof(bytes));
	expect(m, 0, keeps(8000));
}

/* ---- Sizes ---- */

EXCHANGE(sizes_that_are_no_sizes)
{
	struct binder_transaction_data d = { .data_size = ~0ull };

	meet();
	refused_as_is(&d, EINVAL);
	d.data_size = 1ull << 63;
	refused_as_is(&d, ENOSPC);
	d.offsets_size = 1ull << 63;
	refused_as_is(&d, EINVAL);
	d.data_size = 0;
	d.offsets_size = ~0ull;
	refused_as_is(&d, EINVAL);
	d.data_size = d.offsets_size = ~0ull - 7;
	refused_as_is(&d, EINVAL);
}

EXCHANGE(sizes_of_more_buffers)
{
	struct binder_transaction_data_sg d = { .buffers_size = 4 };

	meet();
	for (int i = 0; i < 4; i++) {
		static const binder_size_t sizes[] = { 4, ~0ull, 1ull << 40, MAPPED + 8 };
		static const int errs[] = { EINVAL, EINVAL, ENOSPC, ENOSPC };

		d.buffers_size = sizes[i];
		put32(c, BC_TRANSACTION_SG);
		put_bytes(c, &d, sizeof(d));
		does(c, "noop failed-reply");
		has_failed(c, BR_FAILED_REPLY, errs[i]);
	}
	d.buffers_size = 64;
	put32(c, BC_TRANSACTION_SG);
	put_bytes(c, &d, sizeof(d));
	does(c, "error 11");
	does(m, "noop call 0:0 code 0 flags 0 from c");
	put32(m, BC_REPLY_SG);
	put_bytes(m, &d, sizeof(d));
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
	expect(m, 64, keeps(0));
}

EXCHANGE(sizes_of_offsets)
{
	struct binder_transaction_data d = { .data_size = 32 };

	meet();
	d.data.ptr.buffer = d.data.ptr.offsets = (uintptr_t)c->data;
	for (unsigned int size = 1; size < 8; size++) {
		d.offsets_size = size;
		refused_as_is(&d, EINVAL);
	}
	d.offsets_size = 12;
	refused_as_is(&d, EINVAL);
}

EXCHANGE(pointers_that_are_none)
{
	struct binder_transaction_data d = { .data_size = 32, .offsets_size = 8 };

	meet();
	d.data.ptr.buffer = (uintptr_t)c->data;
	d.data.ptr.offsets = 0x10;
	refused_as_is(&d, EFAULT);
	d.data.ptr.offsets = ~0ull - 3;
	refused_as_is(&d, EFAULT);
	/* An offset of 0, and there is no object. */
	memset(c->data, 0, sizeof(c->data));
	d.data.ptr.offsets = (uintptr_t)c->data;
	d.data.ptr.buffer = 0x10;
	refused_as_is(&d, EINVAL);
	c->data[0] = 8;
	refused_as_is(&d, EFAULT);
}

/* ---- Objects ---- */

EXCHANGE(objects_between_other_data)
{
	const uint64_t at[] = { 4, 28, 56 };

	meet();
	memset(bytes, 'x', 84);
	puts_object(bytes + 4, BINDER_TYPE_BINDER, 0x100, 0x101);
	puts_object(bytes + 28, BINDER_TYPE_WEAK_BINDER, 0x200, 0x201);
	puts_object(bytes + 56, BINDER_TYPE_BINDER, 0x100, 0x101);
	sends(c, BC_TRANSACTION, 0, 0, 0, bytes, 84, at, 3);
	memset(bytes, 0, sizeof(bytes));
	does(c, "error 11");
	does(m, "noop call 0:0 code 0 flags 0 from c handle 1:0 weak-handle 2:0 handle 1:0");
	sees(m, "xxxx");
	m->buffer += 52;
	sees(m, "xxxx");
	m->buffer += 28;
	sees(m, "xxxx");
}

EXCHANGE(objects_at_bad_places)
{
	uint64_t at[] = { 0, 24 };

	meet();
	for (int i = 0; i < 2; i++)
		puts_object(bytes + i * 24, BINDER_TYPE_BINDER, 0x100, 0x101);
	at[1] = 0;
	refused(bytes, 48, at, 2, EFAULT);
	at[1] = 20;
	refused(bytes, 48, at, 2, EFAULT);
	at[1] = 26;
	refused(bytes, 50, at, 2, EINVAL);
	at[1] = 48;
	refused(bytes, 48, at, 2, EINVAL);
	at[1] = 49;
	refused(bytes, 48, at, 2, EFAULT);
	at[1] = ~0ull;
	refused(bytes, 48, at, 2, EFAULT);
	at[1] = ~0ull - 7;
	refused(bytes, 48, at, 2, EFAULT);
	at[0] = 24;
	at[1] = 0;
	refused(bytes, 48, at, 2, EFAULT);
	memset(bytes, 0, sizeof(bytes));
	gives(c, 0x100, 1);
}

EXCHANGE(objects_that_are_cut_off)
{
	uint64_t at = 0;

	meet();
	puts_object(bytes, BINDER_TYPE_BINDER, 0x100, 0x101);
	refused(bytes, 23, &at, 1, EINVAL);
	refused(bytes, 4, &at, 1, EINVAL);
	refused(bytes, 3, &at, 1, EINVAL);
	refused(bytes, 0, &at, 1, EINVAL);
	at = 4;
	puts_object(bytes + 4, BINDER_TYPE_BINDER, 0x100, 0x101);
	refused(bytes, 24, &at, 1, EINVAL);
	memset(bytes, 0, sizeof(bytes));
	gives(c, 0x100, 1);
}

EXCHANGE(objects_of_unknown_types)
{
	static const uint32_t types[] = {
		0, ~0u, BINDER_TYPE_BINDER + 1, BINDER_TYPE_BINDER & 0xffffff00, 0x73622a00,
	};
	const uint64_t at = 0;

	meet();
	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		puts_object(bytes, types[i], 1, 1);
		refused(bytes, 64, &at, 1, EINVAL);
	}
	memset(bytes, 0, sizeof(bytes));
}

EXCHANGE(objects_that_no_offset_names)
{
	meet();
	puts_object(bytes, BINDER_TYPE_BINDER, 0x100, 0x101);
	sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, bytes, 24, NULL, 0);
	memset(bytes, 0, sizeof(bytes));
	does(c, "noop complete");
	reads(m);
	frees(m);
	writes(m);
	gives(c, 0x100, 1);
}

EXCHANGE(objects_in_an_answer)
{
	meet();
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	send_object(m, BC_REPLY, 0, 0, BINDER_TYPE_BINDER, 0x100, 0x101);
	does(m, "noop increfs 100:101 acquire 100:101 complete");
	acknowledges(m, BC_INCREFS_DONE, 0x100, 0x101);
	acknowledges(m, BC_ACQUIRE_DONE, 0x100, 0x101);
	does(m, "error 11");
	does(c, "noop complete reply code 0 flags 0 from - handle 1:0");
	calls(c, 1, 2, "y");
	does(c, "error 11");
	does(m, "noop call 100:101 code 2 flags 10 from c data y");
	frees(c);
	writes(c);
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	does(m, "noop release 100:101 decrefs 100:101");
}

EXCHANGE(objects_with_flags)
{
	struct flat_binder_object o = {
		.hdr.type = BINDER_TYPE_BINDER, .flags = 0x17f, .binder = 0x100, .cookie = 0x101,
	};
	const uint64_t at = 0;

	meet();
	sends(c, BC_TRANSACTION, 0, 0, TF_ONE_WAY, &o, sizeof(o), &at, 1);
	does(c, "noop increfs 100:101 acquire 100:101 complete");
	does(m, "noop call 0:0 code 0 flags 1 from - handle 1:0/17f");
	o.hdr.type = BINDER_TYPE_HANDLE;
	o.flags = ~0u;
	o.binder = 0xabcdef0000000001;
	sends(m, BC_TRANSACTION, 1, 0, TF_ONE_WAY, &o, sizeof(o), &at, 1);
	does(m, "noop complete");
	does(c, "noop call 100:101 code 0 flags 1 from - binder 100:101/ffffffff");
}

EXCHANGE(objects_to_a_third_process)
{
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_HANDLE, .cookie = 0x77 };
	const uint64_t at = 0;
	struct actor *a;

	meet();
	a = actor("a");
	enters(a);
	gives(a, 0x200, 1);
	gives(c, 0x100, 2);
	o.binder = 0xabcdef0000000002;
	sends(m, BC_TRANSACTION, 1, 0, TF_ONE_WAY, &o, sizeof(o), &at, 1);
	does(m, "noop complete");
	does(a, "noop call 200:201 code 0 flags 1 from - handle 1:0");
}
