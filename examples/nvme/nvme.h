/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An NVMe driver core: NVM Express Base Specification 1.4, PCIe transport, NVM command set.
 *
 * The core is portable.  It knows registers, queues and commands; its host (a kernel module, or a
 * program) gives it a register window, a device to allocate DMA memory for, and a few functions.
 *
 *	hf_let(nvme_ctrl, ctrl, hf_try(nvme_ctrl_start(&config)));
 *
 *	hf_let(nvme_request, req, hf_try(hf_new(nvme_request, GFP_KERNEL)));
 *	hf_try_errno(nvme_prep_read(hf_mut(req), ns, lba, blocks, segments));
 *	hf_mut(req)->done = read_done;
 *	hf_try_errno(nvme_submit(hf_ref(ctrl), 1, &req));	// on success req is empty
 *
 *	nvme_poll(hf_ref(ctrl), 1);				// calls read_done(), which owns req
 *
 * Nothing that the device says is believed before it was checked.  An entry of a completion queue
 * that cannot be true is counted (struct nvme_stats), its place in the ring is given back, and
 * nothing else changes: the command that it pretends to complete stays in flight, until an entry
 * that can be true arrives, or the command times out.
 *
 * Threads: all functions that take a `const struct nvme_ctrl *` may be called at the same time.
 * nvme_submit() and nvme_poll() take a spinlock for a short time and may be called in interrupts,
 * and from done callbacks.  The others sleep, and may not.
 */
#ifndef EXAMPLES_NVME_H
#define EXAMPLES_NVME_H

#include <holdfast/dma.h>
#include <holdfast/list.h>
#include <holdfast/mmio.h>

#include "nvme_spec.h"

#define NVME_PAGE_SIZE		4096u	/* CC.MPS is 0 */
#define NVME_MAX_QUEUES		64u	/* I/O queue pairs */
#define NVME_MAX_ENTRIES	1024u	/* of a queue: see the identifiers in core.h */
#define NVME_MAX_NAMESPACES	8u
#define NVME_MAX_TRANSFER	(16u << 20)

/* ---- The host ---- */

enum nvme_log_level {
	NVME_LOG_LEVEL_ERROR,		/* the controller cannot be used, or a command is lost */
	NVME_LOG_LEVEL_WARN,		/* something was repaired: an abort, a reset */
	NVME_LOG_LEVEL_INFO,
};

/* What the core cannot do by itself.  All but log are mandatory. */
struct nvme_host_ops {
	/* Milliseconds of a clock that never goes back. */
	u64 (*now_ms)(void *host);
	/* Sleep for about @ms (at least 1) milliseconds. */
	void (*sleep_ms)(void *host, unsigned int ms);
	/*
	 * Cut the device off from memory for good, before this returns: PCI bus mastering off, or
	 * the end of a model's thread.  Called where a controller does not let itself be disabled,
	 * as the memory of its commands is given back next.  The core touches no register after it.
	 */
	void (*disable_dma)(void *host);
	/* One line, without a newline; @value is the number that it is about. */
	void (*log)(void *host, enum nvme_log_level level, const char *text, u64 value);
};

/* What a controller is started with.  Zero stands for the default, where there is one. */
struct nvme_config {
	struct hf_io io;		/* the register window: BAR 0 */
	struct hf_device *dev;		/* whose DMA addresses these are; outlives the controller */
	const struct nvme_host_ops *ops;
	void *host;			/* passed to the ops */

	u16 queues;			/* I/O queue pairs to ask for; default 1 */
	u16 poll_queues;		/* the last of these do not interrupt; never all */
	u16 entries;			/* of an I/O queue, 2 to NVME_MAX_ENTRIES; default 128 */
	u32 max_transfer;		/* bytes, up to NVME_MAX_TRANSFER; default 128 KiB */
	/*
	 * Interrupt vectors: queue q, with 0 for the admin queue, interrupts on q % vectors.  The
	 * host then polls the queue.  0: no interrupts for I/O queues; the host polls.
	 */
	u16 vectors;
	u32 timeout_ms;			/* until a command is aborted; default 30,000 */
	u32 abort_ms;			/* from then until the controller is reset; default 5,000 */
	u32 admin_ms;			/* for an admin command; default 10,000 */
	u32 shutdown_ms;		/* for what is in flight, and the device; default 10,000 */
	u8 retries;			/* of a command that a reset interrupts; default 4 */
};

