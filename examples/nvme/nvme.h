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
 * Everything that the device writes is untrusted and validated before use.  A completion queue
 * entry that violates the protocol is counted (struct nvme_stats) and consumed, and has no other
 * effect: the command that it names stays in flight until a valid entry arrives or the command
 * times out.
 *
 * Threads: all functions that take a `const struct nvme_ctrl *` may be called at the same time.
 * nvme_submit() and nvme_poll() take a spinlock for a short time; they may be called in interrupts
 * and from done callbacks.  The others sleep.
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
#define NVME_MAX_NAMESPACES	1024u	/* at a time */
#define NVME_MAX_TRANSFER	(16u << 20)

/* ---- The host ---- */

enum nvme_log_level {
	NVME_LOG_LEVEL_ERROR,		/* the controller cannot be used, or a command is lost */
	NVME_LOG_LEVEL_WARN,		/* the core recovered: an abort, a reset */
	NVME_LOG_LEVEL_INFO,
};

/* What the core needs of its host.  All but log and changed are mandatory. */
struct nvme_host_ops {
	/* Milliseconds of a clock that never goes back. */
	u64 (*now_ms)(void *host);
	/* Sleep for about @ms (at least 1) milliseconds. */
	void (*sleep_ms)(void *host, unsigned int ms);
	/*
	 * Stop the device's DMA for good before returning: clear PCI bus mastering, or end the
	 * model's thread.  Called when a controller cannot be disabled; the core frees the memory
	 * of its commands next.  The core accesses no register afterwards.
	 */
	void (*disable_dma)(void *host);
	/* One line, without a newline; @value is the number that it is about. */
	void (*log)(void *host, enum nvme_log_level level, const char *text, u64 value);
	/*
	 * After a reset namespaces are gone, new or others, or the controller grants another number
	 * of queues.  Called within the reset: look at them later (nvme_ctrl_namespaces(),
	 * nvme_ctrl_queues()).
	 */
	void (*changed)(void *host);
};

/* Configuration of a controller.  0 selects the default, where there is one. */
struct nvme_config {
	struct hf_io io;		/* the register window: BAR 0 */
	struct hf_device *dev;		/* the device for DMA; outlives the controller */
	const struct nvme_host_ops *ops;
	void *host;			/* passed to the ops */

	u16 queues;			/* I/O queue pairs to request; default 1 */
	u16 poll_queues;		/* how many of them, the last ones, are polled; never all */
	u16 entries;			/* of an I/O queue, 2 to NVME_MAX_ENTRIES; default 128 */
	u32 max_transfer;		/* bytes, up to NVME_MAX_TRANSFER; default 128 KiB */
	/*
	 * Interrupt vectors.  Queue q (0 is the admin queue) uses vector q % vectors; its handler
	 * calls nvme_poll().  0: no interrupts; the host polls.
	 */
	u16 vectors;
	u32 timeout_ms;			/* of an I/O command, which is then aborted; default 30,000 */
	u32 abort_ms;			/* from the Abort to the reset; default 5,000 */
	u32 admin_ms;			/* of an admin command; default 10,000 */
	u32 shutdown_ms;		/* of draining the queues; the least of a shutdown; default 10,000 */
	u8 retries;			/* of a command that a reset cancelled, or that failed for now; default 4 */
};

/* ---- Requests ---- */

#define NVME_NO_STATUS		0xffffu	/* the device did not complete the command */
#define NVME_TRY_ONCE		0xffu	/* for req->tries */

/* A DMA segment.  The caller maps and unmaps it. */
struct nvme_segment {
	dma_addr_t addr;
	u32 len;
};

HF_SLICE_DEFINE(nvme_segment, struct nvme_segment);

struct nvme_request;
void nvme_request_free(struct nvme_request *req);
HF_OWN_DEFINE(nvme_request, struct nvme_request, nvme_request_free);

/*
 * A command.  It is owned by the caller, after nvme_submit() by the queue, and in the end by the
 * done callback.  The queue owns it until the device can no longer access its data: until a valid
 * completion, or until the controller is disabled.  A time-out alone does not end the ownership.
 *
 * hf_new(nvme_request, gfp) allocates one.  A request may also be embedded in a larger object, with
 * a release function; then its owner is adopted (own.h).
 */
struct nvme_request {
	/*
	 * Set by the caller.  done is called once for each successful nvme_submit(), with no lock
	 * held; @err is 0 or a negative errno:
	 *   -ETIMEDOUT   the command timed out, and was aborted or used up its retries
	 *   -ESHUTDOWN, -ENODEV, -ENXIO  as of nvme_submit()
	 *   -EAGAIN      a reset left fewer queues than there were: submit it again
	 *   -ENODATA, -EILSEQ, -ENOSPC, -EROFS, -EIO …  the device's, see nvme_status_to_errno()
	 */
	void (*done)(struct nvme_request_own req, int err);
	void (*release)(struct nvme_request *req);	/* NULL: hf_free() */
	void *ctx;

