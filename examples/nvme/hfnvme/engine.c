/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Commands with their memory. See host.h.
 *
 * A request is owned by its slot, then by the driver core, then, completed, by the engine's list.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "host.h"

#define SPINS_BUSY	50u		/* polls without a completion before the thread yields */
#define SPINS_YIELD	150u		/* and before it sleeps */
#define SLEEP_NS	50000

/* ---- Initialisation ---- */

/* The page-aligned part of an allocation. */
static struct u8_slice page_aligned(void *memory, size_t size)
{
	size_t start = (NVME_PAGE_SIZE - (unsigned long)memory % NVME_PAGE_SIZE) % NVME_PAGE_SIZE;

	/* SAFETY: the caller allocated size bytes and a page. */
	return hf_slice_unchecked(u8_slice, (u8 *)memory + start, size);
}

static void io_done(struct nvme_request_own done, int err);

static int slot_init(struct io_engine *e, struct io_slot *s, u32 index, struct u8_slice memory)
{
	s->engine = e;
	s->index = index;
	s->memory = memory;
	hf_set(s->req, hf_try(hf_new(nvme_request, GFP_KERNEL)));
	hf_mut(s->req)->done = io_done;
	hf_mut(s->req)->ctx = s;
	return 0;
}

int io_engine_init(struct io_engine *e, struct host *h, u32 slots, size_t bytes)
{
	/* Data may start anywhere in a page. */
	size_t stride =
		((bytes + NVME_PAGE_SIZE - 1) & ~(size_t)(NVME_PAGE_SIZE - 1)) + NVME_PAGE_SIZE;
	struct u8_slice data;

	memset(e, 0, sizeof(*e));
	e->host = h;
	hf_lock_init(&e->done);
	{
		hf_lock(done, &e->done);
		nvme_requests_init(done);
	}
	e->slot_memory = hf_user_alloc(slots * sizeof(struct io_slot), GFP_KERNEL);
	e->data_memory = hf_user_alloc(slots * stride + NVME_PAGE_SIZE, GFP_KERNEL);
	if (!e->slot_memory || !e->data_memory) {
		io_engine_fini(e);
		return hfnvme_error("out of memory for %u commands of %s", slots,
				    hfnvme_bytes(bytes).s);
	}
	/* SAFETY: allocated with this many above; freed after the last use, in io_engine_fini(). */
	e->slots = hf_slice_unchecked(io_slot_slice, e->slot_memory, slots);
	data = page_aligned(e->data_memory, slots * stride);
	for (u32 i = 0; i < slots; i++) {
		struct u8_slice memory =
			hf_expect(hf_subslice(data, i * stride, stride), "allocated so");

		if (slot_init(e, &hf_at(e->slots, i), i, memory)) {
			io_engine_fini(e);
			return hfnvme_error("out of memory");
		}
	}
	return 0;
}

void io_engine_fini(struct io_engine *e)
{
	hf_for_each(s, e->slots)
		nvme_request_own_drop(&s->req);
	{
		hf_lock(done, &e->done);
		nvme_requests_fini(done);
	}
	hf_lock_fini(&e->done);
	e->slots = (struct io_slot_slice) { .len_ = 0 };
	hf_user_free(e->slot_memory);
	hf_user_free(e->data_memory);
	e->slot_memory = e->data_memory = NULL;
	e->host = NULL;
}

void io_engine_attach(struct io_engine *e, const struct nvme_ctrl *ctrl)
{
	e->ctrl = ctrl;
	e->ns = hf_expect(hf_get(nvme_ctrl_namespaces(ctrl), 0), "a controller has a namespace");
}

/* ---- Preparing ---- */

struct u8_slice_result io_slot_bytes(struct io_slot *s, size_t offset, size_t len)
{
	return hf_subslice(s->memory, offset, len);
}

static void slot_take_back(struct io_slot *s)
{
	hf_dma_unmap_to_device(&s->to_device);
	(void)hf_dma_unmap_from_device(&s->from_device);
}

/* One segment, or two if the data is not page-aligned, so that both SGLs and PRP lists are used. */
static struct nvme_segment_cslice slot_segments(struct io_slot *s, dma_addr_t addr, size_t len)
{
	const u32 first = NVME_PAGE_SIZE - (u32)(addr % NVME_PAGE_SIZE);

	if (first == NVME_PAGE_SIZE || len <= first) {
		s->segments[0] = (struct nvme_segment) { .addr = addr, .len = (u32)len };
		return hf_expect(hf_array_subslice(nvme_segment_cslice, s->segments, 0, 1), "a constant");
	}
	s->segments[0] = (struct nvme_segment) { .addr = addr, .len = first };
	s->segments[1] = (struct nvme_segment) { .addr = addr + first, .len = (u32)len - first };
	return hf_slice(nvme_segment_cslice, s->segments);
}

