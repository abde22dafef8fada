// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Queue pairs (NVMe 1.4, 4.1): identifiers, rings, doorbells, completion. */
#include "core.h"

/* ---- Life ---- */

void nvme_queue_fini(struct nvme_queue *q)
{
	/* SAFETY: before its start and after its end nobody else has access to the queue. */
	struct nvme_ring *r = hf_lock_get_mut_unchecked(q);

	nvme_sqes_drop(&r->sq);
	nvme_cqes_drop(&r->cq);
	nvme_prps_drop(&r->prps);
	nvme_slot_vec_drop(&r->slots);
	hf_lock_fini(q);
}

static int ring_init(struct nvme_ring *r, const struct nvme_queue_config *c)
{
	const u16 slots = c->entries - 1;
	u16 cid;

	r->qid = c->qid;
	r->entries = c->entries;
	r->closed = -EAGAIN;
	r->retries = c->retries;
	r->prps_each = nvme_prps_needed(c->max_transfer);
	r->sq_doorbell = hf_try(hf_io_reg32(c->io, NVME_REG_SQ_TAIL(c->qid, c->dstrd)));
	r->cq_doorbell = hf_try(hf_io_reg32(c->io, NVME_REG_CQ_HEAD(c->qid, c->dstrd)));
	r->sq = hf_try(nvme_sqes_alloc(c->dev, c->entries, GFP_KERNEL));
	r->cq = hf_try(nvme_cqes_alloc(c->dev, c->entries, GFP_KERNEL));
	r->prps = hf_try(nvme_prps_alloc(c->dev, (size_t)slots * r->prps_each, GFP_KERNEL));
	hf_try_errno(hf_vec_reserve(&r->slots, slots, GFP_KERNEL));
	for (cid = 0; cid < slots; cid++)
		hf_try_errno(hf_vec_push_within(&r->slots, (struct nvme_slot){ .cid = cid }));
	nvme_ring_restart(r);
	return 0;
}

int nvme_queue_init(struct nvme_queue *q, const struct nvme_queue_config *config)
{
	int err;

	hf_lock_init(q);
	/* SAFETY: nobody else has access to the queue before the controller is started. */
	err = ring_init(hf_lock_get_mut_unchecked(q), config);
	if (err)
		nvme_queue_fini(q);
	return err;
}

const struct nvme_queue *nvme_queue_of(const struct nvme_ctrl *ctrl, size_t qid)
{
	return &hf_at(ctrl->queues, qid);
}

void nvme_ring_restart(struct nvme_ring *r)
{
	static const struct nvme_cqe blank;
	struct nvme_slot **end = &r->free;

	/* Old phase tags would look like new entries (4.6). */
	for (size_t i = 0; i < nvme_cqes_len(&r->cq); i++)
		nvme_cqes_write(&r->cq, i, blank);
	r->sq_tail = 0;
	r->cq_head = 0;
	r->phase = NVME_PUT(NVME_CQE_PHASE, 1u);
	r->doorbell_issued = r->issued;
	r->doorbell_tail = 0;

	r->in_flight = 0;
	hf_for_each(slot, r->slots) {
		*end = slot;
		end = &slot->next;
	}
	*end = NULL;
}

unsigned int nvme_ring_in_flight(const struct nvme_ring *r)
{
	return r->in_flight;
}

/* ---- Slots and identifiers ---- */

static u16 cid_slot(u16 cid)
{
	return (u16)NVME_FIELD((u32)cid, NVME_CID_SLOT);
}

/* Allocate a slot, of which one is free, and give it its next identifier. */
static inline struct nvme_slot_token slot_get(struct nvme_ring *r)
{
	struct nvme_slot *slot = r->free;

	r->free = slot->next;
	r->in_flight++;
	slot->cid = (u16)(NVME_PUT(NVME_CID_GENERATION, ++slot->uses) | cid_slot(slot->cid));
	return hf_oblige(nvme_slot, slot);
}

static inline void slot_put(struct nvme_ring *r, struct nvme_slot *slot)
{
	slot->next = r->free;
	r->free = slot;
	r->in_flight--;
}

/* ---- Submission (4.1, 7.2.1) ---- */

/*
 * Build the PRP list of a command in its slot's memory.  This is under the lock because the slot
 * is: to build it earlier would need a second locked section that allocates the slot, and a way to
 * free the slot if a reset came in between.
 */
static int list_build(const struct nvme_ring *r, const struct nvme_slot *slot,
		      struct nvme_request *req)
{
	struct nvme_prps list;