	/* Set by the core before done is called. */
	struct hf_untrusted_u32 result;		/* dword 0 of the completion */
	u16 status;				/* the status field (4.6.1), or NVME_NO_STATUS */
	int err;				/* the argument of done */

	/* Filled in by nvme_prep_…(). */
	struct nvme_sqe sqe;
	struct nvme_segment_cslice data;	/* unchanged until done */
	const struct nvme_namespace *ns;

	/*
	 * How often it was submitted again.  NVME_TRY_ONCE, set by the caller before each nvme_submit(): neither an
	 * error nor a reset is followed by another attempt, as of a command whose effect the core does not know.
	 */
	u8 tries;

	/* Private to the core. */
	u16 queue;
	struct hf_link link;
};

HF_LIST_DEFINE(nvme_requests, nvme_request_own, struct nvme_request, link);

/* ---- What was found ---- */

/*
 * A namespace, which exists as long as the controller.  nsid and block_shift are constant; a reset may
 * change the others.  What a reset does not find again, or finds with other blocks or another identity,
 * is gone for good, and nvme_submit() refuses requests of it.
 */
struct nvme_namespace {
	u32 nsid;
	u32 block_shift;		/* log2 of the block size: 9 to 12 */
	bool gone;
	u64 blocks;
	u32 max_blocks;			/* of a Read or Write */
	u32 max_zero_blocks;		/* of a Write Zeroes */
	u32 max_ranges;			/* of a nvme_prep_deallocate() */
	u32 max_range_blocks;		/* of each of them */
	u64 max_deallocate;		/* blocks of all of them, which the caller adds up */
	bool can_sgl;			/* data may be described by SGLs (NVMe 1.4, 4.4) */
	bool can_write_zeroes;
	bool can_deallocate;
	bool zeroes_may_deallocate;	/* NVME_DEALLOCATE of nvme_prep_write_zeroes() */
	bool deallocated_reads_zero;
	bool volatile_write_cache;	/* of the controller */
};

HF_SLICE_DEFINE(nvme_namespace, struct nvme_namespace);

/* As it was found at the start: validated, and constant as long as the controller exists. */
struct nvme_info {
	u32 version;			/* as of NVME_VS() */
	u16 queues;			/* I/O queue pairs, numbered from 1 */
	u16 poll_queues;		/* how many of them, the last ones, are polled */
	u16 entries;			/* of each; one less can be in flight */
	u32 max_transfer;		/* bytes of a Read or Write */
	u32 timeout_ms;			/* of enabling and disabling, CAP.TO or CRTO */
	u32 shutdown_ms;		/* of a shutdown: config.shutdown_ms, or RTD3E if that is longer */
	u32 doorbell_stride;
	u16 vendor;
	bool volatile_write_cache;
	char serial[21];		/* terminated, without padding; '?' for what is not ASCII */
	char model[41];
	char firmware[9];
};

/* How a device violated the protocol. */
enum nvme_protocol_error {
	NVME_PROTO_ERR_UNKNOWN_CID,	/* a command identifier that was never used */
	NVME_PROTO_ERR_STALE_CID,	/* one that is not in flight any more */
	NVME_PROTO_ERR_WRONG_SQID,	/* the identifier of another queue */
	NVME_PROTO_ERR_BAD_SQHD,	/* a submission queue head that is impossible */
	NVME_PROTO_ERR_RESERVED_STATUS,	/* a reserved status code type */
	NVME_PROTO_ERR_TORN,		/* a partly written entry */
	NVME_PROTO_ERR_IDENTIFY,	/* invalid Identify data during a reset */
	NVME_PROTO_ERR_COUNT
};

/* "unknown-cid" and so on; NULL past the end. */
const char *nvme_protocol_error_name(enum nvme_protocol_error error);

struct nvme_stats {
	u64 submitted;			/* commands that nvme_submit() accepted */
	u64 completed;			/* commands whose done was called, failed ones included */
	u64 failed;			/* commands that ended with an error */
	u64 requeued;			/* submitted again after a reset */
	u64 retried;			/* submitted again after an error that may pass: without NVME_STATUS_DNR */
	u64 timeouts;
	u64 aborts;			/* Aborts that the device reported as successful */
	u64 resets;
	u64 protocol_errors[NVME_PROTO_ERR_COUNT];
};

/* ---- The controller ---- */

struct nvme_ctrl;
/* Disables the controller if it is enabled; commands in flight end with -ESHUTDOWN. */
void nvme_ctrl_free(struct nvme_ctrl *ctrl);
HF_OWN_DEFINE(nvme_ctrl, struct nvme_ctrl, nvme_ctrl_free);