/* Unmap the memory if the preparation failed. */
static int slot_prepared(struct io_slot *s, int err)
{
	if (err)
		slot_take_back(s);
	return err;
}

int io_slot_read(struct io_slot *s, u64 lba, u32 blocks, struct u8_slice bytes)
{
	hf_try_errno(hf_dma_map_from_device(&s->from_device, &s->engine->host->dev, bytes));
	return slot_prepared(s, nvme_prep_read(hf_mut(s->req), s->engine->ns, lba, blocks,
					       slot_segments(s, hf_dma_addr(&s->from_device),
							     hf_len(bytes))));
}

int io_slot_write(struct io_slot *s, u64 lba, u32 blocks, struct u8_cslice bytes,
		  unsigned int flags)
{
	hf_try_errno(hf_dma_map_to_device(&s->to_device, &s->engine->host->dev, bytes));
	return slot_prepared(s, nvme_prep_write(hf_mut(s->req), s->engine->ns, lba, blocks,
						slot_segments(s, hf_dma_addr(&s->to_device),
							      hf_len(bytes)),
						flags));
}

int io_slot_write_zeroes(struct io_slot *s, u64 lba, u32 blocks, unsigned int flags)
{
	return slot_prepared(s, nvme_prep_write_zeroes(hf_mut(s->req), s->engine->ns, lba, blocks,
						       flags));
}

int io_slot_deallocate(struct io_slot *s, u32 ranges, struct u8_cslice bytes)
{
	hf_try_errno(hf_dma_map_to_device(&s->to_device, &s->engine->host->dev, bytes));
	return slot_prepared(s, nvme_prep_deallocate(hf_mut(s->req), s->engine->ns, ranges,
						     slot_segments(s, hf_dma_addr(&s->to_device),
								   hf_len(bytes))));
}

int io_slot_flush(struct io_slot *s)
{
	return slot_prepared(s, nvme_prep_flush(hf_mut(s->req), s->engine->ns));
}

void io_slot_cancel(struct io_slot *s)
{
	slot_take_back(s);
}

/* ---- In flight ---- */

int io_slot_submit(struct io_slot *s, unsigned int queue)
{
	struct io_engine *e = s->engine;
	int err;

	s->queue = queue;
	/* Before the submission: the command may complete before nvme_submit() returns. */
	__atomic_store_n(&s->in_flight, 1, __ATOMIC_RELAXED);
	err = nvme_submit(e->ctrl, queue, &s->req);
	if (err) {
		__atomic_store_n(&s->in_flight, 0, __ATOMIC_RELAXED);
		return err;
	}
	e->submitted++;
	return 0;
}

static void io_done(struct nvme_request_own done, int err)
{
	hf_let(nvme_request, req, done);
	struct io_slot *s = hf_ref(req)->ctx;
	struct io_engine *e = s->engine;

	if (!__atomic_exchange_n(&s->in_flight, 0, __ATOMIC_RELAXED)) {
		__atomic_fetch_add(&e->completed_twice, 1, __ATOMIC_RELAXED);
		/* SAFETY: a second owner of a request that has another: it must not be dropped. */
		(void)hf_leak(req);
		return;
	}
	s->err = err;
	s->status = hf_ref(req)->status;
	hf_lock(list, &e->done);
	nvme_requests_push_back(list, hf_move(req));
}

void io_poll(struct io_engine *e, unsigned int queue)
{
	(void)nvme_poll(e->ctrl, queue);
}

static struct nvme_request_own_result done_pop(struct io_engine *e)
{
	hf_lock(list, &e->done);
	return nvme_requests_pop_front(list);
}

struct io_slot *io_next_done(struct io_engine *e)
{
	struct io_slot *s;

	hf_let(nvme_request, req, hf_try_or(done_pop(e), NULL));
	s = hf_ref(req)->ctx;
	hf_set(s->req, hf_move(req));
	slot_take_back(s);
	e->completed++;
	return s;
}

void io_relax(struct io_engine *e, bool did)
{
	const struct timespec nap = { .tv_nsec = SLEEP_NS };

	if (!e->host->real_time) {
		if (!did)
			host_pass(e->host);
		return;
	}
	if (did) {
		e->idle = 0;
		return;
	}
	if (++e->idle > SPINS_YIELD) {
		nanosleep(&nap, NULL);
		host_tick_if_due(e->host);
	} else if (e->idle > SPINS_BUSY) {
		sched_yield();
	}
}

int io_wait(struct io_slot *s)
{
	struct io_engine *e = s->engine;
	int err;

	while ((err = io_slot_submit(s, 1)) == -EAGAIN) {
		io_poll(e, 1);
		io_relax(e, false);
	}
	if (err) {
		io_slot_cancel(s);
		return err;
	}
	while (io_next_done(e) != s) {
		io_poll(e, 1);
		io_relax(e, false);
	}
	return s->err;
}
