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

/* Up to the admin queue's doorbells at the smallest stride, which every controller has. */
HF_MMIO_DEFINE(nvme_regs, NVME_REG_DOORBELLS + 8);
HF_REG_RO(nvme_regs, cap, NVME_REG_CAP, u64);
HF_REG_RO(nvme_regs, vs, NVME_REG_VS, u32);
HF_REG_RW(nvme_regs, cc, NVME_REG_CC, u32);
HF_REG_RO(nvme_regs, csts, NVME_REG_CSTS, u32);
HF_REG_RW(nvme_regs, aqa, NVME_REG_AQA, u32);
HF_REG_RW(nvme_regs, asq, NVME_REG_ASQ, u64);
HF_REG_RW(nvme_regs, acq, NVME_REG_ACQ, u64);
HF_REG_RO(nvme_regs, crto, NVME_REG_CRTO, u32);

/* ---- Queue pairs ---- */

HF_DMA_DEFINE(nvme_sqes, struct nvme_sqe);
HF_DMA_DEFINE(nvme_cqes, struct nvme_cqe);
HF_DMA_DEFINE(nvme_prps, struct hf_le64);

__attribute__((__unused__)) static const struct nvme_segment_cslice nvme_no_data;

/*
 * A command identifier is a slot number and a generation, which counts the uses of the slot.  A
 * repeated entry therefore names an identifier that is not in flight, even if its slot is in use
 * again.  An identifier recurs only after the slot was used once for each generation, and each of
 * these uses has an entry behind the repeated one in the same ring.
 */
#define NVME_CID_SLOT_SHIFT		0
#define NVME_CID_SLOT_WIDTH		10
#define NVME_CID_GENERATION_SHIFT	NVME_CID_SLOT_WIDTH
#define NVME_CID_GENERATION_WIDTH	(16 - NVME_CID_SLOT_WIDTH)

_Static_assert(NVME_MAX_ENTRIES <= 1u << NVME_CID_SLOT_WIDTH, "a slot fits its bits");

/* A slot is free, in flight (req is set), or held by a token. */
struct nvme_slot {
	struct nvme_request_own req;
	struct nvme_slot *next;		/* in the free list */
	u64 deadline;			/* 0: nvme_tick() has not seen it yet */
	u32 uses;
	u32 issued;			/* r->issued before this command */
	u16 cid;			/* of the current or the last use */
	bool aborting;
};

HF_SLICE_DEFINE(nvme_slot, struct nvme_slot);
HF_VEC_DEFINE(nvme_slot);

/* An allocated slot: it must be given a command, or freed. */
HF_TOKEN_DEFINE(nvme_slot, struct nvme_slot *);

/*
 * What the lock of a queue pair guards.
 *
 * There is one slot less than entries in the rings, and a command keeps its slot until a valid
 * entry completes it.  So the submission ring cannot overrun: a ring entry that was not fetched
 * belongs to a command in flight, and of these there are at most entries - 1 (4.1.2).  The SQ head
 * of the device is not needed for that.  It is validated to detect the completion of a command that
 * the device cannot have fetched.
 */
struct nvme_ring {
	u16 qid;
	u16 entries;
	u32 sq_tail;
	u32 cq_head;
	u32 issued;			/* commands put into the ring; wraps */
	u32 doorbell_issued;		/* issued at the last doorbell write */
	u32 doorbell_tail;		/* the tail that was written then */
	u32 phase;			/* the phase tag of a new entry, in dword 3 */
	int closed;			/* the error of nvme_submit(); 0: open; or NVME_ELSEWHERE */
	u16 elsewhere;			/* the queue that serves the requests of this one */
	bool attached;			/* the queue exists in the controller: doorbells work */

	struct nvme_sqes sq;
	struct nvme_cqes cq;
	struct hf_reg32 sq_doorbell;
	struct hf_reg32 cq_doorbell;

	struct nvme_slot_vec slots;
	struct nvme_slot *free;		/* LIFO keeps recently used slots in the cache */
	unsigned int in_flight;
	struct nvme_prps prps;		/* PRP lists: prps_each entries for each slot */
	u32 prps_each;
	u8 retries;

	u64 submitted, completed, failed, requeued, retried;
	u64 protocol_errors[NVME_PROTO_ERR_COUNT];
};

/* The controller grants this queue no more, since a reset: not an error that a host sees. */
#define NVME_ELSEWHERE		(-EXDEV)

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
	u8 retries;
};

/* Allocate a queue, closed and not attached.  On failure nothing is left to free. */
HF_MUST_USE int nvme_queue_init(struct nvme_queue *q, const struct nvme_queue_config *config);
/* Free a queue with nothing in flight. */
void nvme_queue_fini(struct nvme_queue *q);