/*
 * nvme_ctrl_start() - initialise and enable a controller (NVMe 1.4, 7.6.1).
 *
 * On failure the reason is logged, the controller is disabled and all memory is freed.
 *   -EINVAL      invalid configuration
 *   -ENODEV      there is no controller, it does not become ready, or it has no namespace
 *   -EOPNOTSUPP  it needs what this core lacks: larger pages, or for each of its namespaces metadata,
 *                larger blocks, another command set
 *   -ERANGE      doorbells lie outside the register window
 *   -EPROTO      its registers or Identify data are invalid
 *   -EIO, -ETIMEDOUT  an admin command failed, or did not complete
 *   -ENOMEM
 */
struct nvme_ctrl_own_result nvme_ctrl_start(const struct nvme_config *config);

const struct nvme_info *nvme_ctrl_info(const struct nvme_ctrl *ctrl);
/* Whether nvme_submit() accepts requests: 0, or -EAGAIN, -ESHUTDOWN or -ENODEV as there. */
int nvme_ctrl_state(const struct nvme_ctrl *ctrl);
/*
 * The namespaces that were found so far, at least one; those that are gone are marked.  A reset may
 * append some, and moves none.
 */
struct nvme_namespace_cslice nvme_ctrl_namespaces(const struct nvme_ctrl *ctrl);
/* A copy of a namespace at one moment: of what a reset changes, either all or nothing. */
struct nvme_namespace nvme_namespace_now(const struct nvme_ctrl *ctrl, const struct nvme_namespace *ns);
/*
 * How many I/O queue pairs the controller grants now: info->queues, or after a reset fewer.  Then the
 * first ones serve the requests of the others, too.
 */
unsigned int nvme_ctrl_queues(const struct nvme_ctrl *ctrl);
void nvme_ctrl_stats(const struct nvme_ctrl *ctrl, struct nvme_stats *stats);

/*
 * nvme_submit() - submit a request to a queue.
 * @queue: from 1 to info->queues.
 * @req: prepared, with a done callback.  Empty on success, unchanged on failure.
 *
 *   -EAGAIN      the queue is full, or a reset is in progress: try again later
 *   -ERANGE      no such queue
 *   -EINVAL      the request was not prepared, has no done callback, or more data than the controller accepts
 *   -ENXIO       the namespace is gone
 *   -ESHUTDOWN   the controller was shut down, or a reset of it failed
 *   -ENODEV      the device was removed
 */
HF_MUST_USE int nvme_submit(const struct nvme_ctrl *ctrl, unsigned int queue,
			    struct nvme_request_own *req);

/*
 * nvme_enqueue() - as nvme_submit(), but do not write the doorbell yet.
 *
 * nvme_kick() or nvme_submit() on the same queue must follow.  A doorbell write is the most
 * expensive part of a submission; this shares it among several requests.
 */
HF_MUST_USE int nvme_enqueue(const struct nvme_ctrl *ctrl, unsigned int queue,
			     struct nvme_request_own *req);

/*
 * nvme_submit_all() - submit each of @reqs, with one doorbell write.
 *
 * Submitted requests are removed from @reqs.  On failure the first one left is the one that was not
 * accepted; those behind it were not tried.
 */
HF_MUST_USE int nvme_submit_all(const struct nvme_ctrl *ctrl, unsigned int queue,
				struct nvme_requests *reqs);

