/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * bench: commands a second, on the model or on the null controller.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "host.h"
#include "../bench/null.h"
#include "stamp.h"

#define USUAL_IO_SIZE		4096u
#define USUAL_RUNTIME_MS	5000u
#define CLOCK_EVERY		64u	/* rounds between reads of the clock */

struct bench {
	const struct cli_options *o;
	struct hfnvme_progress progress;
	u32 io_size;
	u64 commands;
	u64 failed;
	double seconds;
	double cpu_seconds;		/* CPU time with the null controller; 0: not measured */
};

static bool bench_goes_on(struct bench *b, double start)
{
	if (hfnvme_interrupted())
		return false;
	if (b->o->commands)
		return b->commands < b->o->commands;
	return (hfnvme_now() - start) * 1000 <
	       (double)(b->o->runtime_ms ? b->o->runtime_ms : USUAL_RUNTIME_MS);
}

/* ---- On the model ---- */

static bool bench_is_random(const struct cli_options *o)
{
	return o->ops == HFNVME_OPS_RANDREAD || o->ops == HFNVME_OPS_RANDWRITE;
}

static bool bench_writes(const struct cli_options *o)
{
	return o->ops == HFNVME_OPS_WRITE || o->ops == HFNVME_OPS_RANDWRITE;
}

static int bench_prepare(struct bench *b, struct io_slot *s, u64 *random, u64 *next)
{
	const struct nvme_namespace *ns = s->engine->ns;
	u32 blocks = b->io_size >> ns->block_shift;
	u64 places = ns->blocks / blocks;
	u64 place = bench_is_random(b->o) ? stamp_below(random, places) : (*next)++ % places;

	if (bench_writes(b->o))
		return io_slot_write(s, place * blocks, blocks, 0, b->io_size, 0);
	return io_slot_read(s, place * blocks, blocks, 0, b->io_size);
}

/* Submit a command; false if that failed, or a reset is in progress. */
static bool bench_issue(struct bench *b, struct io_slot *s, u64 *random, u64 *next)
{
	int err = bench_prepare(b, s, random, next);

	if (!err)
		err = io_slot_submit(s, s->index % b->o->queues + 1);
	if (!err)
		return true;
	io_slot_cancel(s);
	b->failed += err != -EAGAIN;
	return false;
}

static void bench_loop(struct bench *b, struct io_engine *e)
{
	u64 random = b->o->seed, next = 0, issued = 0,
	    want = b->o->commands ? b->o->commands : ~0ull;
	double start = hfnvme_now();
	bool going = true, fresh = true;
	u32 in_flight = 0, round = 0;
	struct io_slot *s;

	for (;;) {
		if (round++ % CLOCK_EVERY == 0)
			going = bench_goes_on(b, start);
		going &= !b->failed;
		/* First all slots, later those that completed. */
		for (u32 i = 0; fresh && going && i < hf_len(e->slots) && issued < want; i++) {
			if (!bench_issue(b, &hf_at(e->slots, i), &random, &next))
				break;
			issued++;
			in_flight++;
		}
		for (u32 q = 1; q <= b->o->queues; q++)
			io_poll(e, q);
		while ((s = io_next_done(e))) {
			in_flight--;
			b->commands++;
			b->failed += s->err && s->err != -ETIMEDOUT;
			e->idle = 0;
			if (going && issued < want && bench_issue(b, s, &random, &next)) {
				issued++;
				in_flight++;
			}
		}
		hfnvme_progress(&b->progress, b->commands);
		if (!in_flight && (!going || issued >= want))
			break;
		/* Nothing is in flight: submit all slots again. */
		fresh = !in_flight;
		io_relax(e, false);
	}
	b->seconds = hfnvme_now() - start;
}

static int bench_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	struct nvme_namespace_cslice namespaces = nvme_ctrl_namespaces(ctrl);
	const struct nvme_namespace *ns = hf_expect(hf_get(namespaces, 0), "there is one at least");
	struct bench *b = arg;
	struct io_engine e;
	int status;

	if (b->io_size > ns->max_blocks << ns->block_shift)
		return cli_error("--io-size: the controller takes %s at once",
				    hfnvme_bytes((u64)ns->max_blocks << ns->block_shift).s);
	if (b->io_size > ns->blocks << ns->block_shift)
		return cli_error("--io-size: the device is %s long, shorter than one command",
				    hfnvme_bytes(ns->blocks << ns->block_shift).s);
	status = io_engine_init(&e, h, h->o->queues * h->o->depth, b->io_size);
	if (status)
		return status;
	io_engine_attach(&e, ctrl);
	hfnvme_progress_init(&b->progress, h->o, "bench", "commands", h->o->commands);
	bench_loop(b, &e);
	hfnvme_progress_end(&b->progress);
	io_engine_fini(&e);
	return b->failed ? CLI_FAILED : CLI_OK;
}

