/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * torture: a stress test of the driver on a controller that injects faults.
 *
 * Each queue pair has a worker thread. It submits commands of all kinds, sizes and alignments to
 * random blocks. The workers keep a record of the content that each block may have: see shadow.h.
 *
 * The driver is started and shut down several times during the test, and reset under load once each
 * time.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "host.h"
#include "shadow.h"
#include "stamp.h"

#define USUAL_COMMANDS		1000000u
#define MAX_COMMANDS		1000000000u
#define RUNS			10u
#define MIN_COMMANDS_A_RUN	5000u
#define START_TRIES		100u
#define MAX_BYTES		(128 * HFNVME_KIB)
#define MAX_BLOCKS		(MAX_BYTES / 512)
#define MAX_RANGES		16u
#define PICKS			8u
#define HOT_BLOCKS		1024u	/* a quarter of the commands goes to these */
#define STUCK_MS		30000u	/* after so long without a completion, commands are lost */

/* ---- Commands ---- */

enum torture_kind {
	TORTURE_READ,
	TORTURE_WRITE,
	TORTURE_WRITE_ZEROES,
	TORTURE_DEALLOCATE,
	TORTURE_FLUSH,
	TORTURE_KINDS
};

static const char *const kind_names[TORTURE_KINDS] = {
	[TORTURE_READ] = "read",
	[TORTURE_WRITE] = "write",
	[TORTURE_WRITE_ZEROES] = "write-zeroes",
	[TORTURE_DEALLOCATE] = "deallocate",
	[TORTURE_FLUSH] = "flush",
};

/* In ten thousand. A flush syncs the image file, which is slow. */
static const u32 kind_share[TORTURE_KINDS] = {
	[TORTURE_READ] = 5196,
	[TORTURE_WRITE] = 4200,
	[TORTURE_WRITE_ZEROES] = 400,
	[TORTURE_DEALLOCATE] = 200,
	[TORTURE_FLUSH] = 4,
};

/* The command of a worker's slot. */
struct command {
	enum torture_kind kind;
	u32 generation;
	u32 offset;			/* of the data in the slot's memory */
	u32 ranges;
	struct range range[MAX_RANGES];
};

HF_SLICE_DEFINE(command, struct command);
HF_VEC_DEFINE(command);

struct torture;

HF_CONDVAR_DEFINE(torture_rounds);

/*
 * Workers run in rounds: each does what it can, then waits for the next round. When all wait, the
 * main thread lets time pass and calls nvme_tick(). So no command times out because a thread did
 * not get a CPU.
 */
struct rounds {
	u32 round;
	u32 workers;			/* running threads */
	u32 busy;			/* threads that do not wait for the next round */
	bool stuck;			/* commands in flight are lost: stop */
	struct torture_rounds_condvar changed;
};

HF_LOCKED_DEFINE(torture_rounds, mutex, struct rounds);

struct worker {
	struct torture *t;
	pthread_t thread;
	unsigned int queue;
	struct io_engine engine;
	struct command_vec commands;	/* by slot */
	struct u32_vec idle;		/* free slots, LIFO */
	u64 random;
	u64 share;			/* commands to submit in this run */
	u64 issued;			/* commands submitted in this run */
	u64 count[TORTURE_KINDS];
	u64 errors_expected;		/* time-outs, and a controller that failed */
	u64 errors_unexpected;
	int unexpected;			/* the first unexpected error */
	struct io_slot *waiting;	/* prepared, to be submitted when the queue has room */
	bool ctrl_failed;		/* the controller was disabled after a failed reset */
	u64 stuck;			/* lost commands */
	u64 progress;			/* atomic: completed commands */
	s64 found[MAX_BLOCKS];
};

HF_SLICE_DEFINE(worker, struct worker);

struct torture {
	const struct cli_options *o;
	struct host host;
	struct hfnvme_image image;
	struct locked_shadow shadow;
	struct worker_slice workers;
	void *worker_memory;
	struct hfnvme_progress progress;
	u64 commands;			/* to be submitted in all runs */
	u64 blocks;
	u32 max_blocks;
	u32 generation;			/* atomic: the last one that was used */
	struct torture_rounds rounds;
	u32 runs;
	u64 starts_rejected;
	u64 resets_asked;
	u64 lost;
	double seconds;
	struct nvme_stats driver;
};

static enum torture_kind pick_kind(struct worker *w)
{
	u64 draw = stamp_below(&w->random, 10000);
	enum torture_kind kind = 0;

	while (kind < TORTURE_KINDS - 1 && draw >= hf_array_at(kind_share, kind))
		draw -= hf_array_at(kind_share, kind++);
	return kind;
}