/* ---- Requests ---- */

#define NVME_NO_STATUS		0xffffu	/* the device gave no answer */

/* A piece of memory that the device may access.  Where it is mapped is the caller's business. */
struct nvme_segment {
	dma_addr_t addr;
	u32 len;
};

HF_SLICE_DEFINE(nvme_segment, struct nvme_segment);

struct nvme_request;
void nvme_request_free(struct nvme_request *req);
HF_OWN_DEFINE(nvme_request, struct nvme_request, nvme_request_free);

/*
 * A command on its way.  It is owned by the caller, then (nvme_submit()) by the queue, then by the
 * done callback.  The queue owns it until the device can no longer touch its data: an honest
 * completion, or a disabled controller.  A time-out alone gives nothing back.
 *
 * hf_new(nvme_request, gfp) makes one by itself; it may also be part of a larger object, with a
 * release function, whose owner is adopted (own.h).
 */
struct nvme_request {
	/*
	 * The caller's.  done is called once for each successful nvme_submit(), with no lock held;
	 * @err is 0 or a negative errno, of which these have a meaning:
	 *   -ETIMEDOUT   the device took too long, and the command was aborted, or interrupted by
	 *                a reset once too often
	 *   -ESHUTDOWN, -ENODEV  as of nvme_submit()
	 *   -ENODATA, -EILSEQ, -ENOSPC, -EROFS, -EIO …  the device's, see nvme_status_to_errno()
	 */
	void (*done)(struct nvme_request_own req, int err);
	void (*release)(struct nvme_request *req);	/* NULL: hf_free() */
	void *ctx;

	/* What the device answered, for done. */
	struct hf_untrusted_u32 result;		/* dword 0 of the completion */
	u16 status;				/* the status field (4.6.1), or NVME_NO_STATUS */
	int err;				/* as done gets it */

	/* Filled in by nvme_prep_…(). */
	struct nvme_sqe sqe;
	struct nvme_segment_cslice data;	/* stays as it is until done */

	/* The core's. */
	u16 queue;
	u8 tries;
	struct hf_link link;
};

HF_LIST_DEFINE(nvme_requests, nvme_request_own, struct nvme_request, link);

/* ---- What was found ---- */

struct nvme_namespace {
	u32 nsid;
	u32 block_shift;		/* log2 of the block size: 9 to 12 */
	u64 blocks;
	u32 max_blocks;			/* of a Read or Write */
	bool can_sgl;			/* data may be described by SGLs (NVMe 1.4, 4.4) */
	bool can_write_zeroes;
	bool can_deallocate;
	bool zeroes_may_deallocate;	/* NVME_DEALLOCATE of nvme_prep_write_zeroes() */
	bool deallocated_reads_zero;
};

HF_SLICE_DEFINE(nvme_namespace, struct nvme_namespace);

/* All of it checked, and constant as long as the controller exists. */
struct nvme_info {
	u32 version;			/* as of NVME_VS() */
	u16 queues;			/* I/O queue pairs, numbered from 1 */
	u16 poll_queues;		/* of these, the last */
	u16 entries;			/* of each; one less can be in flight */
	u32 max_transfer;		/* bytes of a Read or Write */
	u32 timeout_ms;			/* for becoming ready, CAP.TO */
	u32 doorbell_stride;
	u16 vendor;
	bool volatile_write_cache;
	char serial[21];		/* terminated, without padding; what is not ASCII is '?' */
	char model[41];
	char firmware[9];
	u32 namespace_count;
	struct nvme_namespace namespaces[NVME_MAX_NAMESPACES];
};