/* @qid is valid. */
const struct nvme_queue *nvme_queue_of(const struct nvme_ctrl *ctrl, size_t qid);
/* Reset the rings to the state in which a queue is created. */
void nvme_ring_restart(struct nvme_ring *r);
/* Put *req into the ring and write the doorbell; on failure *req is unchanged. */
HF_MUST_USE int nvme_ring_issue(struct nvme_ring *r, struct nvme_request_own *req);
/* Append the requests that the device completed to @done. */
void nvme_ring_reap(struct nvme_ring *r, struct nvme_requests *done);
/* The same, taking the lock, if the queue is attached; 0, or the queue that serves its requests. */
unsigned int nvme_queue_reap(const struct nvme_queue *q, struct nvme_requests *done) HF_EXCLUDES(q);
/*
 * Cancel all commands in flight, of a disabled controller: append each to @requeue, if it was
 * submitted again less than @retries times so far, or to @done with @err.
 */
void nvme_ring_cancel(struct nvme_ring *r, u8 retries, int err, struct nvme_requests *requeue,
		     struct nvme_requests *done);

enum nvme_overdue {
	NVME_OVERDUE_NONE,
	NVME_OVERDUE_ABORT,		/* a command timed out, and is to be aborted */
	NVME_OVERDUE_RESET,		/* a command was not aborted in time */
};

/* Find the next overdue command, from slot *from on. */
enum nvme_overdue nvme_ring_overdue(struct nvme_ring *r, u64 now, const struct nvme_config *config,
				    size_t *from, u16 *cid);
/* Complete a request that has no slot. */
void nvme_ring_finish(struct nvme_ring *r, struct nvme_request_own req, int err,
		      struct nvme_requests *done);
unsigned int nvme_ring_in_flight(const struct nvme_ring *r);

/* Call done of each; returns how many there were. */
unsigned int nvme_finish(struct nvme_requests *done);

/* ---- Where data is: PRPs, and SGLs (NVMe 1.4, 4.3, 4.4) ---- */

#define NVME_PRPS_PER_PAGE	(NVME_PAGE_SIZE / NVME_PRP_BYTES)

/* How many entries a slot needs so that a list crosses a page boundary only by a link. */
u32 nvme_prps_needed(u32 max_transfer);
/* Whether PRPs can express @data, of @len bytes: segments meet at page boundaries. */
HF_MUST_USE int nvme_prp_check(struct nvme_segment_cslice data, u64 len);
HF_MUST_USE int nvme_prp_build(const struct nvme_prps *list, struct nvme_segment_cslice data,
			       struct nvme_sqe *sqe);

HF_INLINE u32 nvme_page_offset(u64 addr)
{
	return (u32)(addr & (NVME_PAGE_SIZE - 1));
}

/* nvme_data_prepare() of what needs more than two PRPs. */
HF_MUST_USE int nvme_data_prepare_large(struct nvme_request *req, const struct nvme_namespace *ns,
					struct nvme_segment_cslice data, u64 len);

/*
 * Set the data pointer of req->sqe to @data, of @len bytes; -EINVAL if PRPs cannot express it.
 * What needs a PRP list stays in req->data until a slot, which has the memory for it, is allocated.
 */
HF_INLINE HF_MUST_USE int nvme_data_prepare(struct nvme_request *req,
					    const struct nvme_namespace *ns,
					    struct nvme_segment_cslice data, u64 len)
{
	/* The common case: one segment within two pages. */
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

/* An Identify page, mapped for each command. */
struct nvme_identify {
	union {
		struct nvme_id_ctrl ctrl;
		struct nvme_id_ctrl_nvm nvm;
		struct nvme_id_ns ns;
		struct hf_le32 list[NVME_IDENTIFY_SIZE / 4];
		u8 descriptors[NVME_IDENTIFY_SIZE];
	};
};

_Static_assert(sizeof(struct nvme_identify) == NVME_IDENTIFY_SIZE, "a page");
HF_SLICE_DEFINE(nvme_identify, struct nvme_identify);
HF_DMA_BUFFER_DEFINE(nvme_identify);

/* What tells a namespace from another one that has got its identifier since; only compared. */
struct nvme_identity {
	struct hf_untrusted_u8 nguid[16];
	struct hf_untrusted_u8 eui64[8];
	u8 uuid[NVME_NIDT_UUID_BYTES];
};

/* What discovery found of a namespace. */
struct nvme_found {
	struct nvme_namespace is;
	struct nvme_identity identity;
	bool there;			/* by the last discovery */
};

HF_VEC_DEFINE(nvme_namespace);
HF_SLICE_DEFINE(nvme_found, struct nvme_found);
HF_VEC_DEFINE(nvme_found);

/* A reset does not allocate: so many more namespaces can be found after the start. */
#define NVME_SPARE_NAMESPACES	64u

/* State of what is serialised: initialisation, admin commands, aborts, reset, shutdown. */
struct nvme_manage {
	int dead;			/* the error of all operations; 0: alive */
	bool enabled;			/* CC.EN: the device may access memory */
	bool shut;			/* dead after nvme_shutdown() */
	/* When the enabling or the shutdown that was begun last has had its time; 0: it was not begun here. */
	u64 settled;
	u16 queues;			/* I/O queue pairs that the controller grants */
	/*
	 * The namespaces that hosts know, whose requests point to them: none is moved.  What discovery
	 * finds is put beside them, at the same index, and new ones behind, until it is complete.
	 */
	struct nvme_namespace_vec namespaces;
	struct nvme_found_vec found;
	bool started;			/* both vectors have their memory */
	bool doubtful;			/* a known namespace could not be identified */
	bool changed;			/* for config.ops->changed */
	u32 oaes;			/* of Identify */
	bool wants_events;
	/* One of the two is empty: the device has the page also after its command timed out. */
	struct nvme_identify_buffer_own page;
	struct nvme_identify_from_device_own page_lent;
	struct nvme_segment page_segment[1];
	bool suspended;			/* disabled until nvme_resume() */
	u64 timeouts, aborts, resets, protocol_errors;
};

HF_LOCKED_DEFINE(nvme_manager, mutex, struct nvme_manage);

HF_CONDVAR_DEFINE(nvme_admin_place);

/* The only admin request: idle, or in flight, even after its issuer stopped waiting. */
struct nvme_admin {
	struct nvme_request_own idle;
	struct nvme_admin_place_condvar returned;
};

HF_LOCKED_DEFINE(nvme_admin_place, spinlock_irq, struct nvme_admin);

/* The request that waits for an event: idle, or in flight. */
struct nvme_event {
	struct nvme_request_own idle;
	bool came;			/* since nvme_events_handle() */
	struct hf_untrusted_u32 what;
};

HF_LOCKED_DEFINE(nvme_events, spinlock_irq, struct nvme_event);

struct nvme_ctrl {
	/* Constant after the start. */
	struct nvme_config config;
	struct nvme_regs regs;
	struct nvme_info info;
	u32 dstrd;
	bool command_sets;		/* the controller has Identify data of each */
	struct nvme_queue_vec queues;	/* by identifier; never reallocated */