/* Most commands are short, some have the maximum length. */
static struct range pick_range(struct worker *w)
{
	static const u32 bytes[] = { 4096, 16384, 65536, MAX_BYTES };
	u32 shift = w->engine.ns->block_shift, most, blocks;
	u64 draw = stamp_below(&w->random, 200), area = w->t->blocks, lba;

	most = hf_array_at(bytes, draw < 150 ? 0 : draw < 190 ? 1 : draw < 199 ? 2 : 3) >> shift;
	if (most > w->t->max_blocks)
		most = w->t->max_blocks;
	blocks = 1 + (u32)stamp_below(&w->random, most);
	if (area > HOT_BLOCKS && stamp_below(&w->random, 4) == 0)
		area = HOT_BLOCKS;
	if (blocks > area)
		blocks = (u32)area;
	lba = stamp_below(&w->random, area - blocks + 1);
	return (struct range) { .lba = lba, .blocks = blocks };
}

static bool take_range(struct worker *w, bool write, struct range *range)
{
	for (u32 i = 0; i < PICKS; i++) {
		*range = pick_range(w);
		if (shadow_take(&w->t->shadow, *range, write))
			return true;
	}
	return false;
}

static size_t len_of(const struct worker *w, const struct command *c)
{
	return c->kind == TORTURE_DEALLOCATE ? c->ranges * sizeof(struct nvme_dsm_range) :
	       (size_t)c->range[0].blocks << w->engine.ns->block_shift;
}

static struct u8_slice data_of(struct worker *w, struct io_slot *s, const struct command *c)
{
	return hf_expect(io_slot_bytes(s, c->offset, len_of(w, c)),
			 "a slot has room for the longest command");
}

static struct u8_slice_grid blocks_of(struct worker *w, struct u8_slice data)
{
	size_t block = (size_t)1 << w->engine.ns->block_shift;

	return hf_expect(hf_grid(data, hf_len(data) / block, block, block), "whole blocks");
}

static int prepare_read(struct worker *w, struct io_slot *s, struct command *c)
{
	/* Old content of the buffer must not look like the result of the read. */
	hf_for_each_row(block, blocks_of(w, data_of(w, s, c))) {
		hf_at(block, 8) = 0xff;
		hf_at(block, hf_len(block) - 1) ^= 0x5a;
	}
	return io_slot_read(s, c->range[0].lba, c->range[0].blocks, c->offset, len_of(w, c));
}

static int prepare_write(struct worker *w, struct io_slot *s, struct command *c)
{
	u64 lba = c->range[0].lba;
	unsigned int flags = stamp_below(&w->random, 4096) ? 0 : NVME_FUA;

	hf_for_each_row(block, blocks_of(w, data_of(w, s, c)))
		stamp_write(block, w->t->o->seed, lba++, c->generation);
	return io_slot_write(s, c->range[0].lba, c->range[0].blocks, c->offset, len_of(w, c), flags);
}

static int prepare_zeroes(struct worker *w, struct io_slot *s, struct command *c)
{
	bool deallocate = w->engine.ns->zeroes_may_deallocate && stamp_below(&w->random, 2);

	return io_slot_write_zeroes(s, c->range[0].lba, c->range[0].blocks,
				    deallocate ? NVME_DEALLOCATE : 0);
}

static int prepare_deallocate(struct worker *w, struct io_slot *s, struct command *c)
{
	struct hf_writer to = hf_writer(data_of(w, s, c));

	for (u32 i = 0; i < c->ranges; i++) {
		struct range r = hf_array_at(c->range, i);
		struct nvme_dsm_range range;

		hf_try_errno(nvme_dsm_range_set(&range, w->engine.ns, r.lba, r.blocks));
		/* SAFETY: the bytes of this variable. */
		hf_try_errno(hf_write_bytes(&to, hf_slice_unchecked(u8_cslice, (const u8 *)&range,
								    sizeof(range))));
	}
	return io_slot_deallocate(s, c->ranges, c->offset, len_of(w, c));
}