	/* An SGL; but a reset may have found that the controller takes them no more. */
	if (req->sqe.flags && hf_sys_read_once(&req->ns->can_sgl))
		return 0;
	req->sqe.flags = 0;
	list = hf_try(nvme_prps_subarray(
		&r->prps, (size_t)cid_slot(slot->cid) * r->prps_each, r->prps_each));

	return nvme_prp_build(&list, req->data, &req->sqe);
}

/*
 * Whether the request can be submitted.  Under the lock: a reset, which may have come since it was prepared, marks namespaces
 * while the queues are closed.
 */
static inline int check_request(const struct nvme_ring *r, const struct nvme_request *req)
{
	if (HF_UNLIKELY(!req->done || (r->qid && !req->ns)))
		return -EINVAL;
	return HF_UNLIKELY(r->qid && hf_sys_read_once(&req->ns->gone)) ? -ENXIO : 0;
}

/* Put *place into the ring, without writing the doorbell. */
static inline int ring_put(struct nvme_ring *r, struct nvme_request_own *place)
{
	struct nvme_request *req = hf_mut(*place);
	int err = check_request(r, req);
	struct nvme_slot *slot;

	if (HF_UNLIKELY(!r->free))
		return -EAGAIN;
	hf_owe(nvme_slot, t, slot_get(r));
	slot = hf_token_value(t);

	if (!err && hf_len(req->data))
		err = list_build(r, slot, req);
	if (HF_UNLIKELY(err)) {
		slot_put(r, hf_settle(t));
		return err;
	}
	req->sqe.cid = hf_le16(slot->cid);
	nvme_sqes_ring_write(&r->sq, &r->sq_tail, &req->sqe);

	slot->issued = r->issued++;
	slot->deadline = 0;
	slot->aborting = false;
	slot = hf_settle(t);
	hf_set(slot->req, hf_take(*place));
	return 0;
}

static void ring_doorbell(struct nvme_ring *r)
{
	r->doorbell_issued = r->issued;
	r->doorbell_tail = r->sq_tail;
	/* The register write is ordered after the entries in memory (mmio.h). */
	hf_reg32_write(&r->sq_doorbell, r->sq_tail);
}

int nvme_ring_issue(struct nvme_ring *r, struct nvme_request_own *place)
{
	hf_try_errno(ring_put(r, place));
	ring_doorbell(r);
	return 0;
}

/* ---- Completion (4.6) ---- */

/* Take the request out of a slot that is in flight, and free the slot. */
static inline struct nvme_request_own slot_take(struct nvme_ring *r, struct nvme_slot *slot)
{
	hf_let(nvme_request, req, hf_take(slot->req));

	slot_put(r, slot);
	return hf_move(req);
}

static inline void finish(struct nvme_ring *r, struct nvme_request *req, int err)
{
	req->err = err;
	req->tries = 0;
	r->completed++;
	r->failed += err != 0;
}

/* Out of line, for the slow paths. */
static HF_COLD void append(struct nvme_requests *to, struct nvme_request_own arg)
{
	hf_let(nvme_request, req, arg);

	nvme_requests_push_back(to, hf_move(req));
}

HF_COLD void nvme_ring_finish(struct nvme_ring *r, struct nvme_request_own arg, int err,
			      struct nvme_requests *done)
{
	hf_let(nvme_request, req, arg);

	finish(r, hf_mut(req), err);
	append(done, hf_move(req));
}

/* A pointer and an errno: once inlined, the errno costs nothing. */
HF_RESULT_DEFINE(nvme_slot, struct nvme_slot *);

static HF_COLD void count_protocol_error(struct nvme_ring *r, enum nvme_protocol_error error)
{
	hf_array_at(r->protocol_errors, error)++;
}

/* A protocol error has no other effect than this. */
static inline struct nvme_slot_result reject(struct nvme_ring *r, enum nvme_protocol_error error)
{
	count_protocol_error(r, error);
	return hf_err(nvme_slot, -EPROTO);
}

/* Classify an identifier that is not in flight: was it ever used? */
static enum nvme_protocol_error cid_error(const struct nvme_slot *slot, u16 cid)
{
	const u32 generation = NVME_FIELD((u32)cid, NVME_CID_GENERATION);

	if (slot->uses <= NVME_MASK_(NVME_CID_GENERATION) &&
	    (!generation || generation > slot->uses))
		return NVME_PROTO_ERR_UNKNOWN_CID;
	return NVME_PROTO_ERR_STALE_CID;
}

