// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of device-shared memory that is no whole number of words
// rule: device-memory
// expect: cqes: the size of an element is not a multiple of 8
#include <holdfast/dma.h>

struct cqe {
	struct hf_le32 result;
	struct hf_le32 sq_head;
	struct hf_le32 status;
#ifndef MISUSE
	struct hf_le32 reserved;
#endif
};

#ifdef MISUSE
HF_DMA_DEFINE(cqes, struct cqe); /* E */
#else
HF_DMA_DEFINE(cqes, struct cqe);
#endif