/* Choose a command, and reserve its blocks. */
static bool choose(struct worker *w, struct command *c)
{
	u32 wanted = 1;
	bool write;

	c->kind = pick_kind(w);
	if (c->kind == TORTURE_WRITE_ZEROES && !w->engine.ns->can_write_zeroes)
		c->kind = TORTURE_WRITE;
	if (c->kind == TORTURE_DEALLOCATE &&
	    !(w->engine.ns->can_deallocate && w->engine.ns->deallocated_reads_zero))
		c->kind = TORTURE_WRITE;
	c->ranges = 0;
	c->generation = 0;
	/* Addresses are 4-byte aligned (NVMe 1.4, 4.3); half of them are page-aligned. */
	c->offset = stamp_below(&w->random, 2)
			    ? 4 * (u32)stamp_below(&w->random, NVME_PAGE_SIZE / 4)
			    : 0;
	if (c->kind == TORTURE_FLUSH)
		return true;
	if (c->kind == TORTURE_DEALLOCATE)
		wanted = 1 + (u32)stamp_below(&w->random, 1 + stamp_below(&w->random, MAX_RANGES));
	if (c->kind == TORTURE_WRITE)
		c->generation = __atomic_add_fetch(&w->t->generation, 1, __ATOMIC_RELAXED);
	write = c->kind != TORTURE_READ;
	while (c->ranges < wanted && take_range(w, write, &hf_array_at(c->range, c->ranges)))
		c->ranges++;
	return c->ranges != 0;
}

static void release(struct worker *w, const struct command *c, enum written how, const s64 *found)
{
	for (u32 i = 0; i < c->ranges; i++) {
		struct range r = hf_array_at(c->range, i);

		if (c->kind == TORTURE_READ)
			shadow_read(&w->t->shadow, r, found);
		else
			shadow_written(&w->t->shadow, r, c->generation, how);
	}
}

static int prepare(struct worker *w, struct io_slot *s, struct command *c)
{
	switch (c->kind) {
	case TORTURE_READ:
		return prepare_read(w, s, c);
	case TORTURE_WRITE:
		return prepare_write(w, s, c);
	case TORTURE_WRITE_ZEROES:
		return prepare_zeroes(w, s, c);
	case TORTURE_DEALLOCATE:
		return prepare_deallocate(w, s, c);
	case TORTURE_FLUSH:
	case TORTURE_KINDS:
		break;
	}
	return io_slot_flush(s);
}

static void unexpected(struct worker *w, int err)
{
	if (!w->errors_unexpected++)
		w->unexpected = err;
}

static struct command *command_of(struct worker *w, const struct io_slot *s)
{
	return &hf_at(w->commands, s->index);
}

static void make_idle(struct worker *w, const struct io_slot *s)
{
	/* The capacity is that of all slots. */
	if (hf_vec_push_within(&w->idle, s->index))
		unexpected(w, -ENOSPC);
}

/* Free a slot whose command was not submitted. */
static void cancel_slot(struct worker *w, struct io_slot *s)
{
	io_slot_cancel(s);
	release(w, command_of(w, s), WRITTEN_NOT, NULL);
	make_idle(w, s);
}

/* Submit one command; false if that is not possible now. */
static bool send_one(struct worker *w)
{
	struct io_slot *s = w->waiting;
	u32 index = 0;
	int err;

	if (!s) {
		if (hf_store_ok(index, hf_vec_pop(u32, &w->idle)))
			return false;
		s = &hf_at(w->engine.slots, index);
		if (!choose(w, command_of(w, s))) {
			make_idle(w, s);
			return false;
		}
		err = prepare(w, s, command_of(w, s));
		if (err) {
			unexpected(w, err);
			cancel_slot(w, s);
			w->issued++;
			return true;
		}
	}
	w->waiting = NULL;
	err = io_slot_submit(s, w->queue);
	if (err == -EAGAIN) {
		w->waiting = s;
		return false;
	}
	if (err) {
		/* A reset failed: the next run goes on. */
		w->ctrl_failed = true;
		cancel_slot(w, s);
		return false;
	}
	w->issued++;
	hf_array_at(w->count, command_of(w, s)->kind)++;
	return true;
}

static void check_blocks(struct worker *w, struct io_slot *s, const struct command *c)
{
	u64 lba = c->range[0].lba, seed = w->t->o->seed;
	size_t i = 0;

	hf_for_each_row(block, blocks_of(w, data_of(w, s, c))) {
		u64 g = stamp_generation(hf_const(block));

		hf_array_at(w->found, i++) =
			g <= 0xffffffffu && stamp_is(hf_const(block), seed, lba, g) ? (s64)g : -1;
		lba++;
	}
}

static void settle(struct worker *w, struct io_slot *s)
{
	struct command *c = command_of(w, s);

	if (!s->err && c->kind == TORTURE_READ) {
		check_blocks(w, s, c);
		release(w, c, WRITTEN, w->found);
	} else {
		release(w, c, s->err ? WRITTEN_PERHAPS : WRITTEN, NULL);
	}
	/* -ENXIO: in each attempt to identify the namespace it could not be used. */
	if (s->err == -ETIMEDOUT || s->err == -ESHUTDOWN || s->err == -ENODEV || s->err == -ENXIO)
		w->errors_expected++;
	else if (s->err)
		unexpected(w, s->err);
	make_idle(w, s);
	__atomic_store_n(&w->progress, w->progress + 1, __ATOMIC_RELAXED);
}

