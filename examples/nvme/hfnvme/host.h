/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The host: what a kernel gives a driver, and what a block layer asks of it, in a program.
 */
#ifndef EXAMPLES_NVME_HFNVME_HOST_H
#define EXAMPLES_NVME_HFNVME_HOST_H

#include <pthread.h>

#include "../nvme.h"
#include "hfnvme.h"

/*
 * ---- The machine: an IOMMU, a controller model behind it, a clock ----
 *
 * The clock is stopped (hf_user_clock_stop()).  Time passes when the program has nothing else to do,
 * or the driver sleeps, and each time the model does all that it can do by then.  So no command times
 * out because the machine is busy.  Only benchmarks run on the machine's clock.
 */

struct host_message {
	char text[160];
};

/* The last error that the core logged, from any thread. */
HF_LOCKED_DEFINE(host_last_error, mutex, struct host_message);

struct host {
	const struct hfnvme_options *o;
	struct hf_user_iommu *iommu;
	struct hf_device dev;
	struct nvme_model *model;
	struct nvme_config config;
	bool silent;			/* do not print what the core logs */
	struct host_last_error last_error;

	bool real_time;
	unsigned int tick_ms;		/* between calls of nvme_tick() */
	u64 next_tick;
	const struct nvme_ctrl *ctrl;	/* of host_run(), to be ticked */

	/* Of models that are gone, and the newest things that they held against the driver. */
	struct nvme_model_stats stats;
	char driver_errors[NVME_MODEL_ERRORS][NVME_MODEL_ERROR_LEN];
};

/* Bounds of the waits with which the core looks after a controller, in milliseconds. */
struct host_timeouts {
	u32 command, abort, admin;
};

/* 0, or an exit status; the reason was reported. On the thread that will call host_run(). */
int host_init(struct host *h, const struct hfnvme_options *o, const struct host_timeouts *timeouts);
/* The same, on the machine's clock. */
int host_init_real_time(struct host *h, const struct hfnvme_options *o,
			const struct host_timeouts *timeouts);
/* Put a controller with this medium into the machine. */
int host_plug(struct host *h, const struct hfnvme_image *image, bool faults);
/* Pull it out; its statistics are added to those in the host. */
void host_unplug(struct host *h);
/* The end; gives how many DMA mappings were left. */
size_t host_fini(struct host *h);

struct host_outcome {
	int start; /* 0, or the errno with which the controller did not start */
	int shutdown;			/* 0, or how its shutdown failed */
	struct nvme_stats stats;	/* of the driver, at the end */
};

/*
 * Start the driver on the controller, run body, which calls host_pass() or io_relax() where it has
 * nothing to do, shut the driver down. Gives what body gave; HFNVME_FAILED without a body where the controller did not start.
 */
int host_run(struct host *h, struct host_outcome *out,
	     int (*body)(struct host *h, const struct nvme_ctrl *ctrl, void *arg), void *arg);

/*
 * There is nothing to do for the caller, which is body: let a millisecond pass, let the model do all
 * that it can do, and call nvme_tick() when it is time to.
 */
void host_pass(struct host *h);
/* The last of these alone, where time passes by itself. */
void host_tick_if_due(struct host *h);

/* A message for a start that failed; gives HFNVME_FAILED. */
int host_start_error(const struct host *h, int err);
/* What the core said last, or "". */
struct hfnvme_text host_last_error_text(const struct host *h);
/* "Write Fault (0x280)", or the name of the errno where the device gave no status. */
struct hfnvme_text host_status_text(u16 status, int err);

/* ---- Commands with their memory ---- */

struct io_engine;

/*
 * A command, and the memory that it moves. The request is here while the command is not in flight.
 * Between io_slot_…() and the end the memory belongs to the device.
 */
struct io_slot {
	struct io_engine *engine;
	struct nvme_request_own req;
	struct u8_slice memory;
	struct hf_dma_to_device to_device;
	struct hf_dma_from_device from_device;
	struct nvme_segment segments[2];
	unsigned int queue;
	u32 index;
	u32 in_flight;			/* atomic: done comes on any thread */
	int err;
	u16 status;

	/* The user's. */
	u64 lba;
	u32 blocks;
	u32 tries;
	u64 tag;
	u32 kind;
	bool finished;
};

HF_SLICE_DEFINE(io_slot, struct io_slot);

/* Requests that are done, on whatever thread, until the engine's own thread takes them. */
HF_LOCKED_DEFINE(io_done, mutex, struct nvme_requests);

/* One thread's commands. */
struct io_engine {
	struct host *host;
	const struct nvme_ctrl *ctrl;
	const struct nvme_namespace *ns;
	struct io_slot_slice slots;
	void *slot_memory;
	void *data_memory;
	struct io_done done;
	u64 submitted, completed;
	u32 completed_twice;		/* atomic */
	unsigned int idle;		/* looks in vain */
};

/* slots commands with memory of bytes each (any multiple of 4 in a page may be their start). */
int io_engine_init(struct io_engine *e, struct host *h, u32 slots, size_t bytes);
void io_engine_fini(struct io_engine *e);
/* The controller of this run; nothing is in flight. */
void io_engine_attach(struct io_engine *e, const struct nvme_ctrl *ctrl);

/* The slot's memory from offset on, len bytes: the CPU's while the command is not prepared. */
struct u8_slice_result io_slot_bytes(struct io_slot *s, size_t offset, size_t len);

/* Prepare: hand the bytes over and fill the request in. 0 or a negative errno, nothing handed over. */
HF_MUST_USE int io_slot_read(struct io_slot *s, u64 lba, u32 blocks, struct u8_slice bytes);
HF_MUST_USE int io_slot_write(struct io_slot *s, u64 lba, u32 blocks, struct u8_cslice bytes,
			      unsigned int flags);
HF_MUST_USE int io_slot_write_zeroes(struct io_slot *s, u64 lba, u32 blocks, unsigned int flags);
HF_MUST_USE int io_slot_deallocate(struct io_slot *s, u32 ranges, struct u8_cslice bytes);
HF_MUST_USE int io_slot_flush(struct io_slot *s);

/* Submit what is prepared: as nvme_submit(). */
HF_MUST_USE int io_slot_submit(struct io_slot *s, unsigned int queue);
/* Give up what was prepared and not submitted. */
void io_slot_cancel(struct io_slot *s);

/*
 * Poll a queue, then take the next command that is done, its memory the CPU's again; NULL if none
 * is. s->err and s->status say how it went.
 */
void io_poll(struct io_engine *e, unsigned int queue);
struct io_slot *io_next_done(struct io_engine *e);
/* Nothing was done: let others run, and sleep a little if that goes on. */
void io_relax(struct io_engine *e, bool did);

/* One command from start to end, on queue 1. */
HF_MUST_USE int io_wait(struct io_slot *s);

#endif /* EXAMPLES_NVME_HFNVME_HOST_H */