/* The status field (4.6.1).  It is only compared and stored, so any value is safe. */
static u16 cqe_status(const struct nvme_cqe *cqe)
{
	return hf_accept_any(hf_bits(hf_from_le(cqe->status), 1, NVME_CQE_STATUS_WIDTH));
}

/*
 * Whether the device had fetched the command when it wrote the entry, according to the entry's SQ
 * head: the head must be nearer to the tail of the last doorbell write than the command's own ring
 * entry is.
 *
 * Commands that were not fetched by then are still in flight, because their entries come after this
 * one.  So there are less than `entries` of them between the head and today's tail, and the
 * distance is unambiguous.  The command may be so old that its ring entry was used again; then it
 * was fetched.  A command that no doorbell write covers yet (@since is 0, or negative) was not.
 */
static bool was_fetched(const struct nvme_ring *r, const struct nvme_slot *slot, u32 sqhd)
{
	const u32 since = r->doorbell_issued - slot->issued;
	const u32 ahead = r->doorbell_tail >= sqhd ? r->doorbell_tail - sqhd
					       : r->doorbell_tail + r->entries - sqhd;

	return ahead < since && !(since >> 31);
}

/* The slot of the command that this entry completes; an error if the entry is invalid. */
static struct nvme_slot_result validate_cqe(struct nvme_ring *r, const struct nvme_cqe *cqe)
{
	/* Any value: it is compared, and its slot number is checked against the bounds below. */
	const u16 cid = hf_accept_any(hf_from_le(cqe->cid));
	const u32 type = NVME_FIELD((u32)cqe_status(cqe), NVME_STATUS_SCT);
	struct nvme_slot *slot = NULL;
	u16 sqhd = 0;

	if (HF_UNLIKELY(!hf_equals(hf_from_le(cqe->sqid), r->qid)))
		return reject(r, hf_equals(hf_from_le(cqe->dw[2]), ~0u) ? NVME_PROTO_ERR_TORN
								       : NVME_PROTO_ERR_WRONG_SQID);
	if (HF_UNLIKELY(hf_store_ok(sqhd, hf_below(hf_from_le(cqe->sqhd), r->entries))))
		return reject(r, NVME_PROTO_ERR_BAD_SQHD);
	if (HF_UNLIKELY(hf_store_ok(slot, hf_get(r->slots, cid_slot(cid)))))
		return reject(r, NVME_PROTO_ERR_UNKNOWN_CID);
	if (HF_UNLIKELY(hf_is_empty(slot->req) || slot->cid != cid))
		return reject(r, cid_error(slot, cid));
	if (HF_UNLIKELY(!was_fetched(r, slot, sqhd)))
		return reject(r, NVME_PROTO_ERR_BAD_SQHD);
	/*
	 * Types 4 to 6 are reserved (4.6.1), so it is unknown whether the command failed.  It stays
	 * in flight until a valid entry arrives, or it times out.
	 */
	if (HF_UNLIKELY(type > NVME_SCT_PATH && type < NVME_SCT_VENDOR))
		return reject(r, NVME_PROTO_ERR_RESERVED_STATUS);
	return hf_ok(nvme_slot, slot);
}

/* Whether to try again: the device does not exclude that it works then.  The core's own Abort is the end. */
static bool may_pass(const struct nvme_ring *r, const struct nvme_request *req, u16 status, bool aborted)
{
	return !(status & NVME_STATUS_DNR) && !aborted && req->tries < r->retries;
}

/* There is room, as the slot of the failed command is free.  ring_reap() writes the doorbell. */
static HF_COLD int ring_retry(struct nvme_ring *r, struct nvme_request_own *req)
{
	hf_mut(*req)->tries++;
	hf_try_errno(ring_put(r, req));
	r->retried++;
	return 0;
}

/* A command that ended with an error.  Out of line, so that the owner stays in a register where none does. */
static HF_COLD void ring_fail(struct nvme_ring *r, const struct nvme_cqe *cqe, struct nvme_slot *slot,
			      struct nvme_requests *done)
{
	const u16 status = cqe_status(cqe);
	const bool aborted = slot->aborting;

	hf_let(nvme_request, req, slot_take(r, slot));
	if (may_pass(r, hf_ref(req), status, aborted) && !ring_retry(r, &req))
		return;
	hf_mut(req)->status = status;
	hf_mut(req)->result = hf_from_le(cqe->result);
	nvme_ring_finish(r, hf_move(req), nvme_status_to_errno(status), done);
}

