/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The null controller: the least that a driver can be run against, to measure the driver.
 *
 * It has no thread. A write to a doorbell completes the new commands before it returns: an entry is
 * read for its identifier, and a completion written; nothing is transferred. It trusts its driver in
 * everything, which is why it is for nothing else.
 */
#ifndef EXAMPLES_NVME_NULL_H
#define EXAMPLES_NVME_NULL_H

#include <holdfast/holdfast.h>

#include "../nvme_spec.h"

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
	struct hf_user_iommu *iommu;
	u32 cc, csts, aqa;
	u64 asq, acq;
	struct null_queue queues[NULL_QUEUES + 1];
};

/* ctx is the struct null_controller, zeroed but for its iommu. */
extern const struct hf_user_io_ops null_io_ops;

#endif /* EXAMPLES_NVME_NULL_H */
