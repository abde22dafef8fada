/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Inside the driver core: queues, and what the files share.
 */
#ifndef EXAMPLES_NVME_CORE_H
#define EXAMPLES_NVME_CORE_H

#include <holdfast/lock.h>
#include <holdfast/token.h>
#include <holdfast/vec.h>
#include <holdfast/wait.h>

#include "nvme.h"

/* ---- Registers (NVMe 1.4, 3.1) ---- */

/* With the admin queue's doorbells, which every controller has, at the closest stride. */
HF_MMIO_DEFINE(nvme_regs, NVME_REG_DOORBELLS + 8);
HF_REG_RO(nvme_regs, cap, NVME_REG_CAP, u64);
HF_REG_RO(nvme_regs, vs, NVME_REG_VS, u32);
HF_REG_RW(nvme_regs, cc, NVME_REG_CC, u32);
HF_REG_RO(nvme_regs, csts, NVME_REG_CSTS, u32);
HF_REG_RW(nvme_regs, aqa, NVME_REG_AQA, u32);
HF_REG_RW(nvme_regs, asq, NVME_REG_ASQ, u64);
HF_REG_RW(nvme_regs, acq, NVME_REG_ACQ, u64);

/* ---- Queue pairs ---- */

HF_DMA_DEFINE(nvme_sqes, struct nvme_sqe);
HF_DMA_DEFINE(nvme_cqes, struct nvme_cqe);
HF_DMA_DEFINE(nvme_prps, struct hf_le64);

__attribute__((__unused__)) static const struct nvme_segment_cslice nvme_no_data;

/*
 * A command identifier is a slot, and how often the slot was used before, modulo what fits.  So an
 * entry that repeats one handled before names an identifier that is not in flight, even if its slot
 * is: it would take as many reuses of the slot as there are generations, each with an entry of its
 * own that comes after the repeated one in the same ring.
 */
#define NVME_CID_SLOT_SHIFT		0
#define NVME_CID_SLOT_WIDTH		10
#define NVME_CID_GENERATION_SHIFT	NVME_CID_SLOT_WIDTH
#define NVME_CID_GENERATION_WIDTH	(16 - NVME_CID_SLOT_WIDTH)

_Static_assert(NVME_MAX_ENTRIES <= 1u << NVME_CID_SLOT_WIDTH, "a slot fits its bits");

/* A slot is free; or its command is in flight, as long as the request is here; or somebody owes it. */
struct nvme_slot {
	struct nvme_request_own req;
	struct nvme_slot *next;		/* of the free ones */
	u64 deadline;			/* 0: nvme_tick() has not seen it yet */
	u32 uses;
	u32 issued;			/* r->issued when the command was put into the ring */
	u16 cid;			/* of the last use */
	bool aborting;
};

HF_SLICE_DEFINE(nvme_slot, struct nvme_slot);
HF_VEC_DEFINE(nvme_slot);

/* The duty to give a slot a command, or back to the free ones. */
HF_TOKEN_DEFINE(nvme_slot, struct nvme_slot *);

/*
 * What the lock of a queue pair guards.
 *
 * There is one slot less than places in the rings, and a command keeps its slot until an entry that
 * the core believes completes it.  So the submission ring cannot overrun: a place whose command was
 * not fetched belongs to a command in flight, of which there are at most entries - 1 (4.1.2).  The
 * device's SQ head is not needed for that; it is checked because an entry for a command that was
 * not even fetched is a lie.
 */
struct nvme_ring {
	u16 qid;
	u16 entries;
	u32 sq_tail;
	u32 cq_head;
	u32 issued;			/* commands put into the ring; wraps */
	u32 doorbell_issued;			/* issued when the doorbell was last written ... */
	u32 doorbell_tail;			/* ... with this tail */
	u32 phase;			/* as it stands in dword 3 of a valid entry */
	int closed;			/* the errno of nvme_submit(); 0: open */
	bool attached;			/* the controller knows the queue: doorbells work */

	struct nvme_sqes sq;
	struct nvme_cqes cq;
	struct hf_reg32 sq_doorbell;
	struct hf_reg32 cq_doorbell;

	struct nvme_slot_vec slots;
	struct nvme_slot *free;		/* a stack, so that few are warm and not many cold */
	unsigned int in_flight;
	struct nvme_prps prps;		/* PRP lists, of prps_each entries a slot */
	u32 prps_each;