/* @cqe is a copy of the entry in the ring. */
static void ring_complete(struct nvme_ring *r, const struct nvme_cqe *cqe,
			  struct nvme_requests *done)
{
	struct nvme_slot *slot = NULL;

	if (hf_store_ok(slot, validate_cqe(r, cqe)))
		return;
	if (HF_UNLIKELY(cqe_status(cqe))) {
		ring_fail(r, cqe, slot, done);
		return;
	}
	hf_let(nvme_request, req, slot_take(r, slot));
	hf_mut(req)->status = 0;
	hf_mut(req)->result = hf_from_le(cqe->result);
	finish(r, hf_mut(req), 0);
	nvme_requests_push_back(done, hf_move(req));
}

static inline void ring_reap(struct nvme_ring *r, struct nvme_requests *done)
{
	const size_t gate = NVME_CQE_DW_PHASE * sizeof(u32);
	const u32 first = r->cq_head;
	const u64 retried = r->retried;
	u32 phase = r->phase;
	u32 head = first;
	struct nvme_cqe cqe;

	/* One full ring at most, so that a device that posts without end cannot keep us here. */
	for (u16 n = 1; n < r->entries; n++) {
		if (hf_store_ok(cqe, nvme_cqes_ring_read_if(&r->cq, &head, gate,
							 NVME_PUT(NVME_CQE_PHASE, 1u), phase)))
			break;
		if (!head)
			phase ^= NVME_PUT(NVME_CQE_PHASE, 1u);
		ring_complete(r, &cqe, done);
	}
	r->cq_head = head;
	r->phase = phase;
	if (head != first && r->attached)
		hf_reg32_write(&r->cq_doorbell, head);
	/* Otherwise a reset will submit them. */
	if (HF_UNLIKELY(r->retried != retried) && r->attached)
		ring_doorbell(r);
}

void nvme_ring_reap(struct nvme_ring *r, struct nvme_requests *done)
{
	ring_reap(r, done);
}

/*
 * The entries of a queue that is not attached are left to reap_and_cancel().  Returns 0, or the queue
 * that serves the requests of this one.
 */
static inline unsigned int queue_reap(const struct nvme_queue *q, struct nvme_requests *done)
{
	hf_lock(r, q);
	if (HF_UNLIKELY(!r->attached))
		return r->closed == NVME_ELSEWHERE ? r->elsewhere : 0;
	ring_reap(r, done);
	return 0;
}

unsigned int nvme_queue_reap(const struct nvme_queue *q, struct nvme_requests *done)
{
	return queue_reap(q, done);
}

/* ---- Time-outs and cancellation ---- */

HF_COLD void nvme_ring_cancel(struct nvme_ring *r, u8 retries, int err, struct nvme_requests *requeue,
		     struct nvme_requests *done)
{
	hf_for_each(slot, r->slots) {
		if (hf_is_empty(slot->req))
			continue;
		hf_let(nvme_request, req, slot_take(r, slot));
		if (hf_ref(req)->tries < retries) {
			hf_mut(req)->tries++;
			hf_mut(req)->queue = r->qid;
			append(requeue, hf_move(req));
			continue;
		}
		hf_mut(req)->status = NVME_NO_STATUS;
		hf_mut(req)->result = hf_untrusted_u32(0);
		nvme_ring_finish(r, hf_move(req), slot->aborting ? -ETIMEDOUT : err, done);
	}
}

enum nvme_overdue nvme_ring_overdue(struct nvme_ring *r, u64 now, const struct nvme_config *config,
				    size_t *from, u16 *cid)
{
	for (; *from < hf_len(r->slots); ++*from) {
		struct nvme_slot *slot = &hf_at(r->slots, *from);

		if (hf_is_empty(slot->req))
			continue;
		if (!slot->deadline)
			slot->deadline = now + config->timeout_ms;
		if (now < slot->deadline)
			continue;
		if (slot->aborting)
			return NVME_OVERDUE_RESET;
		slot->aborting = true;
		slot->deadline = now + config->abort_ms;
		*cid = slot->cid;
		return NVME_OVERDUE_ABORT;
	}
	return NVME_OVERDUE_NONE;
}

unsigned int nvme_finish(struct nvme_requests *done)
{
	unsigned int n = 0;

	for (; !nvme_requests_empty(done); n++) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(done), "the list is not empty"));
		void (*call)(struct nvme_request_own req, int err) = hf_ref(req)->done;
		int err = hf_ref(req)->err;

		call(hf_move(req), err);
	}
	return n;
}