static bool settle_all(struct worker *w)
{
	struct io_slot *s;
	bool any = false;

	while ((s = io_next_done(&w->engine))) {
		settle(w, s);
		any = true;
	}
	return any;
}

/* Wait for the next round; false if commands in flight are lost. */
static bool wait_for_round(struct torture *t)
{
	hf_lock(r, &t->rounds);
	const u32 round = r->round;

	r->busy--;
	hf_notify_all(&r->changed);
	while (r->round == round)
		hf_wait(&r->changed, r);
	return !r->stuck;
}

/* End a thread. */
static void leave(struct torture *t)
{
	hf_lock(r, &t->rounds);
	r->workers--;
	r->busy--;
	hf_notify_all(&r->changed);
}

static void next_round(struct torture *t, bool stuck)
{
	hf_lock(r, &t->rounds);
	r->round++;
	r->busy = r->workers;
	r->stuck = stuck;
	hf_notify_all(&r->changed);
}

/* Wait until all threads wait or have ended; false if all have ended. */
static bool end_round(struct torture *t)
{
	hf_lock(r, &t->rounds);
	while (r->busy)
		hf_wait(&r->changed, r);
	return r->workers;
}

static void *worker_thread(void *arg)
{
	struct worker *w = arg;
	u32 turn = 0;

	for (;;) {
		bool more = w->issued < w->share && !w->ctrl_failed && !hfnvme_interrupted();
		bool did = false;

		while (more && w->issued < w->share && send_one(w))
			did = true;
		if (!more && w->waiting) {
			cancel_slot(w, w->waiting);
			w->waiting = NULL;
		}
		io_poll(&w->engine, w->queue);
		/* Sometimes poll another queue: any thread may process a completion. */
		if (turn++ % 64 == 0)
			io_poll(&w->engine,
				1 + (unsigned int)stamp_below(&w->random, w->t->o->queues));
		did |= settle_all(w);
		if (!more && !w->waiting && w->engine.submitted == w->engine.completed)
			break;
		if (!did && !wait_for_round(w->t)) {
			w->stuck += w->engine.submitted - w->engine.completed;
			break;
		}
	}
	leave(w->t);
	return NULL;
}

/* ---- A run of the driver ---- */

static u64 commands_done(const struct torture *t)
{
	u64 sum = 0;

	hf_for_each(w, t->workers)
		sum += __atomic_load_n(&w->progress, __ATOMIC_RELAXED);
	return sum;
}

/* Run the rounds, and reset the controller once, in the middle. */
static void run_rounds(struct torture *t, const struct nvme_ctrl *ctrl, u64 share)
{
	enum { RESET_LATER, RESET_NEXT, RESET_DONE } reset = RESET_LATER;
	const u64 start = commands_done(t);
	u64 last = start, last_ms = hf_sys_now_ms();

	while (end_round(t)) {
		const u64 done = commands_done(t);

		hfnvme_progress(&t->progress, done);
		if (done != last) {
			last = done;
			last_ms = hf_sys_now_ms();
		}
		if (reset == RESET_NEXT && t->host.model) {
			/* All queues are full of held commands, and the workers continue. */
			reset = RESET_DONE;
			t->resets_asked++;
			next_round(t, false);
			(void)nvme_reset(ctrl);
			if (t->host.model)
				nvme_model_hold(t->host.model, false);
			continue;
		}
		if (reset == RESET_LATER && done - start >= share / 2 && t->host.model) {
			reset = RESET_NEXT;
			nvme_model_hold(t->host.model, true);
		}
		host_pass(&t->host);
		next_round(t, hf_sys_now_ms() - last_ms > STUCK_MS);
	}
	if (t->host.model)
		nvme_model_hold(t->host.model, false);
}

static int run_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	struct torture *t = arg;
	u32 started = 0;
	u64 share = 0;

	(void)h;
	hf_for_each(w, t->workers) {
		io_engine_attach(&w->engine, ctrl);
		w->issued = 0;
		w->ctrl_failed = false;
		share += w->share;
	}
	{
		hf_lock(r, &t->rounds);
		r->workers = r->busy = (u32)hf_len(t->workers);
	}
	hf_for_each(w, t->workers) {
		if (hfnvme_thread(&w->thread, worker_thread, w))
			break;
		started++;
	}
	for (size_t i = started; i < hf_len(t->workers); i++)
		leave(t);
	run_rounds(t, ctrl, share);
	for (u32 i = 0; i < started; i++)
		pthread_join(hf_at(t->workers, i).thread, NULL);
	return started == hf_len(t->workers) ? CLI_OK : cli_error("no thread for a queue");
}