	u64 submitted, completed, failed, requeued;
	u64 protocol_errors[NVME_PROTO_ERR_COUNT];
};

HF_LOCKED_DEFINE(nvme_queue, spinlock_irq, struct nvme_ring);
HF_SLICE_DEFINE(nvme_queue, struct nvme_queue);
HF_VEC_DEFINE(nvme_queue);

struct nvme_queue_config {
	struct hf_device *dev;
	const struct nvme_regs *io;
	u16 qid;
	u16 entries;
	u32 max_transfer;
	u32 dstrd;
};

/* A queue in memory, closed and not attached.  On failure it is as nvme_queue_fini() leaves it. */
HF_MUST_USE int nvme_queue_init(struct nvme_queue *q, const struct nvme_queue_config *config);
/* Nothing is in flight any more. */
void nvme_queue_fini(struct nvme_queue *q);

/* The queue of an identifier that is one. */
const struct nvme_queue *nvme_queue_of(const struct nvme_ctrl *ctrl, size_t qid);
/* Empty the rings, as for a controller that sees them for the first time. */
void nvme_ring_restart(struct nvme_ring *r);
/* Put what *req owns into the ring and ring the doorbell; on failure it stays where it is. */
HF_MUST_USE int nvme_ring_issue(struct nvme_ring *r, struct nvme_request_own *req);
/* Move what the device has completed to @done. */
void nvme_ring_reap(struct nvme_ring *r, struct nvme_requests *done);
/* The same, with the lock, if the controller knows the queue. */
void nvme_queue_reap(const struct nvme_queue *q, struct nvme_requests *done) HF_EXCLUDES(q);
/*
 * The device can access no memory: move each command in flight to @again, if it was submitted again
 * less than @retries times, or with the error to @done.
 */
void nvme_ring_cancel(struct nvme_ring *r, u8 retries, int err, struct nvme_requests *again,
		     struct nvme_requests *done);

enum nvme_overdue {
	NVME_OVERDUE_NONE,
	NVME_OVERDUE_ABORT,		/* one timed out, and is marked so */
	NVME_OVERDUE_RESET,		/* one timed out, and was not aborted in time */
};

/* The first command, from slot *from on, that is in flight for too long. */
enum nvme_overdue nvme_ring_overdue(struct nvme_ring *r, u64 now, const struct nvme_config *config,
				    size_t *from, u16 *cid);
/* A request that is in no slot: to its owner, with an error or without. */
void nvme_ring_finish(struct nvme_ring *r, struct nvme_request_own req, int err,
		      struct nvme_requests *done);
unsigned int nvme_ring_in_flight(const struct nvme_ring *r);

/* Call done of all; their number. */
unsigned int nvme_finish(struct nvme_requests *done);

/* ---- Where data is: PRPs, and SGLs (NVMe 1.4, 4.3, 4.4) ---- */

#define NVME_PRPS_PER_PAGE	(NVME_PAGE_SIZE / NVME_PRP_BYTES)

/* How many entries a slot needs, so that no list crosses a page but by a link. */
u32 nvme_prps_needed(u32 max_transfer);
/* Whether PRPs can express @data, of @len bytes: only at its two ends may it stop within a page. */
HF_MUST_USE int nvme_prp_check(struct nvme_segment_cslice data, u64 len);
HF_MUST_USE int nvme_prp_build(const struct nvme_prps *list, struct nvme_segment_cslice data,
			       struct nvme_sqe *sqe);

HF_INLINE u32 nvme_page_offset(u64 addr)
{
	return (u32)(addr & (NVME_PAGE_SIZE - 1));
}

/* The same where two PRPs do not do. */
HF_MUST_USE int nvme_data_prepare_large(struct nvme_request *req, const struct nvme_namespace *ns,
					struct nvme_segment_cslice data, u64 len);

/*
 * Say in req->sqe where @data, of @len bytes, is; -EINVAL if PRPs cannot express it.  What needs a
 * list stays in req->data until there is a slot, and with it a place for the list.
 */
