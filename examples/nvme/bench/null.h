/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The null controller: the smallest controller that the driver can run on, to measure the driver.
 *
 * It has no thread, and its registers are memory.  null_run() processes them: for each new command
 * it reads the identifier and writes a completion entry, and transfers no data.  It does not check
 * the driver, so it is for benchmarks, and for tests that start the driver very often.
 *
 * It also runs in the kernel.  user.c and kernel.c have what differs.
 */
#ifndef EXAMPLES_NVME_NULL_H
#define EXAMPLES_NVME_NULL_H

#include <holdfast/holdfast.h>

#include "../nvme.h"

#define NULL_QUEUES		8u	/* I/O queue pairs */
#define NULL_ENTRIES		1024u
#define NULL_BLOCKS		(1u << 20)
#define NULL_BAR_SIZE		NVME_REG_SQ_TAIL(NULL_QUEUES + 1u, 0u)

struct null_queue {
	struct nvme_sqe *sq;
	struct nvme_cqe *cq;
	u32 sq_size, sq_head;
	u32 cq_size, cq_tail, phase;
};

struct null_controller {
	struct hf_device *dev;
	u32 cc;				/* at the last null_run() */
	/* NULL, or what a test answers: the page of an Identify, or NULL and dword 0. */
	void (*answer)(void *arg, const struct nvme_sqe *s, void *page, u32 *result);
	void *answer_arg;
	struct null_queue queues[NULL_QUEUES + 1];
	union {
		u32 words[NULL_BAR_SIZE / 4];
		u64 longs[NULL_BAR_SIZE / 8];
	} regs;
};

/* Initialise a controller; the driver uses DMA addresses of @dev. */
void null_init(struct null_controller *c, struct hf_device *dev);
/* Complete the new commands of a queue. */
void null_run(struct null_controller *c, u32 qid);

/*
 * Host operations for a driver on a struct null_controller, which is their argument.  The core
 * reads the clock whenever it waits for the controller; that runs the controller.
 */
extern const struct nvme_host_ops null_host_ops;

/* ---- The platform: user.c, kernel.c ---- */

/* The register window. */
struct hf_io null_io(struct null_controller *c);
/* The memory at a DMA address. */
void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len);

#endif /* EXAMPLES_NVME_NULL_H */
