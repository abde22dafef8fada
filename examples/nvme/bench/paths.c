// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Paths of the NVMe driver, measured on the null controller, which costs almost nothing (null.h).
 *
 * They have no raw twin: they are compared with the same code without checks (HF_CHECKS_OFF).
 */
#include "../../../bench/device.h"
#include "../core.h"
#include "null.h"

#define DEPTH_MAX	(NULL_ENTRIES - 1)	/* one entry of a ring stays empty */
#define SEGMENTS	16u			/* of two pages each, in a list */

struct slot {
	struct nvme_request_own req;
	struct machine *machine;
};

HF_SLICE_DEFINE(bench_slot, struct slot);

/* A controller, its driver, and requests; created at the first call and never freed. */
struct machine {
	struct null_controller null;
	struct hf_device dev;
	struct nvme_ctrl_own ctrl;
	struct nvme_prps lists;
	struct nvme_segment segment;
	struct slot slots[DEPTH_MAX];
	u64 completed, failed;
	bool started;
};

static void done(struct nvme_request_own arg, int err)
{
	hf_let(nvme_request, req, arg);
	struct slot *const s = hf_ref(req)->ctx;

	s->machine->completed++;
	s->machine->failed += err != 0;
	hf_set(s->req, hf_move(req));
}

static int start(struct machine *m)
{
	const struct nvme_config config = {
		.io = null_io(&m->null),
		.dev = &m->dev,
		.ops = &null_host_ops,
		.host = &m->null,
		.entries = NULL_ENTRIES,
	};

	hf_try_errno(bench_device_new(&m->dev));
	null_init(&m->null, &m->dev);
	hf_set(m->ctrl, hf_try(nvme_ctrl_start(&config)));
	m->lists = hf_try(nvme_prps_alloc(&m->dev, 2 * SEGMENTS, GFP_KERNEL));
	m->segment = (struct nvme_segment){ .addr = NVME_PAGE_SIZE, .len = NVME_PAGE_SIZE };
	hf_for_each(s, hf_slice(bench_slot_slice, m->slots)) {
		hf_set(s->req, hf_try(hf_new(nvme_request, GFP_KERNEL)));
		hf_mut(s->req)->done = done;
		hf_mut(s->req)->ctx = s;
		s->machine = m;
	}
	m->started = true;
	return 0;
}

static struct machine the_machine;

static struct machine *machine(void)
{
	if (!the_machine.started && start(&the_machine))
		__builtin_trap();
	return &the_machine;
}

void bench_nvme_end(void)
{
	struct machine *const m = &the_machine;

	if (!m->started)
		return;
	hf_for_each(s, hf_slice(bench_slot_slice, m->slots))
		nvme_request_own_drop(&s->req);
	nvme_prps_drop(&m->lists);
	nvme_ctrl_own_drop(&m->ctrl);
	bench_device_free(&m->dev);
	m->started = false;
}

/* --- prepared, submitted, completed: so many at once --------------------------------------------- */

static s64 submit_and_complete(size_t depth, size_t rounds)
{
	struct machine *const m = machine();
	const struct nvme_ctrl *const ctrl = hf_ref(m->ctrl);
	const struct nvme_namespace *const ns = hf_try(hf_get(nvme_ctrl_namespaces(ctrl), 0));
	struct bench_slot_slice slots = hf_try(hf_array_subslice(bench_slot_slice, m->slots, 0, depth));
	const u64 before = m->completed;
	u64 lba = 0;

	for (size_t i = 0; i < rounds; i++) {
		hf_for_each(s, slots) {
			/* SAFETY: one segment, which is never freed. */
			hf_try_errno(nvme_prep_read(hf_mut(s->req), ns, lba, 8,
						    hf_slice_unchecked(nvme_segment_cslice,
								       &m->segment, 1)));
			hf_try_errno(nvme_submit(ctrl, 1, &s->req));
			null_run(&m->null, 1);
			lba = (lba + 8) & (NULL_BLOCKS / 2 - 1);
		}
		while (nvme_in_flight(ctrl, 1))
			if (!nvme_poll(ctrl, 1))
				return -EIO;
	}
	return m->failed ? -EIO : (s64)(m->completed - before);
}