HF_INLINE HF_MUST_USE int nvme_data_prepare(struct nvme_request *req,
					    const struct nvme_namespace *ns,
					    struct nvme_segment_cslice data, u64 len)
{
	/* Nearly always: one piece, and not more than two pages. */
	if (HF_LIKELY(hf_len(data) == 1)) {
		const struct nvme_segment s = hf_at(data, 0);
		const u32 first = NVME_PAGE_SIZE - nvme_page_offset(s.addr);

		if (HF_LIKELY(s.len == len && len && len <= first + NVME_PAGE_SIZE &&
			      s.addr % 4 == 0 && s.addr <= ~len)) {
			req->data = nvme_no_data;
			req->sqe.prp1 = hf_le64(s.addr);
			req->sqe.prp2 = hf_le64(len > first ? s.addr + first : 0);
			return 0;
		}
	}
	return nvme_data_prepare_large(req, ns, data, len);
}

/* ---- The controller ---- */

/* An Identify page: ordinary memory, handed to the device and taken back. */
struct nvme_identify {
	union {
		struct nvme_id_ctrl ctrl;
		struct nvme_id_ns ns;
		struct hf_le32 list[NVME_IDENTIFY_SIZE / 4];
		u8 bytes[NVME_IDENTIFY_SIZE];
	};
};

void nvme_identify_free(struct nvme_identify *page);
HF_OWN_DEFINE(nvme_identify, struct nvme_identify, nvme_identify_free);

/* What only one thread does at a time: bring-up, admin commands, aborts, reset, shutdown. */
struct nvme_manage {
	int dead;			/* the errno with which all fails; 0: alive */
	bool enabled;			/* the device may access memory */
	bool shut;			/* dead in good order */
	struct nvme_identify_own page;
	struct hf_dma_from_device page_map;
	struct nvme_segment page_segment[1];
	u64 timeouts, aborts, resets, protocol_errors;
};

HF_LOCKED_DEFINE(nvme_manager, mutex, struct nvme_manage);

/* The one request for admin commands: here, or in flight, also after its issuer gave up waiting. */
struct nvme_admin {
	struct nvme_request_own idle;
	struct hf_condvar returned;
};

HF_LOCKED_DEFINE(nvme_admin_place, spinlock_irq, struct nvme_admin);

struct nvme_ctrl {
	/* Constant once the controller was started. */
	struct nvme_config config;
	struct nvme_regs regs;
	struct nvme_info info;
	u32 dstrd;
	struct nvme_queue_vec queues;	/* by identifier; never grows beyond its first capacity */

	struct nvme_manager manager;
	struct nvme_admin_place admin;
};

/* ---- ctrl.c ---- */

u64 nvme_now_ms(const struct nvme_ctrl *ctrl);
void nvme_log(const struct nvme_ctrl *ctrl, enum nvme_log_level level, const char *text, u64 value);
/* Say why, and give the error back. */
int nvme_fail(const struct nvme_ctrl *ctrl, int err, const char *text, u64 value);
/* Whether the controller works: -EIO if it stopped (CSTS.CFS, 9.5), -ENODEV if nothing answers. */
int nvme_health(const struct nvme_ctrl *ctrl);

/* ---- identify.c ---- */

/*
 * Execute an admin command; gives dword 0 of its completion.
 *
 * After -ETIMEDOUT the command is still in flight, and the device may still access its data:
 * nothing but disabling the controller helps.
 */
struct untrusted_u32_result nvme_admin(const struct nvme_ctrl *ctrl, const struct nvme_sqe *sqe,
				       struct nvme_segment_cslice data)
	HF_REQUIRES(&ctrl->manager) HF_EXCLUDES(&ctrl->admin);
/* The done callback of the admin request: it comes home. */
void nvme_admin_done(struct nvme_request_own req, int err);
/* It said something that cannot be true: -EPROTO. */
int nvme_invalid_identify(const struct nvme_ctrl *ctrl, const char *text)
	HF_REQUIRES(&ctrl->manager);
/* CAP and VS (3.1.1, 3.1.2): before anything is written. */
HF_MUST_USE int nvme_read_cap(struct nvme_ctrl *ctrl);
/* All about an enabled controller, its namespaces and how many queues it grants. */
HF_MUST_USE int nvme_discover(const struct nvme_ctrl *ctrl, struct nvme_info *info)
	HF_REQUIRES(&ctrl->manager);

#endif /* EXAMPLES_NVME_CORE_H */
