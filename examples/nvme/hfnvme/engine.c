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

size_t io_first_page(const struct u8_buffer *memory)
{
	const unsigned long at = (unsigned long)&hf_at(u8_buffer_cslice(memory), 0);

	return (NVME_PAGE_SIZE - at % NVME_PAGE_SIZE) % NVME_PAGE_SIZE;
}

static void io_done(struct nvme_request_own done, int err);

static int slot_init(struct io_engine *e, struct io_slot *s, u32 index, size_t bytes)
{
	s->engine = e;
	s->index = index;
	/* The first whole page begins somewhere in it, and the data anywhere in that page. */
	hf_set(s->memory, hf_try(hf_new_buffer(u8, bytes + 2 * NVME_PAGE_SIZE, GFP_KERNEL)));
	s->start = io_first_page(hf_ref(s->memory));
	hf_set(s->req, hf_try(hf_new(nvme_request, GFP_KERNEL)));
	hf_mut(s->req)->done = io_done;
	hf_mut(s->req)->ctx = s;
	return 0;
}

int io_engine_init(struct io_engine *e, struct host *h, u32 slots, size_t bytes)
{
	memset(e, 0, sizeof(*e));
	e->host = h;
	hf_lock_init(&e->done);
	{
		hf_lock(done, &e->done);
		nvme_requests_init(done);
	}
	e->slot_memory = hf_user_alloc(slots * sizeof(struct io_slot), GFP_KERNEL);
	if (!e->slot_memory) {
		io_engine_fini(e);
		return cli_error("out of memory for %u commands of %s", slots,
				    hfnvme_bytes(bytes).s);
	}
	/* SAFETY: allocated with this many above; freed after the last use, in io_engine_fini(). */
	e->slots = hf_slice_unchecked(io_slot_slice, e->slot_memory, slots);
	for (u32 i = 0; i < slots; i++)
		if (slot_init(e, &hf_at(e->slots, i), i, bytes)) {
			io_engine_fini(e);
			return cli_error("out of memory");
		}
	return 0;
}

void io_engine_fini(struct io_engine *e)
{
	hf_for_each(s, e->slots) {
		nvme_request_own_drop(&s->req);
		u8_buffer_own_drop(&s->memory);
		u8_to_device_own_drop(&s->to_device);
		u8_from_device_own_drop(&s->from_device);
	}
	{
		hf_lock(done, &e->done);
		nvme_requests_fini(done);
	}
	hf_lock_fini(&e->done);
	e->slots = (struct io_slot_slice) { .len_ = 0 };
	hf_user_free(e->slot_memory);
	e->slot_memory = NULL;
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
	return hf_subslice(u8_buffer_slice(hf_mut(s->memory)), s->start + offset, len);
}

static void slot_take_back(struct io_slot *s)
{
	if (!hf_is_empty(s->to_device))
		hf_set(s->memory, u8_unmap_to_device(hf_take(s->to_device)));
	if (!hf_is_empty(s->from_device))
		hf_set(s->memory, u8_unmap_from_device(hf_take(s->from_device)));
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

static int slot_map_to_device(struct io_slot *s, size_t offset, size_t len)
{
	return hf_set_ok(s->to_device,
			 u8_map_part_to_device(hf_take(s->memory), &s->engine->host->dev,
					       s->start + offset, len, &s->memory));
}

int io_slot_read(struct io_slot *s, u64 lba, u32 blocks, size_t offset, size_t len)
{
	hf_try_errno(hf_set_ok(s->from_device,
			       u8_map_part_from_device(hf_take(s->memory), &s->engine->host->dev,
						       s->start + offset, len, &s->memory)));
	return slot_prepared(s, nvme_prep_read(hf_mut(s->req), s->engine->ns, lba, blocks,
					       slot_segments(s, hf_dma_addr(s->from_device),
							     len)));
}

int io_slot_write(struct io_slot *s, u64 lba, u32 blocks, size_t offset, size_t len,
		  unsigned int flags)
{
	hf_try_errno(slot_map_to_device(s, offset, len));
	return slot_prepared(s, nvme_prep_write(hf_mut(s->req), s->engine->ns, lba, blocks,
						slot_segments(s, hf_dma_addr(s->to_device), len),
						flags));
}

int io_slot_write_zeroes(struct io_slot *s, u64 lba, u32 blocks, unsigned int flags)
{
	return slot_prepared(s, nvme_prep_write_zeroes(hf_mut(s->req), s->engine->ns, lba, blocks,
						       flags));
}

int io_slot_deallocate(struct io_slot *s, u32 ranges, size_t offset, size_t len)
{
	hf_try_errno(slot_map_to_device(s, offset, len));
	return slot_prepared(s, nvme_prep_deallocate(hf_mut(s->req), s->engine->ns, ranges,
						     slot_segments(s, hf_dma_addr(s->to_device),
								   len)));
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
