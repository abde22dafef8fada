// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Exchanges of bytes that objects point to, and of descriptors among them. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "exchanges.h"
#include "steps.h"

/* What is sent: it begins with a word, as an object at 0 is none that others may point into. */
static struct {
	uint64_t word;
	struct binder_buffer_object first, second;
	struct binder_fd_array_object files;
	struct binder_buffer_object more;
} data;
static const uint64_t offsets[] = {
	offsetof(__typeof__(data), first), offsetof(__typeof__(data), second), offsetof(__typeof__(data), files),
};

static void *bytes(struct binder_buffer_object *o, const char *text, size_t length)
{
	void *const copy = room(c, length);

	memset(copy, 0, length);
	memcpy(copy, text, strlen(text));
	memset(o, 0, sizeof(*o));
	o->hdr.type = BINDER_TYPE_PTR;
	o->buffer = (uintptr_t)copy;
	o->length = length;
	return copy;
}

/* @o is what the first one points to, at @at. */
static void points_to(struct binder_buffer_object *o, uint64_t parent, uint64_t at)
{
	o->flags = BINDER_BUFFER_FLAG_HAS_PARENT;
	o->parent = parent;
	o->parent_offset = at;
}

static void meet_with(uint32_t flags)
{
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .flags = flags };

	m = actor("m");
	c = actor("c");
	controls(m, BINDER_SET_CONTEXT_MGR_EXT, &o, 0);
	enters(m);
	enters(c);
}

/* The first objects of the data, with room for so many bytes. */
static void sends_along(size_t objects, uint64_t extra)
{
	sends(c, BC_TRANSACTION_SG, 0, 1, 0, &data, sizeof(data), offsets, objects);
	put64(c, extra);
}

EXCHANGE(bytes_are_sent_along)
{
	meet();
	bytes(&data.first, "one", 3);
	bytes(&data.second, "second", 6);
	sends_along(2, 16);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes one bytes second");
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
}

EXCHANGE(bytes_point_to_bytes)
{
	meet();
	bytes(&data.first, "@", 24);
	bytes(&data.second, "inner", 5);
	points_to(&data.second, 0, 8);
	sends_along(2, 32);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ bytes inner pointed to/1");
}

EXCHANGE(bytes_of_no_parent)
{
	meet();
	bytes(&data.first, "one", 8);
	bytes(&data.second, "two", 8);
	points_to(&data.second, 1, 0);
	sends_along(2, 16);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	bytes(&data.first, "one", 8);
	bytes(&data.second, "two", 8);
	points_to(&data.second, 7, 0);
	sends_along(2, 16);
	does(c, "noop failed-reply");
	bytes(&data.first, "one", 8);
	points_to(&data.first, 0, 0);
	sends_along(1, 16);
	does(c, "noop failed-reply");
}

EXCHANGE(bytes_behind_their_parent)
{
	meet();
	bytes(&data.first, "one", 16);
	bytes(&data.second, "two", 8);
	points_to(&data.second, 0, 9);
	sends_along(2, 24);
	does(c, "noop failed-reply");
	bytes(&data.first, "one", 4);
	bytes(&data.second, "two", 8);
	points_to(&data.second, 0, 0);
	sends_along(2, 24);
	does(c, "noop failed-reply");
	bytes(&data.first, "one", 16);
	bytes(&data.second, "two", 8);
	points_to(&data.second, 0, ~0ull - 7);
	sends_along(2, 24);
	does(c, "noop failed-reply");
}

EXCHANGE(bytes_in_the_wrong_order)
{
	struct {
		uint64_t word;
		struct binder_buffer_object first, second, third;
	} d = { 0 };
	static const uint64_t at[] = { 8, 8 + sizeof(d.first), 8 + 2 * sizeof(d.first) };

	meet();
	for (uint64_t second = 0; second <= 16; second += 8) {
		bytes(&d.first, "@", 24);
		bytes(&d.second, "two", 8);
		bytes(&d.third, "three", 8);
		points_to(&d.second, 0, 8);
		points_to(&d.third, 0, second);
		sends(c, BC_TRANSACTION_SG, 0, 1, 0, &d, sizeof(d), at, 3);
		put64(c, 40);
		if (second < 16)
			does(c, "noop failed-reply");
		else
			does(c, "error 11");
	}
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ bytes two pointed to/1 bytes three pointed to/1");
}

EXCHANGE(too_many_bytes)
{
	meet();
	bytes(&data.first, "one", 17);
	sends_along(1, 16);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	bytes(&data.first, "one", 16);
	bytes(&data.second, "two", 1);
	sends_along(2, 16);
	does(c, "noop failed-reply");
	bytes(&data.first, "one", 8);
	sends(c, BC_TRANSACTION, 0, 1, 0, &data, sizeof(data), offsets, 1);
	does(c, "noop failed-reply");
}

EXCHANGE(bytes_from_nowhere)
{
	meet();
	bytes(&data.first, "one", 8);
	data.first.buffer = 8;
	sends_along(1, 8);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	does(m, "error 11");
}

