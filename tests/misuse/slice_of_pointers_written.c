// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a read-only slice of pointers is written
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable|cannot assign to
#include <holdfast/slice.h>

struct queue;
HF_SLICE_DEFINE(queues, struct queue *);

void begin_with(struct queues_cslice all, struct queue *q);

void begin_with(struct queues_cslice all, struct queue *q)
{
	(void)all;
	(void)q;
#ifdef MISUSE
	hf_at(all, 0) = q; /* E */
#endif
}
