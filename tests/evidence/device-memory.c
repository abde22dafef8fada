// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct entry { u16 id; };	/* in memory of dma_alloc_coherent() */

#ifdef MISUSE
int f(const struct entry *queue, const int *table);
int f(const struct entry *queue, const int *table)
{
	return queue->id < 4 ? table[queue->id] : -1;	/* read twice */
}
#else
int f(const struct entry *queue, const int *table);
int f(const struct entry *queue, const int *table)
{
	const u16 id = READ_ONCE(queue->id);

	return id < 4 ? table[id] : -1;
}
#endif