EXCHANGE(misaligned_bytes)
{
	meet();
	bytes(&data.first, "one", 8);
	sends_along(1, 9);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}

/* So many descriptors at @at of the first one's bytes. */
static void with_files(uint64_t count, uint64_t at)
{
	uint32_t *const fds = bytes(&data.first, "@", 32);

	for (unsigned int i = 2; i < 8; i++)
		fds[i] = 2;
	memset(&data.files, 0, sizeof(data.files));
	data.files.hdr.type = BINDER_TYPE_FDA;
	data.files.num_fds = count;
	data.files.parent_offset = at;
	bytes(&data.second, "two", 8);
}

/* The first one's bytes and the descriptors in them. */
static void sends_files(void)
{
	static const uint64_t both[] = { offsetof(__typeof__(data), first), offsetof(__typeof__(data), files) };

	sends(c, BC_TRANSACTION_SG, 0, 1, 0, &data, sizeof(data), both, 2);
	put64(c, 32);
}

EXCHANGE(files_among_bytes)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(3, 8);
	sends_files();
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ files 2 2 2");
	files_are(m, " open open open");
	frees(m);
	/* They end with it, for which the thread goes back at once. */
	does(m, "noop");
	files_are(m, " closed closed closed");
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
}

EXCHANGE(no_files_among_bytes)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(0, 8);
	sends_files();
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ files");
}

EXCHANGE(no_files_at_the_end_of_the_bytes)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(0, 32);
	sends_files();
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ files");
}

EXCHANGE(files_behind_their_bytes)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(7, 8);
	sends_files();
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
	with_files(~0ull / 4 + 1, 8);
	sends_files();
	does(c, "noop failed-reply");
	with_files(1, 30);
	sends_files();
	does(c, "noop failed-reply");
	with_files(1, 10);
	sends_files();
	does(c, "noop failed-reply");
}

EXCHANGE(files_among_bytes_that_are_not_wanted)
{
	meet();
	with_files(2, 8);
	sends_files();
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EPERM);
	does(m, "error 11");
}

EXCHANGE(no_files_behind_the_end_of_the_bytes)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(0, 4096);
	sends_files();
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ files");
}

EXCHANGE(files_at_a_misaligned_address)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	with_files(1, 8);
	data.first.buffer += 2;
	data.first.length -= 2;
	sends_files();
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}

/* Files, and bytes behind them, into those of the first one again. */
EXCHANGE(bytes_behind_files)
{
	static const uint64_t all[] = {
		offsetof(__typeof__(data), first), offsetof(__typeof__(data), files), offsetof(__typeof__(data), more),
	};

	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	for (uint64_t at = 12; at <= 16; at += 4) {
		with_files(2, 8);
		bytes(&data.more, "three", 8);
		points_to(&data.more, 0, at);
		sends(c, BC_TRANSACTION_SG, 0, 1, 0, &data, sizeof(data), all, 3);
		put64(c, 40);
		does(c, at < 16 ? "noop failed-reply" : "error 11");
	}
	does(m, "noop call 0:0 code 1 flags 0 from c bytes @ files 2 2 bytes three pointed to/1");
}

/* Who is left is not written into again: the second one's are done once the third one's are written. */
EXCHANGE(bytes_of_a_parent_that_is_done)
{
	struct {
		uint64_t word;
		struct binder_buffer_object object[4];
	} d = { 0 };
	static const uint64_t at[] = { 8, 8 + sizeof(*d.object), 8 + 2 * sizeof(*d.object), 8 + 3 * sizeof(*d.object) };

	meet();
	for (uint64_t parent = 0; parent < 3; parent++) {
		bytes(&d.object[0], "@", 32);
		bytes(&d.object[1], "two", 16);
		bytes(&d.object[2], "three", 16);
		bytes(&d.object[3], "four", 8);
		points_to(&d.object[1], 0, 8);
		points_to(&d.object[2], 0, 16);
		points_to(&d.object[3], parent, parent ? 8 : 24);
		sends(c, BC_TRANSACTION_SG, 0, 1, 0, &d, sizeof(d), at, 4);
		put64(c, 72);
		does(c, parent == 1 ? "noop failed-reply" : "error 11");
		if (!parent) {
			does(m, "noop call 0:0 code 1 flags 0 from c bytes @ bytes two pointed to/1 bytes three pointed to/1 "
				"bytes four pointed to/1");
			frees(m);
			answers(m, "");
			does(m, "noop complete");
			does(c, "noop complete reply code 0 flags 0 from -");
			frees(c);
		}
	}
}

EXCHANGE(bytes_of_an_object_at_0)
{
	struct {
		struct binder_buffer_object object[2];
	} d = { 0 };
	static const uint64_t at[] = { 0, sizeof(*d.object) };

	meet();
	bytes(&d.object[0], "@", 24);
	bytes(&d.object[1], "two", 16);
	points_to(&d.object[1], 0, 8);
	sends(c, BC_TRANSACTION_SG, 0, 1, 0, &d, sizeof(d), at, 2);
	put64(c, 40);
	does(c, "noop failed-reply");
	has_failed(c, BR_FAILED_REPLY, EINVAL);
}