static void add_driver_stats(struct nvme_stats *sum, const struct nvme_stats *s)
{
	sum->submitted += s->submitted;
	sum->completed += s->completed;
	sum->failed += s->failed;
	sum->requeued += s->requeued;
	sum->timeouts += s->timeouts;
	sum->aborts += s->aborts;
	sum->resets += s->resets;
	for (unsigned int k = 0; k < NVME_PROTO_ERR_COUNT; k++)
		hf_array_at(sum->protocol_errors, k) += hf_array_at(s->protocol_errors, k);
}

/* Retry the start: it fails if the Identify data is invalid. */
static int run_once(struct torture *t)
{
	struct host_outcome out = { .start = 0 };
	int status = CLI_OK;

	for (u32 tries = 0; tries < START_TRIES && !hfnvme_interrupted(); tries++) {
		if (!t->host.model) {
			status = host_plug(&t->host, &t->image, true);
			if (status)
				return status;
		}
		status = host_run(&t->host, &out, run_body, t);
		if (!out.start)
			break;
		t->starts_rejected++;
	}
	if (out.start)
		return hfnvme_interrupted() ? CLI_OK : host_start_error(&t->host, out.start);
	t->runs++;
	/* Commands that the shutdown cancelled. */
	hf_for_each(w, t->workers)
		settle_all(w);
	add_driver_stats(&t->driver, &out.stats);
	return status;
}

static int run_all(struct torture *t)
{
	u64 left = t->commands, runs = t->commands / MIN_COMMANDS_A_RUN;
	u64 each;

	runs = runs < 1 ? 1 : runs > RUNS ? RUNS : runs;
	each = (t->commands + runs - 1) / runs;
	while (left && !hfnvme_interrupted()) {
		u64 now = left < each ? left : each, issued = 0;
		u64 queues = hf_len(t->workers), i = 0;
		int status;

		hf_for_each(w, t->workers)
			w->share = now / queues + (i++ < now % queues);
		status = run_once(t);
		if (status)
			return status;
		hf_for_each(w, t->workers) {
			issued += w->issued;
			t->lost += w->stuck + w->engine.submitted - w->engine.completed;
		}
		/* The memory of lost commands cannot be reused: stop. */
		if (t->lost)
			return CLI_FAILED;
		left -= issued < left ? issued : left;
	}
	return CLI_OK;
}

/* ---- The final check ---- */

/* Read every block, without faults. */
static int check_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	struct torture *t = arg;
	struct worker *w = &hf_at(t->workers, 0);
	struct io_slot *s = &hf_at(w->engine.slots, 0);
	struct command *c = command_of(w, s);
	u64 lba = 0;

	(void)h;
	io_engine_attach(&w->engine, ctrl);
	while (lba < t->blocks) {
		struct range r = {
			.lba = lba,
			.blocks = t->blocks - lba < t->max_blocks ? (u32)(t->blocks - lba)
								  : t->max_blocks,
		};
		int err;

		*c = (struct command) { .kind = TORTURE_READ, .ranges = 1 };
		c->range[0] = r;
		if (!shadow_take(&t->shadow, r, false))
			return cli_error("a defect of this program: blocks are still reserved");
		err = prepare_read(w, s, c);
		if (!err)
			err = io_wait(s);
		if (!err)
			check_blocks(w, s, c);
		release(w, c, WRITTEN, err ? NULL : w->found);
		if (err)
			return cli_error("blocks %llu to %llu cannot be read any more: %s",
					    (unsigned long long)lba,
					    (unsigned long long)(lba + r.blocks - 1),
					    host_status_text(s->status, err).s);
		lba += r.blocks;
		hfnvme_progress(&t->progress, lba);
	}
	return CLI_OK;
}

static int final_check(struct torture *t)
{
	struct host_outcome out;
	int status;

	host_unplug(&t->host);
	status = host_plug(&t->host, &t->image, false);
	if (status)
		return status;
	hfnvme_progress_end(&t->progress);
	hfnvme_progress_init(&t->progress, t->o, "verifying", "blocks", t->blocks);
	status = host_run(&t->host, &out, check_body, t);
	if (out.start)
		return host_start_error(&t->host, out.start);
	add_driver_stats(&t->driver, &out.stats);
	return status;
}

/* ---- Initialisation ---- */

