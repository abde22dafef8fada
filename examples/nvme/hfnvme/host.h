/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The host of the driver core in a program: what the kernel and the block layer are for hf_nvme.ko.
 */
#ifndef EXAMPLES_NVME_HFNVME_HOST_H
#define EXAMPLES_NVME_HFNVME_HOST_H

#include <pthread.h>

#include "../nvme.h"
#include "hfnvme.h"

/*
 * ---- The machine: an IOMMU, a controller model, a clock ----
 *
 * The clock of the process is stopped (hf_user_clock_stop()). Time passes only when the program has
 * nothing else to do or the driver sleeps, and the model then does what is due. So no command times
 * out because the machine is busy. Benchmarks run in real time.
 */

struct host_message {
	char text[160];
};

/* The last error that the core logged, from any thread. */
HF_LOCKED_DEFINE(host_last_error, mutex, struct host_message);

struct host {
	const struct cli_options *o;
	struct hf_user_iommu *iommu;
	struct hf_device dev;
	struct nvme_model *model;
	struct nvme_config config;
	bool silent;			/* do not print what the core logs */
	struct host_last_error last_error;

	bool real_time;
	unsigned int tick_ms;		/* between calls of nvme_tick() */
	u64 next_tick;
	const struct nvme_ctrl *ctrl;	/* in host_run(): the controller to call nvme_tick() for */

	/* Of all models so far. */
	struct nvme_model_stats stats;
	char driver_errors[NVME_MODEL_ERRORS][NVME_MODEL_ERROR_LEN];
};

/* Time-outs of struct nvme_config, in milliseconds. */
struct host_timeouts {
	u32 command, abort, admin;
};

/* 0, or an exit status; the error was reported. On the thread that will call host_run(). */
int host_init(struct host *h, const struct cli_options *o, const struct host_timeouts *timeouts);
/* The same, in real time. */
int host_init_real_time(struct host *h, const struct cli_options *o,
			const struct host_timeouts *timeouts);
/* Create a controller model with this medium. */
int host_plug(struct host *h, const struct hfnvme_image *image, bool faults);
/* Destroy the model, and add its statistics to those of the host. */
void host_unplug(struct host *h);
/* Returns how many DMA mappings leaked. */
size_t host_fini(struct host *h);

struct host_outcome {
	int start;			/* 0, or the error of nvme_ctrl_start() */
	int shutdown;			/* 0, or the error of nvme_shutdown() */
	struct nvme_stats stats;	/* of the driver, at the end */
};

/*
 * Start the driver, call body, shut the driver down. body calls host_pass() or io_relax() when it
 * has nothing to do. Returns what body returned, or CLI_FAILED if the driver did not start.
 */
int host_run(struct host *h, struct host_outcome *out,
	     int (*body)(struct host *h, const struct nvme_ctrl *ctrl, void *arg), void *arg);

/*
 * body has nothing to do: let a millisecond pass, let the model do what is due, and call
 * nvme_tick() if that is due.
 */
void host_pass(struct host *h);
/* Call nvme_tick() if it is due. */
void host_tick_if_due(struct host *h);

/* Report that the driver did not start; returns CLI_FAILED, or CLI_INTERRUPTED. */
int host_start_error(const struct host *h, int err);
/* The last error that the core logged, or "". */
struct hfnvme_text host_last_error_text(const struct host *h);
/* "Write Fault (0x280)", or the name of the errno if there is no status. */
struct hfnvme_text host_status_text(u16 status, int err);

/* ---- Commands with their memory ---- */

struct io_engine;

/*
 * A command and its memory. The slot owns the request while the command is not in flight. The
 * memory belongs to the device from io_slot_…() to the completion.
 */
struct io_slot {
	struct io_engine *engine;
	struct nvme_request_own req;
	/* Two of the three are empty. */
	struct u8_buffer_own memory;
	struct u8_to_device_own to_device;
	struct u8_from_device_own from_device;
	size_t start;			/* of the memory's first whole page */
	struct nvme_segment segments[2];
	unsigned int queue;
	u32 index;
	u32 in_flight;			/* atomic: any thread may complete the command */
	int err;
	u16 status;

	/* For the user of the slot. */
	u64 lba;
	u32 blocks;
	u32 tries;
	u64 tag;
	u32 kind;
	bool finished;
};

HF_SLICE_DEFINE(io_slot, struct io_slot);

/* Completed requests, from any thread, for the engine's own thread. */
HF_LOCKED_DEFINE(io_done, mutex, struct nvme_requests);

/* The commands of one thread. */
struct io_engine {
	struct host *host;
	const struct nvme_ctrl *ctrl;
	const struct nvme_namespace *ns;
	struct io_slot_slice slots;
	void *slot_memory;
	struct io_done done;
	u64 submitted, completed;
	u32 completed_twice;		/* atomic */
	unsigned int idle;		/* polls without a completion */
};

/* The offset of the first whole page in it. */
size_t io_first_page(const struct u8_buffer *memory);

/* So many slots, with so many bytes each, starting at any offset in a page. */
int io_engine_init(struct io_engine *e, struct host *h, u32 slots, size_t bytes);
void io_engine_fini(struct io_engine *e);
/* Use this controller. Nothing is in flight. */
void io_engine_attach(struct io_engine *e, const struct nvme_ctrl *ctrl);

/* A part of the slot's memory. It belongs to the CPU until the command is prepared. */
struct u8_slice_result io_slot_bytes(struct io_slot *s, size_t offset, size_t len);

/*
 * Prepare a command: map the part of the memory, as io_slot_bytes() names it, and fill in the
 * request. On failure nothing is mapped.
 */
HF_MUST_USE int io_slot_read(struct io_slot *s, u64 lba, u32 blocks, size_t offset, size_t len);
HF_MUST_USE int io_slot_write(struct io_slot *s, u64 lba, u32 blocks, size_t offset, size_t len,
			      unsigned int flags);
HF_MUST_USE int io_slot_write_zeroes(struct io_slot *s, u64 lba, u32 blocks, unsigned int flags);
HF_MUST_USE int io_slot_deallocate(struct io_slot *s, u32 ranges, size_t offset, size_t len);
HF_MUST_USE int io_slot_flush(struct io_slot *s);

/* Submit a prepared command: as nvme_submit(). */
HF_MUST_USE int io_slot_submit(struct io_slot *s, unsigned int queue);
/* Cancel a command that was prepared and not submitted. */
void io_slot_cancel(struct io_slot *s);

/*
 * Poll a queue; then take the next completed command, whose memory belongs to the CPU again, or
 * NULL. s->err and s->status are its result.
 */
void io_poll(struct io_engine *e, unsigned int queue);
struct io_slot *io_next_done(struct io_engine *e);
/* After a round of polling, which found something to do or did not: let others run, or sleep. */
void io_relax(struct io_engine *e, bool did);

/* Submit a prepared command on queue 1, and wait for it. */
HF_MUST_USE int io_wait(struct io_slot *s);

#endif /* EXAMPLES_NVME_HFNVME_HOST_H */