/* What a device said that cannot be true, by the check that refused it. */
enum nvme_protocol_error {
	NVME_PROTO_ERR_UNKNOWN_CID,	/* an identifier that was never given out, or names no slot */
	NVME_PROTO_ERR_STALE_CID,	/* one that is not in flight: repeated, stale, or of an old entry */
	NVME_PROTO_ERR_WRONG_SQID,	/* another queue's */
	NVME_PROTO_ERR_BAD_SQHD,	/* a submission queue head that is impossible */
	NVME_PROTO_ERR_RESERVED_STATUS,	/* a status type that is reserved */
	NVME_PROTO_ERR_TORN,		/* an entry of which only a part was there */
	NVME_PROTO_ERR_IDENTIFY,	/* Identify data during a reset */
	NVME_PROTO_ERR_COUNT
};

/* "unknown-cid" and so on; NULL past the end. */
const char *nvme_protocol_error_name(enum nvme_protocol_error error);

struct nvme_stats {
	u64 submitted;			/* commands that nvme_submit() took */
	u64 completed;			/* done called; of these ... */
	u64 failed;			/* ... with an error */
	u64 requeued;			/* submitted again after a reset */
	u64 timeouts;
	u64 aborts;			/* Aborts by which the command was aborted */
	u64 resets;
	u64 protocol_errors[NVME_PROTO_ERR_COUNT];
};

/* ---- The controller ---- */

struct nvme_ctrl;
/* Disables the controller, if that was not done; commands in flight are done with -ESHUTDOWN. */
void nvme_ctrl_free(struct nvme_ctrl *ctrl);
HF_OWN_DEFINE(nvme_ctrl, struct nvme_ctrl, nvme_ctrl_free);

/*
 * nvme_ctrl_start() - bring a controller up (NVMe 1.4, 7.6.1), ready for commands.
 *
 * Why it fails is logged.  The controller is disabled then, and all memory is free again.
 *   -EINVAL      the configuration is wrong
 *   -ENODEV      no controller there, not one that becomes ready, or one without a namespace
 *   -EOPNOTSUPP  it needs what this core lacks: larger pages, metadata, another command set
 *   -ERANGE      doorbells lie outside the register window
 *   -EPROTO      what it says of itself cannot be true
 *   -EIO, -ETIMEDOUT  it failed, or forgot, an admin command
 *   -ENOMEM
 */
struct nvme_ctrl_own_result nvme_ctrl_start(const struct nvme_config *config);

const struct nvme_info *nvme_ctrl_info(const struct nvme_ctrl *ctrl);
/* What keeps nvme_submit() from taking a request: 0, or -EAGAIN, -ESHUTDOWN or -ENODEV as there. */
int nvme_ctrl_state(const struct nvme_ctrl *ctrl);
/* The namespaces that are there; at least one. */
struct nvme_namespace_cslice nvme_ctrl_namespaces(const struct nvme_ctrl *ctrl);
void nvme_ctrl_stats(const struct nvme_ctrl *ctrl, struct nvme_stats *stats);

/*
 * nvme_submit() - hand a request to a queue.
 * @queue: from 1 to info->queues.
 * @req: prepared, with a done callback.  Empty on success, untouched on failure.
 *
 *   -EAGAIN      the queue is full, or the controller is being reset: later
 *   -ERANGE      no such queue
 *   -EINVAL      the request has no done callback, or more data than this controller takes
 *   -ESHUTDOWN   the controller was shut down, or given up after a reset that failed
 *   -ENODEV      the device is gone
 */
HF_MUST_USE int nvme_submit(const struct nvme_ctrl *ctrl, unsigned int queue,
			    struct nvme_request_own *req);

/*
 * nvme_enqueue() - as nvme_submit(), for one of several requests: the device is not told yet.
 *
 * nvme_kick() on the same queue must follow, or nvme_submit().  Writing to a register of a device
 * takes longer than all else here, so it is done once.
 */
HF_MUST_USE int nvme_enqueue(const struct nvme_ctrl *ctrl, unsigned int queue,
			     struct nvme_request_own *req);

