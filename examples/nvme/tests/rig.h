/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A test rig: the driver on the controller model.
 *
 * The clock of the process is stopped (hf_user_clock_stop()).  Time passes only by rig_pass(): when
 * a test calls it, and while the driver sleeps or waits.  It also lets the model do what is due.
 * So the tests do not depend on the speed of the machine.
 */
#ifndef EXAMPLES_NVME_TESTS_RIG_H
#define EXAMPLES_NVME_TESTS_RIG_H

#include "harness.h"

#include "../model/model.h"
#include "../nvme.h"

#define RIG_PAGE	4096u
#define RIG_DISK	(8u << 20)
#define RIG_BUFFER	(8u << 20)
#define RIG_LONG_MS	60000u	/* more than anything in these tests takes */

struct rig {
	/* Set before rig_start(). */
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
	unsigned int warnings;
	u64 warned;		/* the value of the last one */
	unsigned int changes;	/* calls of changed */
	bool timeouts;		/* let commands time out when nothing completes: faults.c */
	unsigned int expected_driver_errors;	/* how many driver errors the test provokes */
	bool verbose;
	pthread_mutex_t irq_lock;
};

/* Counts completed requests, whose ctx points to it. */
struct tally {
	unsigned int done, failed;
	int err;		/* of the last failed request */
	u16 status;
};

/* Set defaults.  rig_start() creates the model. */
void rig_init(struct rig *rig);
/* Start the model and the driver: 0, or the error of nvme_ctrl_start(). */
HF_MUST_USE int rig_start(struct rig *rig);
/* Start only the model, or only the driver. */
void rig_start_model(struct rig *rig);
HF_MUST_USE int rig_start_driver(struct rig *rig);
/* Drop the driver, without a shutdown. */
void rig_stop_driver(struct rig *rig);
/* Stop all.  Fails the test after a leak or a driver error. */
void rig_stop(struct rig *rig);

/* A segment of the rig's buffer. */
struct nvme_segment rig_segment(const struct rig *rig, size_t offset, u32 len);
#define rig_data(array)	hf_slice(nvme_segment_cslice, array)

/* A request that counts in @tally. */
struct nvme_request_own rig_request(struct tally *tally);
/* Submit, and poll while the queue is full. */
HF_MUST_USE int rig_submit(struct rig *rig, unsigned int queue, struct nvme_request_own *req);
/* Submit a Read or a Write, of rig->ns. */
HF_MUST_USE int rig_rw(struct rig *rig, unsigned int queue, bool write, u64 lba, u32 blocks,
		       const struct nvme_segment_cslice data, struct tally *tally);
/* Poll until @n requests completed; false if they do not. */
bool rig_wait(struct rig *rig, const struct tally *tally, unsigned int n);
/* Whether the model holds @n commands, after it has fetched all of them. */
bool rig_holds(struct rig *rig, size_t n);
/* Let time pass, and let the model do what is due.  Any thread. */
void rig_pass(struct rig *rig, u64 ms);
/* For a thread other than the test's own, before it uses the driver. */
void rig_join_clock(struct rig *rig);
unsigned int rig_poll(struct rig *rig);

/* The model must count @n driver errors. */
void rig_expect_driver_errors(struct rig *rig, unsigned int n);
u64 rig_faults_injected(const struct rig *rig);
u64 rig_entries_rejected(const struct rig *rig);
struct nvme_stats rig_stats(const struct rig *rig);
struct nvme_model_stats rig_model_stats(const struct rig *rig);
void rig_inject(struct rig *rig, enum nvme_model_fault fault, u32 sqid, u32 opcode, u32 count,
		u32 variant);

/* A pattern that depends on the seed and the position. */
void rig_fill(u8 *p, size_t len, u64 seed);
bool rig_is_filled(const u8 *p, size_t len, u64 seed);
bool rig_is_zero(const u8 *p, size_t len);

#endif