/* nvme_kick() - write the doorbell of a queue, if requests were enqueued since the last write. */
void nvme_kick(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_poll() - process the completion queue entries of a queue; 0 is the admin queue.
 *
 * To be called at each interrupt, or repeatedly.  Returns how many requests completed.
 */
unsigned int nvme_poll(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_reap() - as nvme_poll() of an I/O queue, but append the completed requests to @done, with
 * req->err set, in place of calling done.  For hosts that complete requests in batches.
 */
void nvme_reap(const struct nvme_ctrl *ctrl, unsigned int queue, struct nvme_requests *done);

/* ---- Admin commands of users ---- */

#define NVME_COMMAND_DATA	(128u << 10)	/* bytes, at most */

/* A command that a user of the host gives, as it is. */
struct nvme_command {
	struct nvme_sqe sqe;			/* all but the identifier, the flags and the data pointer */
	struct nvme_segment_cslice data;	/* as for nvme_prep_read(); may be empty */
	u32 timeout_ms;				/* 0: that of the configuration */

	/* Set if the device completed it. */
	u16 status;				/* the status field (4.6.1) */
	struct hf_untrusted_u32 result;		/* dword 0 of the completion */
};

/*
 * nvme_execute() - execute an admin command and wait for it.
 *
 * The device does not access the data any more when this returns.  What the command changes is not noticed before the
 * next reset or nvme_rescan(); it must not change the queues of the core.  Other admin commands, and the handling of time-outs, wait
 * meanwhile.
 *
 *   0            the device completed it, perhaps with an error: see status
 *   -EINVAL      more data than NVME_COMMAND_DATA, or data or flags that PRPs cannot express
 *   -ETIMEDOUT   it did not complete, and the controller was reset
 *   -EIO         a reset ended it
 *   -ESHUTDOWN, -ENODEV  as of nvme_submit()
 *
 * Context: sleeps.
 */
HF_MUST_USE int nvme_execute(const struct nvme_ctrl *ctrl, struct nvme_command *c);

/* How many commands are in flight on a queue. */
unsigned int nvme_in_flight(const struct nvme_ctrl *ctrl, unsigned int queue);

/*
 * nvme_tick() - handle time-outs; to be called periodically, at least ten times in timeout_ms.
 *
 * Handles events that the controller told: namespaces that changed, warnings, which are logged.
 * Aborts commands that timed out, resets a controller that does not abort them or reports a fatal
 * error (CSTS.CFS), and detects removal.  A command's time starts at the first tick after its
 * submission, so that submission does not read the clock.
 *
 * Returns 0, or the error with which nvme_submit() fails from now on.
 */
int nvme_tick(const struct nvme_ctrl *ctrl);

/*
 * nvme_reset() - disable and enable (NVMe 1.4, 7.3.2).
 *
 * Each command in flight is submitted again, or ends with an error.  Namespaces that did not change
 * stay as they are.
 * Returns 0; or an error, after which the controller is disabled and nothing is in flight.
 */
int nvme_reset(const struct nvme_ctrl *ctrl);

/*
 * nvme_rescan() - look for namespaces that changed, without a reset.
 *
 * Calls config.ops->changed if there are any.  If the controller does not answer it is reset.  nvme_tick() does the same
 * when the controller tells that namespaces changed.
 * Returns as nvme_reset().
 */
int nvme_rescan(const struct nvme_ctrl *ctrl);

/*
 * nvme_shutdown() - normal shutdown (NVMe 1.4, 7.6.2): accept no new commands, wait for those in
 * flight, delete the queues, let the device flush its cache, disable it.
 *
 * Returns 0, also the second time; -ETIMEDOUT if commands or the device took too long.  Then
 * commands end with -ESHUTDOWN, and the controller is disabled nevertheless.
 */
int nvme_shutdown(const struct nvme_ctrl *ctrl);

/*
 * nvme_suspend() - before the machine sleeps: wait for commands in flight, let the device flush its cache, disable it.
 *
 * Until nvme_resume() submissions give -EAGAIN, nvme_tick() does nothing, and nvme_reset() gives -EAGAIN.
 * Returns 0, also of a controller that was shut down or failed; or an error, after which the controller goes on.
 */
int nvme_suspend(const struct nvme_ctrl *ctrl);
/* nvme_resume() - after that: enable the controller again, by a reset, whose errors it gives. */
int nvme_resume(const struct nvme_ctrl *ctrl);

/* ---- Preparing requests ----
 *
 * All check their arguments against the namespace, and fail with:
 *   -EINVAL      no blocks; data and blocks differ in length; segments that PRPs cannot express: the
 *                first is not 4-byte aligned, or a page boundary is missing where two of them meet
 *   -ERANGE      blocks past the end of the namespace
 *   -EMSGSIZE    more than the device accepts in one command
 *   -EOPNOTSUPP  the device does not support the command
 * A request can be prepared again after it completed.
 */
#define NVME_FUA	0x1u	/* Write, Write Zeroes: Force Unit Access */
#define NVME_DEALLOCATE	0x2u	/* Write Zeroes: the device may deallocate the blocks */

HF_MUST_USE int nvme_prep_read(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba,
			       u32 blocks, struct nvme_segment_cslice data);
HF_MUST_USE int nvme_prep_write(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba,
				u32 blocks, struct nvme_segment_cslice data, unsigned int flags);
HF_MUST_USE int nvme_prep_flush(struct nvme_request *req, const struct nvme_namespace *ns);
HF_MUST_USE int nvme_prep_write_zeroes(struct nvme_request *req, const struct nvme_namespace *ns,
				       u64 lba, u32 blocks, unsigned int flags);

/* Fill in a range to deallocate.  The caller puts up to NVME_DSM_MAX_RANGES into mapped memory. */
HF_MUST_USE int nvme_dsm_range_set(struct nvme_dsm_range *range, const struct nvme_namespace *ns,
				   u64 lba, u32 blocks);
HF_MUST_USE int nvme_prep_deallocate(struct nvme_request *req, const struct nvme_namespace *ns,
				     u32 ranges, struct nvme_segment_cslice data);

/* 0 for success; else a negative errno, -EIO by default. */
int nvme_status_to_errno(u16 status);

#endif /* EXAMPLES_NVME_H */