static int worker_init(struct torture *t, struct worker *w, u32 index)
{
	u32 depth = t->o->depth;
	int status;

	w->t = t;
	w->queue = index + 1;
	w->random = stamp_mix(t->o->seed + index + 1);
	status = io_engine_init(&w->engine, &t->host, depth, MAX_BYTES);
	if (status)
		return status;
	if (hf_vec_reserve(&w->commands, depth, GFP_KERNEL) ||
	    hf_vec_reserve(&w->idle, depth, GFP_KERNEL))
		return cli_error("out of memory");
	for (u32 i = 0; i < depth; i++)
		if (hf_vec_push_within(&w->commands, (struct command){ 0 }) ||
		    hf_vec_push_within(&w->idle, i))
			return cli_error("out of memory");
	return CLI_OK;
}

static void worker_fini(struct worker *w)
{
	/* A worker that was not initialised has no engine. */
	if (w->engine.host)
		io_engine_fini(&w->engine);
	command_vec_drop(&w->commands);
	u32_vec_drop(&w->idle);
}

static int torture_init(struct torture *t)
{
	const struct host_timeouts timeouts = { .command = 100, .abort = 50, .admin = 300 };
	u32 index = 0;
	int status;

	t->blocks = t->image.size / t->o->block_size;
	t->max_blocks = MAX_BYTES / t->o->block_size;
	if (t->max_blocks > t->blocks)
		t->max_blocks = (u32)t->blocks;
	status = host_init(&t->host, t->o, &timeouts);
	if (status)
		return status;
	t->host.silent = true;
	t->worker_memory = hf_user_alloc(t->o->queues * sizeof(struct worker), GFP_KERNEL);
	if (!t->worker_memory)
		return cli_error("out of memory");
	/* SAFETY: allocated with this many; freed in torture_fini(). */
	t->workers = hf_slice_unchecked(worker_slice, t->worker_memory, t->o->queues);
	if (shadow_init(&t->shadow, t->blocks))
		return cli_error("out of memory for a record of %llu blocks",
				    (unsigned long long)t->blocks);
	hf_for_each(w, t->workers)
		if (!status)
			status = worker_init(t, w, index++);
	return status;
}

/* Returns how many objects and mappings leaked. */
static size_t torture_fini(struct torture *t, size_t live_before)
{
	size_t left = 0;

	hf_for_each(w, t->workers)
		worker_fini(w);
	t->workers = (struct worker_slice) { .len_ = 0 };
	hf_user_free(t->worker_memory);
	shadow_fini(&t->shadow);
	if (t->host.iommu)
		left = host_fini(&t->host);
	return left + (hf_user_live() - live_before);
}

/* ---- The report ---- */

struct verdict {
	u64 commands, kinds[TORTURE_KINDS];
	u64 expected, unexpected;
	u64 twice;
	u64 corrupt;
	size_t leaks;
	int first_unexpected;
};

static void sum_up(struct torture *t, struct verdict *v)
{
	hf_for_each(w, t->workers) {
		for (u32 k = 0; k < TORTURE_KINDS; k++) {
			hf_array_at(v->kinds, k) += hf_array_at(w->count, k);
			v->commands += hf_array_at(w->count, k);
		}
		v->expected += w->errors_expected;
		v->unexpected += w->errors_unexpected;
		if (w->errors_unexpected)
			v->first_unexpected = w->unexpected;
		v->twice += w->engine.completed_twice;
	}
	hf_lock(s, &t->shadow);
	v->corrupt = s->corrupt;
}

static u64 faults_injected(const struct torture *t, bool rejectable_only)
{
	u64 sum = 0;

	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
		if (!rejectable_only || nvme_model_fault_rejectable(k))
			sum += hf_array_at(t->host.stats.faults, k);
	return sum;
}

static u64 entries_rejected(const struct torture *t)
{
	u64 sum = 0;

	/* Invalid Identify data is not an entry. */
	for (unsigned int k = 0; k < NVME_PROTO_ERR_COUNT; k++)
		if (k != NVME_PROTO_ERR_IDENTIFY)
			sum += hf_array_at(t->driver.protocol_errors, k);
	return sum;
}

/*
 * A lower bound of how many faulty entries the driver accepted. If it accepts one, it rejects the
 * valid entry of the same command later as stale. So there are more stale entries than such faults.
 * (A torn entry that was complete when the driver read it is valid, and the other one repeats it.
 * Entries that a reset discarded are not counted as rejected.)
 */
static u64 bad_entries_accepted(const struct torture *t)
{
	const u64 *injected = t->host.stats.faults, *rejected = t->driver.protocol_errors;
	u64 stale = rejected[NVME_PROTO_ERR_STALE_CID] + rejected[NVME_PROTO_ERR_UNKNOWN_CID] +
		    rejected[NVME_PROTO_ERR_TORN];
	u64 reason = injected[NVME_MODEL_UNKNOWN_CID] + injected[NVME_MODEL_REPEATED_CID] +
		     injected[NVME_MODEL_STALE_CID] + injected[NVME_MODEL_EARLY_PHASE] +
		     injected[NVME_MODEL_TORN_ENTRY];

	return stale > reason ? stale - reason : 0;
}