	struct nvme_manager manager;
	struct nvme_admin_place admin;
	struct nvme_events events;
};

/* ---- ctrl.c ---- */

u64 nvme_now_ms(const struct nvme_ctrl *ctrl);
void nvme_log(const struct nvme_ctrl *ctrl, enum nvme_log_level level, const char *text, u64 value);
/* Log an error; returns @err. */
int nvme_fail(const struct nvme_ctrl *ctrl, int err, const char *text, u64 value);
/* 0; -EIO after a fatal error (CSTS.CFS, 9.5); -ENODEV if the device was removed. */
int nvme_health(const struct nvme_ctrl *ctrl);

/* ---- events.c ---- */

/* The done callback of the request that waits for an event. */
void nvme_event_done(struct nvme_request_own req, int err);
/* Have an enabled controller tell events. */
HF_MUST_USE int nvme_events_begin(const struct nvme_ctrl *ctrl)
	HF_REQUIRES(&ctrl->manager) HF_EXCLUDES(&ctrl->admin) HF_EXCLUDES(&ctrl->events);
/* Handle the event that came, if one did. */
HF_MUST_USE int nvme_events_handle(const struct nvme_ctrl *ctrl)
	HF_REQUIRES(&ctrl->manager) HF_EXCLUDES(&ctrl->admin) HF_EXCLUDES(&ctrl->events);

/* ---- identify.c ---- */

/*
 * Execute an admin command; returns dword 0 of its completion.
 *
 * After -ETIMEDOUT the command is still in flight, and the device may still access its data, until
 * the controller is disabled.
 */
struct untrusted_u32_result nvme_admin(const struct nvme_ctrl *ctrl, const struct nvme_sqe *sqe,
				       struct nvme_segment_cslice data)
	HF_REQUIRES(&ctrl->manager) HF_EXCLUDES(&ctrl->admin);
/* The done callback of the admin request. */
void nvme_admin_done(struct nvme_request_own req, int err);
/* Count and log invalid Identify data: returns -EPROTO. */
int nvme_invalid_identify(const struct nvme_ctrl *ctrl, const char *text)
	HF_REQUIRES(&ctrl->manager);
/* Read CAP and VS (3.1.1, 3.1.2), before anything is written. */
HF_MUST_USE int nvme_read_cap(struct nvme_ctrl *ctrl);
/* Identify an enabled controller and its namespaces, and request queues. */
HF_MUST_USE int nvme_discover(const struct nvme_ctrl *ctrl, struct nvme_info *info)
	HF_REQUIRES(&ctrl->manager);
/* Read a log page, if the core knows its size.  @first: its first byte. */
HF_MUST_USE int nvme_read_log(const struct nvme_ctrl *ctrl, u32 lid, u8 *first) HF_REQUIRES(&ctrl->manager);
/* Identify the controller and its namespaces, without a reset, and show the hosts what changed. */
HF_MUST_USE int nvme_look_again(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager);
/* Show the hosts what nvme_discover() found. */
void nvme_show_namespaces(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager);
/* At the start: get the memory for NVME_SPARE_NAMESPACES. */
HF_MUST_USE int nvme_reserve_namespaces(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager);

#endif /* EXAMPLES_NVME_CORE_H */
