/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The null controller: the least that a driver can be run against, to measure the driver.
 *
 * It has no thread, and its registers are memory.  null_run() does what they ask for: of a new command
 * an entry is read for its identifier, and a completion written; nothing is transferred.  It trusts its
 * driver in everything, which is why it is for nothing else.
 *
 * It runs in the kernel, too.  What is below it differs: user.c, kernel.c.
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
	u32 cc;				/* as it was at the last run */
	struct null_queue queues[NULL_QUEUES + 1];
	union {
		u32 words[NULL_BAR_SIZE / 4];
		u64 longs[NULL_BAR_SIZE / 8];
	} regs;
};

/* A controller that was not started yet; @dev is the device whose DMA addresses it is told. */
void null_init(struct null_controller *c, struct hf_device *dev);
/* Complete what is new in a queue. */
void null_run(struct null_controller *c, u32 qid);

/*
 * The host of a driver on it, which is the struct null_controller: the core looks at the clock whenever
 * it waits for the controller, and then finds done what it asked for.
 */
extern const struct nvme_host_ops null_host_ops;

/* ---- What is below ---- */

/* The window of its registers. */
struct hf_io null_io(struct null_controller *c);
/* The @len bytes that the device sees at an address. */
void *null_sees(struct hf_device *dev, dma_addr_t at, size_t len);

#endif /* EXAMPLES_NVME_NULL_H */
