/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A driver on a controller model, for tests.
 *
 * The clock of the process is stopped (hf_user_clock_stop()).  Time passes by rig_pass() only: when a
 * test calls it, and while the driver sleeps or waits.  Each time the model does all that it can do by
 * then.  So what a test sees does not depend on how fast the machine is.
 */
#ifndef EXAMPLES_NVME_TESTS_RIG_H
#define EXAMPLES_NVME_TESTS_RIG_H

#include "harness.h"

#include "../model/model.h"
#include "../nvme.h"

#define RIG_PAGE	4096u
#define RIG_DISK	(8u << 20)
#define RIG_BUFFER	(8u << 20)
#define RIG_LONG_MS	60000u	/* more than anything takes that happens at all */

struct rig {
	/* To be set before rig_start(). */
	struct nvme_config config;
	struct nvme_model_config model_config;

	struct hf_user_iommu *iommu;
	struct hf_device dev;
	struct nvme_model *model;
	struct nvme_ctrl_own ctrl_place;
	const struct nvme_ctrl *ctrl;	/* the same, borrowed */
	const struct nvme_namespace *ns;
	u8 *disk, *buffer;
	u64 buffer_addr;
	bool removed;		/* registers read as all ones */
	unsigned int dma_disabled;	/* calls of disable_dma */
	unsigned int errors;	/* lines logged as errors */
	bool timeouts;		/* time passes when nothing happens: faults.c */
	unsigned int expected_driver_errors;	/* driver errors that a test provoked */
	bool verbose;
	pthread_mutex_t irq_lock;
};

/* What became of requests: the ctx of each points to one of these. */
struct tally {
	unsigned int done, failed;
	int err;		/* of the last that failed */
	u16 status;
};

/* Defaults; the model and its memory come with rig_start(). */
void rig_init(struct rig *rig);
/* The model, then the driver: 0, or the error of nvme_ctrl_start(). */
HF_MUST_USE int rig_start(struct rig *rig);
/* The model alone; then the driver alone. */
void rig_start_model(struct rig *rig);
HF_MUST_USE int rig_start_driver(struct rig *rig);
/* Drop the driver, as it is. */
void rig_stop_driver(struct rig *rig);
/* All of it ends; nothing may be left, and the driver must have behaved. */
void rig_stop(struct rig *rig);

/* A segment of the rig's buffer. */
struct nvme_segment rig_segment(const struct rig *rig, size_t offset, u32 len);
#define rig_data(array)	hf_slice(nvme_segment_cslice, array)

/* A request that counts in @tally; empty if there is no memory, which fails the test. */
struct nvme_request_own rig_request(struct tally *tally);
/* Submit, and poll while the queue is full. */
HF_MUST_USE int rig_submit(struct rig *rig, unsigned int queue, struct nvme_request_own *req);
/* Submit a Read or Write of one segment that is blocks long. */
HF_MUST_USE int rig_rw(struct rig *rig, unsigned int queue, bool write, u64 lba, u32 blocks,
		       const struct nvme_segment_cslice data, struct tally *tally);
/* Poll until @n are done; false if that does not happen. */
bool rig_wait(struct rig *rig, const struct tally *tally, unsigned int n);
/* Whether the model holds @n commands back, now that it has seen all of them. */
bool rig_holds(struct rig *rig, size_t n);
/* Let time pass, and the model do what it can; any thread. */
void rig_pass(struct rig *rig, u64 ms);
/* This thread, another than the test's own, uses the driver. */
void rig_join_clock(struct rig *rig);
unsigned int rig_poll(struct rig *rig);

/* The model shall count @n driver errors: the test provoked them. */
void rig_expect_driver_errors(struct rig *rig, unsigned int n);
u64 rig_faults_injected(const struct rig *rig);
u64 rig_entries_rejected(const struct rig *rig);
struct nvme_stats rig_stats(const struct rig *rig);
struct nvme_model_stats rig_model_stats(const struct rig *rig);
void rig_inject(struct rig *rig, enum nvme_model_fault fault, u32 sqid, u32 opcode, u32 count,
		u32 variant);

/* A pattern that depends on where it is. */
void rig_fill(u8 *p, size_t len, u64 seed);
bool rig_is_filled(const u8 *p, size_t len, u64 seed);
bool rig_is_zero(const u8 *p, size_t len);

#endif