/*
 * nvme_submit_all() - as nvme_submit() of each of @reqs, of which the device is told once.
 *
 * Those that were taken are gone from @reqs.  On failure the first of the others is the one that was
 * not taken, and those behind it were not tried.
 */
HF_MUST_USE int nvme_submit_all(const struct nvme_ctrl *ctrl, unsigned int queue,
				struct nvme_requests *reqs);

/* nvme_kick() - tell the device of all that was enqueued on a queue. */
void nvme_kick(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_poll() - complete what the device has completed on a queue; 0 is the admin queue.
 *
 * To be called at each interrupt, or often.  Returns how many requests are done.
 */
unsigned int nvme_poll(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_reap() - as nvme_poll() of an I/O queue, for hosts that end many requests at once: they are
 * moved to the end of @done, with req->err, and no callback is called.
 */
void nvme_reap(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_requests *done);

/* How many commands are in flight on a queue. */
unsigned int nvme_in_flight(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_tick() - look after the controller; to be called regularly, ten times in timeout_ms or more.
 *
 * Aborts what timed out, resets a controller that does not abort, that reports a fatal error
 * (CSTS.CFS), and notices one that is gone.  A command's time starts at the first tick after its
 * submission, so that no clock is read on the way of every command.
 *
 * Returns 0, or the error with which nvme_submit() fails from now on.
 */
int nvme_tick(const struct nvme_ctrl *ctrl);

/*
 * nvme_reset() - disable and enable (NVMe 1.4, 7.3.2).
 *
 * Each command in flight is submitted again on its queue, or done with an error, once.
 * Returns 0; or the error with which the controller was given up, after which nothing is in flight.
 */
int nvme_reset(const struct nvme_ctrl *ctrl);

/*
 * nvme_shutdown() - orderly end (NVMe 1.4, 7.6.2): no new commands, wait for those in flight,
 * delete the queues, let the device put its cache away, disable it.
 *
 * Returns 0, also the second time; -ETIMEDOUT if commands or the device took too long.  Commands
 * are then done with -ESHUTDOWN, and the controller is disabled all the same.
 */
int nvme_shutdown(const struct nvme_ctrl *ctrl);

/* ---- Preparing requests ----
 *
 * All check what they are given against the namespace, and fail with:
 *   -EINVAL      no blocks; data that is not as long as the blocks; segments that PRPs cannot
 *                express: the first at an address that is no multiple of 4, another that does not
 *                start, or one but the last that does not end, on a page boundary
 *   -ERANGE      blocks past the end of the namespace
 *   -EMSGSIZE    more than the device takes at once
 *   -EOPNOTSUPP  the device does not know the command
 * A request can be prepared again once it is back.
 */
#define NVME_FUA	0x1u	/* Write, Write Zeroes: on the medium before it completes */
#define NVME_DEALLOCATE	0x2u	/* Write Zeroes: the device may deallocate the blocks */

HF_MUST_USE int nvme_prep_read(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba,
			       u32 blocks, struct nvme_segment_cslice data);
HF_MUST_USE int nvme_prep_write(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba,
				u32 blocks, struct nvme_segment_cslice data, unsigned int flags);
HF_MUST_USE int nvme_prep_flush(struct nvme_request *req, const struct nvme_namespace *ns);
HF_MUST_USE int nvme_prep_write_zeroes(struct nvme_request *req, const struct nvme_namespace *ns,
				       u64 lba, u32 blocks, unsigned int flags);

/* A range to deallocate, checked; the caller gathers up to NVME_DSM_MAX_RANGES in mapped memory. */
HF_MUST_USE int nvme_dsm_range_set(struct nvme_dsm_range *range, const struct nvme_namespace *ns,
				   u64 lba, u32 blocks);
HF_MUST_USE int nvme_prep_deallocate(struct nvme_request *req, const struct nvme_namespace *ns,
				     u32 ranges, struct nvme_segment_cslice data);

/* 0 for success; else a negative errno, -EIO where nothing fits better. */
int nvme_status_to_errno(u16 status);

#endif /* EXAMPLES_NVME_H */
