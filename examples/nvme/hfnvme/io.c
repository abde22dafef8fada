/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * read, write, verify: a stream of data on one side, blocks on the other.
 *
 * One thread keeps all queues full. Commands are submitted, and their results processed, in the
 * order of the blocks. So the stream is sequential, and what was written is one range from the
 * start, except for commands that were in flight at a failure.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "stamp.h"

#define USUAL_TRANSFER		(128 * HFNVME_KIB)
#define TRIES			5u	/* of a command that timed out */
#define START_TRIES		20u	/* with faults during the start */
#define MAX_BLOCK		4096u

enum direction {
	DIRECTION_READ,
	DIRECTION_WRITE,
	DIRECTION_VERIFY,
};

enum slot_state {
	SLOT_PREPARED,
	SLOT_IN_FLIGHT,
	SLOT_DONE,
};

/* A range of blocks in the report. */
struct extent {
	u64 first, count;
};

HF_SLICE_DEFINE(extent, struct extent);
HF_VEC_DEFINE(extent);

struct job {
	const struct cli_options *o;
	enum direction direction;
	struct hfnvme_image image;
	struct io_engine engine;
	struct hfnvme_progress progress;
	double started, seconds;

	/* The stream. */
	int fd;				/* -1: the pattern */
	const char *name;
	bool created;			/* it did not exist */
	bool regular;
	bool sized;			/* total is known */
	u64 total;			/* bytes */
	bool ended;

	/* The device. */
	u32 block;
	u32 chunk;			/* bytes of a command */
	u64 first_lba;
	u64 room;			/* bytes from there to the end of the device */

	/* The commands: a ring of the engine's slots. */
	u32 head, used;
	u32 filled;			/* bytes that the slot after the used ones has so far */
	u64 queued;			/* bytes in commands until now */
	u8 tail[MAX_BLOCK];		/* the data of a partial last block */
	u32 tail_len;

	/* The result. */
	u64 done;			/* bytes from the start without a gap */
	u64 commands;
	bool stopping;
	bool interrupted;
	bool broken;			/* the stream failed, and was reported */
	bool not_flushed;
	struct hfnvme_text why;		/* the first command that failed */
	struct extent_vec failed;
	struct extent_vec beyond;	/* written after the first failure */
	u64 differing;			/* blocks */
	u64 first_difference;		/* byte of the device */
	int status;
};

static const char *const doing[] = { "reading", "writing", "verifying" };
static const char *const did[] = { "read", "wrote", "verified" };

/* ---- The stream ---- */

/*
 * The descriptor of a file, which must not be truncated yet: it may be the image. A FIFO that nobody writes is waited for
 * where it is read. One that nobody reads cannot be opened.
 */