static bool passed(const struct torture *t, const struct verdict *v)
{
	return !t->lost && !v->twice && !bad_entries_accepted(t) && !v->corrupt && !v->leaks &&
	       !v->unexpected && !t->host.stats.driver_errors;
}

static void report_json(const struct torture *t, const struct verdict *v, const char *status)
{
	struct cli_json j = { .enabled = true };

	cli_json_open(&j, NULL);
	cli_json_string(&j, "command", "torture");
	cli_json_string(&j, "status", status);
	cli_json_u64(&j, "seed", t->o->seed);
	cli_json_u64(&j, "commands", v->commands);
	for (u32 k = 0; k < TORTURE_KINDS; k++)
		cli_json_u64(&j, hf_array_at(kind_names, k), hf_array_at(v->kinds, k));
	cli_json_real(&j, "seconds", t->seconds);
	cli_json_real(&j, "commands_per_second", (double)v->commands / t->seconds);
	cli_json_u64(&j, "queues", t->o->queues);
	cli_json_u64(&j, "depth", t->o->depth);
	cli_json_u64(&j, "block_size", t->o->block_size);
	cli_json_u64(&j, "blocks", t->blocks);
	cli_json_u64(&j, "faults_injected", faults_injected(t, false));
	cli_json_open(&j, "faults_by_kind");
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
		cli_json_u64(&j, nvme_model_fault_name(k), hf_array_at(t->host.stats.faults, k));
	cli_json_close(&j);
	cli_json_u64(&j, "entries_to_reject", faults_injected(t, true));
	cli_json_u64(&j, "entries_rejected", entries_rejected(t));
	cli_json_open(&j, "rejected_by_kind");
	for (unsigned int k = 0; k < NVME_PROTO_ERR_COUNT; k++)
		cli_json_u64(&j, nvme_protocol_error_name(k),
				hf_array_at(t->driver.protocol_errors, k));
	cli_json_close(&j);
	cli_json_u64(&j, "starts_rejected", t->starts_rejected);
	cli_json_u64(&j, "runs", t->runs);
	cli_json_u64(&j, "timeouts", t->driver.timeouts);
	cli_json_u64(&j, "aborts", t->driver.aborts);
	cli_json_u64(&j, "resets", t->driver.resets);
	cli_json_u64(&j, "resets_asked_for", t->resets_asked);
	cli_json_u64(&j, "requeued", t->driver.requeued);
	cli_json_u64(&j, "commands_with_error", v->expected);
	cli_json_open(&j, "must_be_0");
	cli_json_u64(&j, "lost", t->lost);
	cli_json_u64(&j, "completed_twice", v->twice);
	cli_json_u64(&j, "bad_entries_accepted", bad_entries_accepted(t));
	cli_json_u64(&j, "corrupted_blocks", v->corrupt);
	cli_json_u64(&j, "leaks", v->leaks);
	cli_json_u64(&j, "driver_errors", t->host.stats.driver_errors);
	cli_json_u64(&j, "unexpected_errors", v->unexpected);
	cli_json_close(&j);
	cli_json_close(&j);
}