static int bench_on_model(struct bench *b)
{
	const struct cli_options *o = b->o;
	const struct host_timeouts timeouts = { .command = 30000, .abort = 5000, .admin = 10000 };
	const struct host_timeouts faulty = { .command = 500, .abort = 200, .admin = 500 };
	struct hfnvme_image image;
	struct host_outcome out;
	struct host h;
	int status;

	if (o->image && bench_writes(o) && !o->force)
		return cli_error(
			"%s: --ops %s destroys what it holds; add --force if that is meant, "
			"or leave the image out to use memory",
			o->image, hfnvme_ops_name(o->ops));
	status = hfnvme_image_open(&image, o, bench_writes(o));
	if (status)
		return status;
	status = host_init_real_time(&h, o, o->faults ? &faulty : &timeouts);
	if (!status) {
		h.silent = o->faults;
		status = host_plug(&h, &image, o->faults);
		if (!status) {
			status = host_run(&h, &out, bench_body, b);
			if (out.start)
				status = host_start_error(&h, out.start);
			else if (b->failed)
				cli_error("%llu of %llu commands failed",
					     (unsigned long long)b->failed,
					     (unsigned long long)b->commands);
		}
		if (host_fini(&h))
			status = cli_error("a defect of this program: DMA mappings leaked");
	}
	hfnvme_image_close(&image, true);
	return status;
}

/* ---- On the null controller ---- */

/*
 * Only the path of a command through the driver: prepare, submit, complete. The data is mapped
 * once, as nothing is transferred.
 */
struct null_slot {
	struct nvme_request_own req;
	struct null_bench *bench;
};

HF_SLICE_DEFINE(null_slot, struct null_slot);

struct null_bench {
	struct bench *b;
	struct null_controller *null;
	struct null_slot_slice slots;
	u64 completed;
	u64 failed;
};

static void null_done(struct nvme_request_own done, int err)
{
	hf_let(nvme_request, req, done);
	struct null_slot *s = hf_ref(req)->ctx;

	s->bench->completed++;
	s->bench->failed += err != 0;
	hf_set(s->req, hf_move(req));
}

static int null_submit(struct null_slot *s, const struct nvme_ctrl *ctrl,
		       const struct nvme_namespace *ns, u64 lba, u32 blocks,
		       struct nvme_segment_cslice data)
{
	hf_try_errno(nvme_prep_read(hf_mut(s->req), ns, lba, blocks, data));
	hf_try_errno(nvme_submit(ctrl, 1, &s->req));
	null_run(s->bench->null, 1);
	return 0;
}

static double null_cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int null_loop(struct null_bench *n, const struct nvme_ctrl *ctrl,
		     struct nvme_segment_cslice data)
{
	const struct nvme_namespace *ns =
		hf_expect(hf_get(nvme_ctrl_namespaces(ctrl), 0), "there is one");
	u32 blocks = n->b->io_size >> ns->block_shift;
	const u64 want = n->b->o->commands ? n->b->o->commands : ~0ull;
	struct null_slot_slice slots = n->slots;
	u64 submitted = 0, lba = 0;
	double start = hfnvme_now(), cpu = null_cpu_seconds();
	u32 round = 0;
	int err;

	while (round++ % CLOCK_EVERY || bench_goes_on(n->b, start)) {
		if (submitted == want)
			break;
		if (want - submitted < hf_len(slots))
			slots = hf_expect(hf_subslice(slots, 0, want - submitted), "fewer than all");
		hf_for_each(s, slots) {
			err = null_submit(s, ctrl, ns, lba, blocks, data);
			if (err)
				return err;
			submitted++;
			lba = (lba + blocks) & (NULL_BLOCKS / 2 - 1);
		}
		while (n->completed < submitted)
			if (!nvme_poll(ctrl, 1))
				return -EIO;
		n->b->commands = n->completed;
	}
	n->b->seconds = hfnvme_now() - start;
	n->b->cpu_seconds = null_cpu_seconds() - cpu;
	return n->failed ? -EIO : 0;
}

static int null_slot_init(struct null_bench *n, struct null_slot *s)
{
	hf_let(nvme_request, req, hf_try(hf_new(nvme_request, GFP_KERNEL)));

	hf_mut(req)->done = null_done;
	hf_mut(req)->ctx = s;
	s->bench = n;
	hf_set(s->req, hf_move(req));
	return 0;
}