static int stream_open_file(struct job *j, bool out)
{
	const int flags = (out ? O_WRONLY : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	const struct timespec nap = { .tv_nsec = 10000000 };
	struct stat st;

	if (out) {
		j->fd = open(j->name, flags | O_CREAT | O_EXCL, 0666);
		j->created = j->fd >= 0;
		if (j->created || errno != EEXIST)
			return 0;
	}
	while ((j->fd = open(j->name, flags)) < 0) {
		if (errno != ENXIO || stat(j->name, &st) || !S_ISFIFO(st.st_mode))
			break;
		if (hfnvme_interrupted())
			return CLI_INTERRUPTED;
		nanosleep(&nap, NULL);
	}
	return 0;
}

static int stream_open(struct job *j)
{
	bool out = j->direction == DIRECTION_READ;
	struct stat st, image;
	int status;

	j->fd = -1;
	if (j->o->pattern) {
		j->name = "pattern";
		j->regular = true;
		return 0;
	}
	j->name = j->o->file;
	if (!strcmp(j->name, "-")) {
		j->fd = out ? STDOUT_FILENO : STDIN_FILENO;
		j->name = out ? "standard output" : "standard input";
	} else {
		status = stream_open_file(j, out);
		if (status)
			return status;
	}
	if (j->fd < 0 || fstat(j->fd, &st))
		return cli_error("%s: %s", j->name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return cli_error("%s: is a directory", j->name);
	if (!fstat(j->image.fd, &image) && image.st_dev == st.st_dev && image.st_ino == st.st_ino)
		return cli_error("%s: is the image itself", j->name);
	j->regular = S_ISREG(st.st_mode);
	if (!out && j->regular) {
		off_t at = lseek(j->fd, 0, SEEK_CUR);

		j->sized = true;
		j->total = at > st.st_size ? 0 : (u64)(st.st_size - at);
	}
	return 0;
}

/* Before the first write to it. */
static int stream_truncate(const struct job *j)
{
	if (j->direction != DIRECTION_READ || !j->regular || j->fd == STDOUT_FILENO || hfnvme_interrupted())
		return 0;
	return ftruncate(j->fd, 0) ? cli_error("%s: %s", j->name, strerror(errno)) : 0;
}

static void stream_close(struct job *j)
{
	if (j->fd > STDERR_FILENO && close(j->fd) && j->direction == DIRECTION_READ && !j->broken) {
		j->broken = true;
		cli_error("%s: %s", j->name, strerror(errno));
	}
	j->fd = -1;
}

/* Determine the length, if it is known, and check it. */
static int job_measure(struct job *j, const struct nvme_namespace *ns)
{
	const struct cli_options *o = j->o;
	u64 size = ns->blocks << ns->block_shift;

	j->block = 1u << ns->block_shift;
	j->first_lba = o->offset >> ns->block_shift;
	j->chunk = o->io_size ? o->io_size : USUAL_TRANSFER;
	if (j->chunk > ns->max_blocks << ns->block_shift)
		j->chunk = ns->max_blocks << ns->block_shift;
	if (o->io_size && j->chunk < o->io_size)
		return cli_error("--io-size: the controller takes %s at once",
				    hfnvme_bytes(j->chunk).s);
	if (o->offset >= size)
		return cli_error(
			"%s: block %llu is past the end: the device has %llu blocks, %s", o->image,
			(unsigned long long)j->first_lba, (unsigned long long)ns->blocks,
			hfnvme_bytes(size).s);
	j->room = size - o->offset;
	if (o->has_length && o->length > j->room)
		return cli_error(
			"%s: %s from block %llu on go past the end: the device has %llu "
			"blocks, which leaves %s",
			o->image, hfnvme_bytes(o->length).s, (unsigned long long)j->first_lba,
			(unsigned long long)ns->blocks, hfnvme_bytes(j->room).s);
	if (o->has_length && j->sized && j->total < o->length)
		return cli_error("%s: has %llu bytes, %llu less than --length", j->name,
				    (unsigned long long)j->total,
				    (unsigned long long)(o->length - j->total));
	if (o->has_length)
		j->total = o->length;
	else if (j->direction == DIRECTION_READ || o->pattern)
		j->total = j->room;
	else if (!j->sized)
		return 0;
	else if (j->total > j->room)
		return cli_error("%s: has %s, but the device %s from block %llu on; "
				    "--length %llu takes as much as fits", j->name,
				    hfnvme_bytes(j->total).s, hfnvme_bytes(j->room).s,
				    (unsigned long long)j->first_lba, (unsigned long long)j->room);
	j->sized = true;
	return 0;
}

static void poll_queues(struct job *j)
{
	for (u32 q = 1; q <= j->o->queues; q++)
		io_poll(&j->engine, q);
}

/*
 * Read from the stream; returns how many bytes, 0 at its end, or -EAGAIN if there are none yet, so
 * that the device can be polled while a pipe is slow.
 */
static ssize_t stream_read(struct job *j, struct u8_slice to)
{
	/* SAFETY: used with the slice's length. */
	u8 *p = hf_ptr_unchecked(to);
	struct pollfd wait = { .fd = j->fd, .events = POLLIN };
	ssize_t n;

	if (!j->regular && poll(&wait, 1, j->used ? 0 : 100) <= 0)
		return -EAGAIN;
	n = read(j->fd, p, hf_len(to));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return -EAGAIN;
	if (n < 0) {
		hfnvme_progress_end(&j->progress);
		cli_error("%s: %s", j->name, strerror(errno));
		j->broken = j->stopping = true;
		return -EIO;
	}
	return n;
}

static bool stream_write(struct job *j, struct u8_cslice from)
{
	/* SAFETY: used with what is left of the slice's length. */
	const u8 *p = hf_ptr_unchecked(from);
	size_t left = hf_len(from);

	while (left) {
		struct pollfd wait = { .fd = j->fd, .events = POLLOUT };
		size_t piece = j->regular || left < PIPE_BUF ? left : PIPE_BUF;
		ssize_t n;

		if (!j->regular && poll(&wait, 1, 10) <= 0) {
			poll_queues(j);
			if (!hfnvme_interrupted())
				continue;
			j->interrupted = j->stopping = true;
			return false;
		}
		n = write(j->fd, p, piece);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0) {
			hfnvme_progress_end(&j->progress);
			cli_error("%s: %s", j->name, strerror(errno));
			j->broken = j->stopping = true;
			return false;
		}
		p += n;
		left -= (size_t)n;
		/* Count what was written, even if the rest fails. */
		j->done += (size_t)n;
	}
	return true;
}

/* ---- Filling commands ---- */

/* The last slot is reserved for the comparison. */
static u32 ring_size(const struct job *j)
{
	return (u32)hf_len(j->engine.slots) - (j->direction == DIRECTION_VERIFY);
}

static struct io_slot *ring_slot(struct job *j, u32 i)
{
	return &hf_at(j->engine.slots, (j->head + i) % ring_size(j));
}

static struct u8_slice slot_bytes(struct job *j, struct io_slot *s, size_t from, size_t to)
{
	(void)j;
	return hf_expect(io_slot_bytes(s, from, to - from), "a slot has room for a chunk");
}

static void fill_pattern(struct job *j, struct u8_slice bytes, u64 at)
{
	u64 lba = j->first_lba + at / j->block;
	struct u8_slice_grid blocks = hf_expect(
		hf_grid(bytes, hf_len(bytes) / j->block, j->block, j->block), "whole blocks");

	hf_for_each_row(block, blocks)
		stamp_write(block, j->o->seed, lba++, 1);
}

/* The stream ended, with so many bytes in the slot that was being filled. */
static u32 stream_ended(struct job *j, struct io_slot *s, u32 filled)
{
	u32 whole = filled - filled % j->block;

	j->ended = true;
	if (j->direction == DIRECTION_WRITE) {
		j->tail_len = filled - whole;
		hf_zip(to, hf_slice(u8_slice, j->tail), from, slot_bytes(j, s, whole, filled))
			*to = *from;
		filled = whole;
	}
	if (j->sized && j->queued + filled + j->tail_len < j->total) {
		hfnvme_progress_end(&j->progress);
		cli_error("%s: ended after %llu bytes, before the %llu that were %s", j->name,
			     (unsigned long long)(j->queued + filled + j->tail_len),
			     (unsigned long long)j->total,
			     j->o->has_length ? "asked for" : "there at first");
		j->broken = true;
	}
	return filled;
}

/* All that fits, or was requested, is queued: report a stream that is longer. */
static void stream_full(struct job *j)
{
	u8 more[1];
	ssize_t n;

	n = j->sized || j->fd < 0 ? 0 : stream_read(j, hf_slice(u8_slice, more));
	if (n == -EAGAIN)
		return;
	j->ended = true;
	if (n > 0) {
		hfnvme_progress_end(&j->progress);
		cli_error("%s: has more than the %s that fit from block %llu on", j->name,
			     hfnvme_bytes(j->room).s, (unsigned long long)j->first_lba);
		j->broken = true;
	}
}

/* Fill the slot from the stream; false if it is not full and the stream has not ended. */
static bool fill_from_stream(struct job *j, struct io_slot *s, u32 want)
{
	while (j->filled < want) {
		ssize_t n = stream_read(j, slot_bytes(j, s, j->filled, want));

		if (n < 0)
			return false;
		if (!n) {
			j->filled = stream_ended(j, s, j->filled);
			return true;
		}
		j->filled += (u32)n;
	}
	if (want % j->block)
		j->filled = stream_ended(j, s, j->filled);
	return true;
}

static int slot_prepare(struct job *j, struct io_slot *s)
{
	const size_t len = (size_t)s->blocks * j->block;

	s->kind = SLOT_PREPARED;
	if (j->direction == DIRECTION_WRITE)
		return io_slot_write(s, s->lba, s->blocks, 0, len, 0);
	return io_slot_read(s, s->lba, s->blocks, 0, len);
}

/* Prepare one more command, if there is data for one. */
static bool job_fill(struct job *j)
{
	struct io_slot *s = ring_slot(j, j->used);
	u64 limit = j->sized ? j->total : j->room;
	u32 want = limit - j->queued < j->chunk ? (u32)(limit - j->queued) : j->chunk;

	if (!want && j->direction == DIRECTION_WRITE)
		stream_full(j);
	else if (!want)
		j->ended = true;
	if (!want)
		return false;
	if (j->direction == DIRECTION_WRITE && j->fd >= 0) {
		if (!fill_from_stream(j, s, want))
			return false;
		want = j->filled;
		j->filled = 0;
	} else if (j->direction == DIRECTION_WRITE) {
		/* The last block of a pattern is written completely. */
		want += (j->block - want % j->block) % j->block;
		fill_pattern(j, slot_bytes(j, s, 0, want), j->queued);
	}
	if (!want)
		return false;
	s->tag = want;
	s->lba = j->first_lba + j->queued / j->block;
	s->blocks = (want + j->block - 1) / j->block;
	s->tries = 0;
	s->err = slot_prepare(j, s);
	if (s->err)
		s->kind = SLOT_DONE;
	j->queued += want;
	j->used++;
	return true;
}

/* ---- Results ---- */

static void add_extent(struct extent_vec *v, const struct io_slot *s)
{
	struct extent e = { .first = s->lba, .count = s->blocks };

	/* In order, so the range may continue the last one. */
	if (hf_len(*v)) {
		struct extent *last = &hf_at(*v, hf_len(*v) - 1);

		if (last->first + last->count == e.first) {
			last->count += e.count;
			return;
		}
	}
	/* The capacity is that of all slots. */
	if (hf_vec_push_within(v, e))
		cli_error("a defect of this program: more failures than commands");
}

static void compare(struct job *j, struct io_slot *s, struct u8_cslice got, struct u8_cslice want)
{
	for (size_t from = 0; from < hf_len(got); from += j->block) {
		size_t n = hf_len(got) - from < j->block ? hf_len(got) - from : j->block;
		struct u8_cslice a = hf_expect(hf_subslice(got, from, n), "inside");
		struct u8_cslice b = hf_expect(hf_subslice(want, from, n), "one length");
		u64 at = s->lba * j->block + from;
		bool equal = true;

		hf_zip(x, a, y, b) {
			if (equal && *x != *y) {
				equal = false;
				if (!j->differing)
					j->first_difference = at;
			}
			if (equal)
				at++;
		}
		j->differing += !equal;
	}
}

/* The expected content, from the stream or the pattern. */
static bool verify_slot(struct job *j, struct io_slot *s)
{
	/* The expected content goes to the memory of the last slot. */
	struct io_slot *other = &hf_at(j->engine.slots, hf_len(j->engine.slots) - 1);
	struct u8_slice want = slot_bytes(j, other, 0, s->blocks * (size_t)j->block);
	u32 n = (u32)s->tag;

	if (j->fd < 0) {
		fill_pattern(j, want, (s->lba - j->first_lba) * j->block);
	} else {
		u32 have = 0;

		while (have < n) {
			ssize_t got = stream_read(j, slot_bytes(j, other, have, n));

			if (got == -EAGAIN) {
				poll_queues(j);
				if (!hfnvme_interrupted())
					continue;
				j->interrupted = j->stopping = true;
				return false;
			}
			if (got < 0)
				return false;
			if (!got)
				break;
			have += (u32)got;
		}
		if (have < n) {
			j->stopping = true;
			if (j->sized) {
				hfnvme_progress_end(&j->progress);
				cli_error("%s: ended early, after %llu bytes", j->name,
					     (unsigned long long)(j->done + have));
				j->broken = true;
			}
			n = have;
		}
	}
	compare(j, s, hf_const(slot_bytes(j, s, 0, n)), hf_const(slot_bytes(j, other, 0, n)));
	j->done += n;
	return true;
}

static void job_reap(struct job *j, struct io_slot *s)
{
	if (s->err) {
		if (!hf_len(j->failed))
			j->why = host_status_text(s->status, s->err);
		add_extent(&j->failed, s);
		j->stopping = true;
		return;
	}
	if (hf_len(j->failed)) {
		if (j->direction == DIRECTION_WRITE)
			add_extent(&j->beyond, s);
		return;
	}
	switch (j->direction) {
	case DIRECTION_WRITE:
		j->done += s->tag;
		break;
	case DIRECTION_READ:
		if (!j->broken && !j->interrupted)
			stream_write(j, hf_const(slot_bytes(j, s, 0, s->tag)));
		break;
	case DIRECTION_VERIFY:
		if (!j->broken && !j->interrupted && !j->stopping)
			verify_slot(j, s);
		break;
	}
}

static bool job_submit(struct job *j, struct io_slot *s)
{
	int err = io_slot_submit(s, s->index % j->o->queues + 1);

	if (err == -EAGAIN)
		return false;
	if (err) {
		io_slot_cancel(s);
		s->err = err;
		s->status = 0;
		s->kind = SLOT_DONE;
		return true;
	}
	s->kind = SLOT_IN_FLIGHT;
	j->commands++;
	return true;
}

static void job_done(struct job *j, struct io_slot *s)
{
	s->kind = SLOT_DONE;
	if (s->err != -ETIMEDOUT || ++s->tries >= TRIES || j->stopping)
		return;
	s->err = slot_prepare(j, s);
	if (s->err)
		s->kind = SLOT_DONE;
}

static void job_cancel_prepared(struct job *j)
{
	/* From the newest slot back to the first one that is in flight. */
	while (j->used && ring_slot(j, j->used - 1)->kind == SLOT_PREPARED) {
		io_slot_cancel(ring_slot(j, j->used - 1));
		j->used--;
	}
}

static void job_loop(struct job *j)
{
	u32 size = ring_size(j);
	struct io_slot *s;

	for (;;) {
		bool moved = false;

		if (hfnvme_interrupted() && !j->stopping)
			j->interrupted = j->stopping = true;
		while (!j->stopping && !j->ended && j->used < size && job_fill(j))
			moved = true;
		if (j->stopping)
			job_cancel_prepared(j);
		for (u32 i = 0; i < j->used; i++) {
			s = ring_slot(j, i);
			if (s->kind == SLOT_PREPARED && !job_submit(j, s))
				break;
		}
		poll_queues(j);
		while ((s = io_next_done(&j->engine))) {
			job_done(j, s);
			moved = true;
		}
		while (j->used && ring_slot(j, 0)->kind == SLOT_DONE) {
			s = ring_slot(j, 0);
			j->head = (j->head + 1) % size;
			j->used--;
			job_reap(j, s);
			moved = true;
		}
		hfnvme_progress(&j->progress, j->done);
		if (hfnvme_interrupted() && !j->stopping)
			continue;
		if (!j->used && (j->stopping || j->ended))
			break;
		io_relax(&j->engine, moved);
	}
}

/* Execute one command, and retry it after a time-out. */
static int job_wait(struct job *j, struct io_slot *s, bool write)
{
	const size_t len = (size_t)s->blocks * j->block;
	int err = 0;

	for (s->tries = 0; s->tries < TRIES; s->tries++) {
		s->status = 0;
		err = write ? io_slot_write(s, s->lba, s->blocks, 0, len, 0) :
			io_slot_read(s, s->lba, s->blocks, 0, len);
		if (!err)
			err = io_wait(s);
		j->commands++;
		if (err != -ETIMEDOUT)
			break;
	}
	s->err = err;
	return err;
}

/* Write a partial last block, and preserve the rest of it. */
static void job_write_tail(struct job *j)
{
	struct io_slot *s = ring_slot(j, 0);

	s->lba = j->first_lba + j->queued / j->block;
	s->blocks = 1;
	s->tag = j->tail_len;
	if (job_wait(j, s, false)) {
		job_reap(j, s);
		return;
	}
	hf_zip(to, slot_bytes(j, s, 0, j->tail_len), from,
	       hf_expect(hf_array_subslice(u8_cslice, j->tail, 0, j->tail_len), "a tail is shorter than a block"))
		*to = *from;
	job_wait(j, s, true);
	job_reap(j, s);
}

static void job_flush(struct job *j)
{
	struct io_slot *s = ring_slot(j, 0);
	int err = 0;

	for (u32 tries = 0; tries < TRIES; tries++) {
		s->status = 0;
		err = io_slot_flush(s);
		if (!err)
			err = io_wait(s);
		if (err != -ETIMEDOUT)
			break;
	}
	if (!err)
		return;
	j->not_flushed = true;
	if (!hf_len(j->failed))
		j->why = host_status_text(s->status, err);
}

/* ---- The report ---- */

static void say_extents(const char *what, const struct extent_vec *v)
{
	hf_for_each(e, *v) {
		if (e->count == 1)
			cli_note("block %llu %s", (unsigned long long)e->first, what);
		else
			cli_note("blocks %llu to %llu %s", (unsigned long long)e->first,
				    (unsigned long long)(e->first + e->count - 1), what);
	}
}

/* Report failures on standard error. */
static void job_complain(struct job *j)
{
	const char *verb = hf_array_at(did, j->direction);
	struct hfnvme_text of = { "" };

	if (j->sized)
		snprintf(of.s, sizeof(of.s), " of %.40s", hfnvme_bytes(j->total).s);
	if (j->interrupted)
		cli_note("interrupted: %s %s%s (%llu bytes)", verb, hfnvme_bytes(j->done).s,
			    of.s, (unsigned long long)j->done);
	if (hf_len(j->failed)) {
		cli_error("%s: %s %s%s (%llu bytes, up to block %llu); block %llu failed: %s%s",
			     j->o->image, verb, hfnvme_bytes(j->done).s, of.s,
			     (unsigned long long)j->done,
			     (unsigned long long)(j->first_lba + j->done / j->block),
			     (unsigned long long)hf_at(j->failed, 0).first, j->why.s,
			     j->direction == DIRECTION_WRITE ? hfnvme_image_trouble(&j->image).s
							     : "");
		if (j->direction == DIRECTION_WRITE) {
			say_extents("may be written in part", &j->failed);
			say_extents("written, beyond the failure", &j->beyond);
		}
	} else if (j->broken) {
		cli_note("%s: %s %s%s (%llu bytes)", j->o->image, verb, hfnvme_bytes(j->done).s,
			    of.s, (unsigned long long)j->done);
	}
	if (j->not_flushed)
		cli_error(
			"%s: the flush failed: %s%s; what was written may not be on the medium",
			j->o->image, j->why.s, hfnvme_image_trouble(&j->image).s);
	if (j->differing)
		cli_error("%s: block %llu is the first that differs from %s, at its byte %llu; "
			     "%llu block%s differ%s in %s", j->o->image,
			     (unsigned long long)(j->first_difference / j->block), j->name,
			     (unsigned long long)(j->first_difference % j->block),
			     (unsigned long long)j->differing, j->differing == 1 ? "" : "s",
			     j->differing == 1 ? "s" : "", hfnvme_bytes(j->done).s);
}

static void json_extents(struct cli_json *json, const char *key, const struct extent_vec *v)
{
	cli_json_list(json, key);
	hf_for_each(e, *v) {
		cli_json_open(json, NULL);
		cli_json_u64(json, "lba", e->first);
		cli_json_u64(json, "blocks", e->count);
		cli_json_close(json);
	}
	cli_json_close(json);
}

static void job_json(struct job *j, const struct host *h, const struct nvme_stats *stats)
{
	struct cli_json json = { .enabled = true };
	u64 injected = 0, rejected = 0;

	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
		injected += hf_array_at(h->stats.faults, k);
	for (unsigned int k = 0; k < NVME_PROTO_ERR_COUNT; k++)
		rejected += hf_array_at(stats->protocol_errors, k);
	cli_json_open(&json, NULL);
	cli_json_string(&json, "command", j->o->command);
	cli_json_string(&json, "image", j->o->image);
	cli_json_string(&json, "status", j->interrupted ? "interrupted" :
			   j->differing ? "differs" : j->status ? "failed" : "ok");
	cli_json_u64(&json, "bytes", j->done);
	if (j->sized)
		cli_json_u64(&json, "bytes_wanted", j->total);
	cli_json_u64(&json, "block_size", j->block);
	cli_json_u64(&json, "first_lba", j->first_lba);
	cli_json_real(&json, "seconds", j->seconds);
	cli_json_real(&json, "mb_per_second", (double)j->done / j->seconds / 1e6);
	cli_json_u64(&json, "queues", j->o->queues);
	cli_json_u64(&json, "depth", j->o->depth);
	cli_json_u64(&json, "commands", j->commands);
	if (hf_len(j->failed) || j->not_flushed)
		cli_json_string(&json, "error", j->why.s);
	if (j->direction == DIRECTION_WRITE) {
		cli_json_bool(&json, "flushed", !j->not_flushed && !j->status);
		json_extents(&json, "failed", &j->failed);
		json_extents(&json, "written_beyond_failure", &j->beyond);
	}
	if (j->direction == DIRECTION_VERIFY) {
		cli_json_u64(&json, "blocks_differing", j->differing);
		if (j->differing)
			cli_json_u64(&json, "first_lba_differing",
					j->first_difference / j->block);
	}
	cli_json_open(&json, "controller");
	cli_json_u64(&json, "faults_injected", injected);
	cli_json_u64(&json, "entries_rejected", rejected);
	cli_json_u64(&json, "timeouts", stats->timeouts);
	cli_json_u64(&json, "aborts", stats->aborts);
	cli_json_u64(&json, "resets", stats->resets);
	cli_json_close(&json);
	cli_json_close(&json);
}

/* ---- The command ---- */

/* 0, or an exit status if it does not begin. */
static int job_run(struct job *j, struct host *h, const struct nvme_ctrl *ctrl)
{
	u32 slots = h->o->queues * h->o->depth + (j->direction == DIRECTION_VERIFY);
	int status;

	if (hf_vec_reserve(&j->failed, slots, GFP_KERNEL) ||
	    hf_vec_reserve(&j->beyond, slots, GFP_KERNEL))
		return cli_error("out of memory");
	status = io_engine_init(&j->engine, h, slots, j->chunk);
	if (status)
		return status;
	status = stream_truncate(j);
	if (status) {
		io_engine_fini(&j->engine);
		return status;
	}
	io_engine_attach(&j->engine, ctrl);
	hfnvme_progress_init(&j->progress, h->o, hf_array_at(doing, j->direction), NULL,
			     j->sized ? j->total : 0);
	j->started = hfnvme_now();
	job_loop(j);
	if (j->tail_len && !j->stopping)
		job_write_tail(j);
	if (j->direction == DIRECTION_VERIFY)
		while (!j->stopping && !j->sized && j->done == j->room) {
			j->ended = false;
			stream_full(j);
			j->stopping = j->ended || hfnvme_interrupted();
		}
	if (j->direction == DIRECTION_WRITE && j->done)
		job_flush(j);
	j->seconds = hfnvme_now() - j->started;
	hfnvme_progress_end(&j->progress);
	io_engine_fini(&j->engine);
	return 0;
}

static int job_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	struct nvme_namespace_cslice namespaces = nvme_ctrl_namespaces(ctrl);
	struct job *j = arg;
	int status = stream_open(j);

	if (!status)
		status = job_measure(j, hf_expect(hf_get(namespaces, 0), "there is one at least"));
	if (!status)
		status = job_run(j, h, ctrl);
	stream_close(j);
	if (!status && j->interrupted)
		status = CLI_INTERRUPTED;
	if (!status && (hf_len(j->failed) || j->broken || j->not_flushed || j->differing))
		status = CLI_FAILED;
	if (status && j->created && !j->done)
		unlink(j->name);
	return status;
}

