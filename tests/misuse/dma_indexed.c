// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer into memory that the device may write at any moment
// rule: device-memory
// expect-gcc: subscripted value is neither array nor pointer
// expect-clang: subscripted value is not an array, pointer, or vector
#include <holdfast/dma.h>

struct cqe {
	struct hf_le64 w;
};

HF_DMA_DEFINE(cqes, struct cqe);

void f(const struct cqes *cqes);
void f(const struct cqes *cqes)
{
#ifdef MISUSE
	const struct cqe *cqe = &(*cqes)[1]; /* E */

	(void)cqe;
#else
	const struct cqe cqe = cqes_read(cqes, 1);

	(void)cqe;
#endif
}