static void report_text(const struct torture *t, const struct verdict *v, const char *status)
{
	cli_line(stdout, "torture: %llu commands in %.1f s, %.0f a second; %s, %llu blocks of %u; "
	       "%u queue pairs, %u deep; seed %llu",
	       (unsigned long long)v->commands, t->seconds, (double)v->commands / t->seconds,
	       t->o->image ? t->o->image : "memory", (unsigned long long)t->blocks,
	       t->o->block_size, t->o->queues, t->o->depth, (unsigned long long)t->o->seed);
	for (u32 k = 0; k < TORTURE_KINDS; k++)
		printf("%s%llu %s", k ? ", " : "  ", (unsigned long long)hf_array_at(v->kinds, k),
		       hf_array_at(kind_names, k));
	printf("\n\n  %-36s  %s\n", "faults injected by the controller",
	       "entries rejected by the driver");
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT || k < NVME_PROTO_ERR_COUNT; k++) {
		if (k < NVME_MODEL_FAULT_COUNT)
			printf("    %-22s %11llu", nvme_model_fault_name(k),
			       (unsigned long long)hf_array_at(t->host.stats.faults, k));
		else
			printf("    %-22s %11s", "", "");
		if (k < NVME_PROTO_ERR_COUNT)
			printf("    %-22s %11llu", nvme_protocol_error_name(k),
			       (unsigned long long)hf_array_at(t->driver.protocol_errors, k));
		else if (k == NVME_PROTO_ERR_COUNT)
			printf("    %-22s %11llu", "invalid-identify, start",
			       (unsigned long long)t->starts_rejected);
		putchar('\n');
	}
	printf("    %-22s %11llu    %-22s %11llu\n", "together",
	       (unsigned long long)faults_injected(t, false), "together",
	       (unsigned long long)(entries_rejected(t) + t->starts_rejected +
				    hf_array_at(t->driver.protocol_errors, NVME_PROTO_ERR_IDENTIFY)));
	printf("    %-22s %11llu    %-22s %11llu\n\n", "entries to reject",
	       (unsigned long long)faults_injected(t, true), "entries rejected",
	       (unsigned long long)entries_rejected(t));
	printf("  driver: %u runs, %llu timeouts, %llu aborts, %llu resets (%llu asked for), "
	       "%llu commands sent again, %llu ended with an error\n",
	       t->runs, (unsigned long long)t->driver.timeouts,
	       (unsigned long long)t->driver.aborts, (unsigned long long)t->driver.resets,
	       (unsigned long long)t->resets_asked, (unsigned long long)t->driver.requeued,
	       (unsigned long long)v->expected);
	printf("  must be 0: commands lost %llu, completed twice %llu, bad entries accepted %llu, "
	       "corrupted blocks %llu, leaks %zu, driver errors %llu, unexpected errors %llu\n",
	       (unsigned long long)t->lost, (unsigned long long)v->twice,
	       (unsigned long long)bad_entries_accepted(t), (unsigned long long)v->corrupt, v->leaks,
	       (unsigned long long)t->host.stats.driver_errors,
	       (unsigned long long)v->unexpected);
	printf("  %s\n", status);
}

static int judge(struct torture *t, const struct verdict *v, int status)
{
	const char *word = "passed";

	if (v->unexpected)
		cli_error("commands failed for which there is no reason, the first with %s%s",
			     hf_errname(v->first_unexpected),
			     t->host.stats.medium_errors
				     ? "; the image could not be written or read"
				     : "");
	for (u32 i = 0; i < NVME_MODEL_ERRORS && hf_array_at(t->host.driver_errors, i)[0]; i++)
		cli_note("driver error: %s", hf_array_at(t->host.driver_errors, i));
	if (!passed(t, v))
		status = CLI_FAILED;
	else if (!status && hfnvme_interrupted())
		status = CLI_INTERRUPTED;
	if (status)
		word = status == CLI_INTERRUPTED ? "interrupted" : "FAILED";
	if (t->o->json)
		report_json(t, v, word);
	else
		report_text(t, v, word);
	return status;
}

/* Zero an existing image. */
static int wipe(const struct cli_options *o, const struct hfnvme_image *image)
{
	if (!o->image || o->create)
		return CLI_OK;
	if (!o->force)
		return cli_error(
			"%s: torture destroys what it holds; add --force if that is meant, "
			"--create SIZE to make another, or leave the image out to use memory",
			o->image);
	if (ftruncate(image->fd, 0) || ftruncate(image->fd, (off_t)image->size))
		return cli_error("%s: cannot be made all zeroes: %s", o->image,
				    hf_errname(errno));
	return CLI_OK;
}

int hfnvme_torture(const struct cli_options *o)
{
	struct torture t = {
		.o = o,
		.commands = o->commands ? o->commands : USUAL_COMMANDS,
	};
	struct verdict v = { .commands = 0 };
	size_t live_before = hf_user_live();
	double start;
	int status;

	if (t.commands > MAX_COMMANDS)
		return cli_usage("--commands: %u at most", MAX_COMMANDS);
	status = hfnvme_image_open(&t.image, o, true);
	if (status)
		return status;
	status = wipe(o, &t.image);
	if (!status) {
		hf_lock_init(&t.shadow);
		hf_lock_init(&t.rounds);
		{
			hf_lock(r, &t.rounds);
			hf_cond_init(&r->changed);
		}
		hfnvme_progress_init(&t.progress, o, "torture", "commands", t.commands);
		start = hfnvme_now();
		status = torture_init(&t);
		if (!status)
			status = run_all(&t);
		t.seconds = hfnvme_now() - start;
		if (!status && !hfnvme_interrupted())
			status = final_check(&t);
		hfnvme_progress_end(&t.progress);
		sum_up(&t, &v);
		v.leaks = torture_fini(&t, live_before);
		{
			hf_lock(r, &t.rounds);
			hf_cond_fini(&r->changed);
		}
		hf_lock_fini(&t.rounds);
		if (v.commands || hfnvme_interrupted())
			status = judge(&t, &v, status);
	}
	hfnvme_image_close(&t.image, !status || v.commands);
	return status;
}
