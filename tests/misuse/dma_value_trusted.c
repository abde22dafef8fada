// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a field of a device's element used as a number
// rule: untrusted-number
// expect: array subscript is not an integer
#include <holdfast/dma.h>

struct cqe {
	struct hf_le32 result;
	struct hf_le16 cid;
	struct hf_le16 status;
};

HF_DMA_DEFINE(cqes, struct cqe);

int f(const struct cqes *cqes, const int *requests, u16 depth);
int f(const struct cqes *cqes, const int *requests, u16 depth)
{
	const struct cqe cqe = cqes_read(cqes, 1);

#ifdef MISUSE
	(void)depth;
	return requests[cqe.cid]; /* E */
#else
	const u16 cid = hf_try(hf_below(hf_from_le(cqe.cid), depth));

	return requests[cid];
#endif
}