/* ---- Interface ---- */

static inline int submit(const struct nvme_ctrl *ctrl, unsigned int queue,
			 struct nvme_request_own *place, bool more)
{
	const struct nvme_queue *q = hf_try(hf_get(ctrl->queues, queue));

	if (HF_UNLIKELY(!queue))
		return -ERANGE;
	hf_lock(r, q);
	if (HF_UNLIKELY(r->closed))
		return r->closed;
	hf_try_errno(ring_put(r, place));
	r->submitted++;
	if (!more)
		ring_doorbell(r);
	return 0;
}

/* The queue that serves the requests of @queue, which exists. */
static HF_COLD unsigned int serving(const struct nvme_ctrl *ctrl, unsigned int queue)
{
	hf_lock(r, nvme_queue_of(ctrl, queue));
	return r->closed == NVME_ELSEWHERE ? r->elsewhere : queue;
}

int nvme_submit(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_request_own *place)
{
	int err;

	while (HF_UNLIKELY((err = submit(ctrl, queue, place, false)) == NVME_ELSEWHERE))
		queue = serving(ctrl, queue);
	return err;
}

int nvme_enqueue(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_request_own *place)
{
	int err;

	while (HF_UNLIKELY((err = submit(ctrl, queue, place, true)) == NVME_ELSEWHERE))
		queue = serving(ctrl, queue);
	return err;
}

/* Put back the request that was not accepted. */
static HF_COLD void give_back(struct nvme_requests *reqs, struct nvme_request_own arg)
{
	hf_let(nvme_request, req, arg);

	nvme_requests_push_front(reqs, hf_move(req));
}

static inline int submit_all(const struct nvme_ctrl *ctrl, unsigned int queue,
			     struct nvme_requests *reqs)
{
	const struct nvme_queue *q = hf_try(hf_get(ctrl->queues, queue));
	int err = 0;

	if (HF_UNLIKELY(!queue))
		return -ERANGE;
	hf_lock(r, q);
	if (HF_UNLIKELY(r->closed))
		return r->closed;
	while (!err && !nvme_requests_empty(reqs)) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(reqs), "the list is not empty"));

		err = ring_put(r, &req);
		if (HF_UNLIKELY(err))
			give_back(reqs, hf_take(req));
		else
			r->submitted++;
	}
	if (r->doorbell_issued != r->issued)
		ring_doorbell(r);
	return err;
}

int nvme_submit_all(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_requests *reqs)
{
	int err;

	while (HF_UNLIKELY((err = submit_all(ctrl, queue, reqs)) == NVME_ELSEWHERE))
		queue = serving(ctrl, queue);
	return err;
}

/* Returns 0, or the queue that serves the requests of this one. */
static inline unsigned int kick(const struct nvme_queue *q)
{
	hf_lock(r, q);
	if (HF_UNLIKELY(r->closed == NVME_ELSEWHERE))
		return r->elsewhere;
	/* Otherwise it was written already, or a reset will submit all of them again. */
	if (r->attached && r->doorbell_issued != r->issued)
		ring_doorbell(r);
	return 0;
}

void nvme_kick(const struct nvme_ctrl *ctrl, unsigned int queue)
{
	const struct nvme_queue *q = NULL;

	while (!hf_store_ok(q, hf_get(ctrl->queues, queue)) && HF_UNLIKELY((queue = kick(q))))
		;
}

void nvme_reap(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_requests *done)
{
	const struct nvme_queue *q = NULL;

	/* Requests of the admin queue belong to the core. */
	while (queue && !hf_store_ok(q, hf_get(ctrl->queues, queue)))
		queue = queue_reap(q, done);
}

unsigned int nvme_poll(const struct nvme_ctrl *ctrl, unsigned int queue)
{
	const struct nvme_queue *q = NULL;
	struct nvme_requests done;

	nvme_requests_init(&done);
	while (!hf_store_ok(q, hf_get(ctrl->queues, queue)) &&
	       HF_UNLIKELY((queue = nvme_queue_reap(q, &done))))
		;
	return nvme_finish(&done);
}

unsigned int nvme_in_flight(const struct nvme_ctrl *ctrl, unsigned int queue)
{
	const struct nvme_queue *q = NULL;

	if (hf_store_ok(q, hf_get(ctrl->queues, queue)))
		return 0;
	hf_lock(r, q);
	return nvme_ring_in_flight(r);
}