/* Measure, on a started controller. */
static int null_measure(struct null_bench *n, const struct nvme_ctrl *ctrl, struct hf_device *dev)
{
	hf_let(u8_buffer, memory,
	       hf_try(hf_new_buffer(u8, n->b->io_size + NVME_PAGE_SIZE, GFP_KERNEL)));
	const size_t start = io_first_page(hf_ref(memory));
	hf_let(u8_from_device, lent, hf_try(u8_map_part_from_device(hf_move(memory), dev, start,
								    n->b->io_size, NULL)));
	const struct nvme_segment segment = { .addr = hf_dma_addr(lent), .len = n->b->io_size };
	int err = 0;

	hf_for_each(s, n->slots)
		if (!err)
			err = null_slot_init(n, s);
	if (!err) {
		/* SAFETY: one segment, which lives until the loop has ended. */
		err = null_loop(n, ctrl, hf_slice_unchecked(nvme_segment_cslice, &segment, 1));
	}
	/* This also ends commands that a failure left in flight. */
	(void)nvme_shutdown(ctrl);
	hf_for_each(s, n->slots)
		nvme_request_own_drop(&s->req);
	return err;
}

static int null_start_and_run(struct null_bench *n, const struct nvme_config *config)
{
	struct nvme_ctrl_own_result started = nvme_ctrl_start(config);

	if (!hf_is_ok(started)) {
		cli_error("the null controller does not start: %s",
			     hf_errname(hf_errno(started)));
		return hf_errno(started);
	}
	hf_let(nvme_ctrl, ctrl, hf_expect(started, "just tested"));
	hf_borrow(c, ctrl);
	return null_measure(n, c, config->dev);
}

static int bench_on_null(struct bench *b)
{
	const struct host_timeouts timeouts = { .command = 30000, .abort = 5000, .admin = 10000 };
	struct null_controller null;
	struct null_bench n = { .b = b, .null = &null };
	struct cli_options o = *b->o;
	void *memory;
	struct host h;
	int err, status;

	o.queues = 1;
	status = host_init_real_time(&h, &o, &timeouts);
	if (status)
		return status;
	null_init(&null, &h.dev);
	h.config.io = null_io(&null);
	h.config.ops = &null_host_ops;
	h.config.host = &null;
	h.config.max_transfer = 0;
	memory = hf_user_alloc(o.depth * sizeof(struct null_slot), GFP_KERNEL);
	if (memory) {
		/* SAFETY: allocated with this many; freed after the run. */
		n.slots = hf_slice_unchecked(null_slot_slice, memory, o.depth);
		err = null_start_and_run(&n, &h.config);
		if (err)
			status = cli_error("the driver failed on the null controller: %s",
					      hf_errname(err));
		hf_user_free(memory);
	} else {
		status = cli_error("out of memory");
	}
	if (host_fini(&h))
		status = cli_error("a defect of this program: DMA mappings leaked");
	return status;
}

/* ---- The report ---- */

static void bench_report(const struct bench *b)
{
	const struct cli_options *o = b->o;
	struct cli_json j = { .enabled = o->json };
	u32 queues = o->ops == HFNVME_OPS_SUBMIT_COMPLETE ? 1 : o->queues;
	double rate = (double)b->commands / b->seconds;

	cli_json_open(&j, NULL);
	cli_json_string(&j, "command", o->command);
	cli_json_string(&j, "ops", hfnvme_ops_name(o->ops));
	cli_json_string(&j, "checks", HFNVME_CHECKS);
	cli_json_u64(&j, "io_size", b->io_size);
	cli_json_u64(&j, "queues", queues);
	cli_json_u64(&j, "depth", o->depth);
	cli_json_u64(&j, "commands", b->commands);
	cli_json_u64(&j, "failed", b->failed);
	cli_json_real(&j, "seconds", b->seconds);
	cli_json_real(&j, "commands_per_second", rate);
	cli_json_real(&j, "ns_per_command", 1e9 / rate);
	if (b->cpu_seconds > 0)
		cli_json_real(&j, "cpu_ns_per_command",
				 b->cpu_seconds * 1e9 / (double)b->commands);
	cli_json_close(&j);
	if (o->json)
		return;
	printf("%s of %s, %u queue pair%s, %u deep, checks %s: %llu commands in %.3f s, "
	       "%.0f a second, %.1f ns each",
	       hfnvme_ops_name(o->ops), hfnvme_bytes(b->io_size).s, queues, queues == 1 ? "" : "s",
	       o->depth, HFNVME_CHECKS, (unsigned long long)b->commands, b->seconds, rate, 1e9 / rate);
	if (o->ops != HFNVME_OPS_SUBMIT_COMPLETE)
		printf(", %.0f MB/s", rate * b->io_size / 1e6);
	putchar('\n');
}

int hfnvme_bench(const struct cli_options *o)
{
	struct bench b = {
		.o = o,
		.io_size = o->io_size ? o->io_size : USUAL_IO_SIZE,
	};
	int status;

	if (o->ops == HFNVME_OPS_SUBMIT_COMPLETE && b.io_size > 128 * HFNVME_KIB)
		return cli_error("--io-size: the null controller takes 128 KiB at once");
	status = o->ops == HFNVME_OPS_SUBMIT_COMPLETE ? bench_on_null(&b) : bench_on_model(&b);
	if (b.commands && b.seconds > 0)
		bench_report(&b);
	return !status && hfnvme_interrupted() ? CLI_INTERRUPTED : status;
}