s64 hf_nvme_queue_1(const struct bench_in *in)
{
	(void)in;
	return submit_and_complete(1, 256);
}

s64 hf_nvme_queue_32(const struct bench_in *in)
{
	(void)in;
	return submit_and_complete(32, 16);
}

s64 hf_nvme_queue_1024(const struct bench_in *in)
{
	(void)in;
	return submit_and_complete(DEPTH_MAX, 1);
}

/* --- a list of pages ------------------------------------------------------------------------------ */

s64 hf_nvme_prp_list(const struct bench_in *in)
{
	const struct nvme_prps *const lists = &machine()->lists;
	struct nvme_segment segments[SEGMENTS];
	struct nvme_sqe sqe = { .opcode = 2 };
	u64 mixed = 0;

	for (size_t i = 0; i < SEGMENTS; i++)
		hf_array_at(segments, i) = (struct nvme_segment){
			.addr = (u64)in->words[i] * NVME_PAGE_SIZE, .len = 2 * NVME_PAGE_SIZE };
	for (size_t i = 0; i < 64; i++) {
		segments[0].addr = (u64)in->more[i] * NVME_PAGE_SIZE;
		hf_try_errno(nvme_prp_check(hf_slice(nvme_segment_cslice, segments),
					    SEGMENTS * 2 * NVME_PAGE_SIZE));
		hf_try_errno(nvme_prp_build(lists, hf_slice(nvme_segment_cslice, segments), &sqe));
		mixed = mixed * 31 + hf_accept_any(hf_from_le(sqe.prp1)) +
			hf_accept_any(hf_from_le(nvme_prps_read(lists, 2 * SEGMENTS - 2)));
	}
	return (s64)(mixed >> 1);
}

/* --- all that the controller says of itself, fetched by admin commands and parsed ------------------ */

s64 hf_nvme_identify(const struct bench_in *in)
{
	const struct nvme_ctrl *const ctrl = hf_ref(machine()->ctrl);
	struct nvme_info info = *nvme_ctrl_info(ctrl);

	(void)in;
	hf_lock(m, &ctrl->manager);
	for (size_t i = 0; i < 16; i++)
		hf_try_errno(nvme_discover(ctrl, &info));
	return (s64)(hf_at(m->found, 0).is.blocks + info.max_transfer + info.queues);
}

/* --- completion entries that violate the protocol -------------------------------------------------- */

/*
 * All kinds together: whether an identifier is stale or unknown depends on earlier uses of its
 * slot.
 */
static u64 rejected(const struct nvme_ctrl *ctrl)
{
	u64 sum = 0;

	hf_lock(r, nvme_queue_of(ctrl, 1));
	hf_for_each(n, hf_slice(u64_cslice, r->protocol_errors))
		sum += *n;
	return sum;
}

s64 hf_nvme_hostile(const struct bench_in *in)
{
	struct machine *const m = machine();
	const struct nvme_ctrl *const ctrl = hf_ref(m->ctrl);
	struct null_queue *const q = &m->null.queues[1];
	const u64 before = rejected(ctrl);

	for (size_t i = 0; i < 512; i++) {
		struct nvme_cqe *const cqe = &q->cq[q->cq_tail];
		const u32 word = in->words[i];

		/*
		 * In turn: a wrong queue, an impossible head, an identifier that is not in flight.
		 */
		cqe->dw[0] = hf_le32(word);
		cqe->dw[2] = hf_le32(i % 3 == 0 ? 0x70000 : i % 3 == 1 ? 0x1ffff : 0x10000);
		cqe->dw[NVME_CQE_DW_PHASE] = hf_le32((word & 0xffff) |
						     NVME_PUT(NVME_CQE_PHASE, q->phase));
		if (++q->cq_tail == q->cq_size) {
			q->cq_tail = 0;
			q->phase ^= 1;
		}
	}
	return nvme_poll(ctrl, 1) ? -EIO : (s64)(rejected(ctrl) - before);
}