static void job_text(const struct job *j)
{
	/* If the data goes to standard output, use standard error. */
	FILE *f = j->direction == DIRECTION_READ && !strcmp(j->o->file, "-") ? stderr : stdout;

	cli_line(f, "%s %s (%llu bytes) at block %llu of %s in %.2f s, %.0f MB/s; %u queue pair%s, %u deep",
		 hf_array_at(did, j->direction), hfnvme_bytes(j->done).s, (unsigned long long)j->done,
		 (unsigned long long)j->first_lba, j->o->image, j->seconds,
		 (double)j->done / j->seconds / 1e6, j->o->queues, j->o->queues == 1 ? "" : "s",
		 j->o->depth);
}

static int run(const struct cli_options *o, enum direction direction)
{
	const struct host_timeouts timeouts = { .command = 30000, .abort = 5000, .admin = 10000 };
	const struct host_timeouts faulty = { .command = 500, .abort = 200, .admin = 500 };
	struct job j = { .o = o, .direction = direction };
	struct host_outcome out;
	struct host h;
	size_t leaked;

	j.status = hfnvme_image_open(&j.image, o, direction == DIRECTION_WRITE);
	if (j.status)
		return j.status;
	j.status = host_init(&h, o, o->faults ? &faulty : &timeouts);
	if (!j.status)
		j.status = host_plug(&h, &j.image, o->faults);
	if (j.status) {
		hfnvme_image_close(&j.image, false);
		return j.status;
	}
	h.silent = o->faults;
	for (u32 tries = 0; tries < START_TRIES; tries++) {
		j.status = host_run(&h, &out, job_body, &j);
		if (!out.start || !o->faults || hfnvme_interrupted())
			break;
	}
	host_unplug(&h);
	if (out.start) {
		j.status = host_start_error(&h, out.start);
	} else if (j.started > 0) {
		job_complain(&j);
		if (o->json)
			job_json(&j, &h, &out.stats);
		else if (!j.status)
			job_text(&j);
	}
	extent_vec_drop(&j.failed);
	extent_vec_drop(&j.beyond);
	leaked = host_fini(&h);
	hfnvme_image_close(&j.image, !j.status || j.commands);
	if (leaked)
		return cli_error("a defect of this program: %zu DMA mappings leaked", leaked);
	return j.status;
}

int hfnvme_read(const struct cli_options *o)
{
	return run(o, DIRECTION_READ);
}

int hfnvme_write(const struct cli_options *o)
{
	return run(o, DIRECTION_WRITE);
}

int hfnvme_verify(const struct cli_options *o)
{
	return run(o, DIRECTION_VERIFY);
}
