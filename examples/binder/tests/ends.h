/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Buffers of all kinds of ends in pages, freed in all orders, as in the kernel's test of its allocator. */
#ifndef EXAMPLES_BINDER_ENDS_H
#define EXAMPLES_BINDER_ENDS_H

#include <stdint.h>

#define ENDS_PAGE	4096u
#define ENDS_BUFFERS	5
#define ENDS_PATTERNS	3125u		/* each buffer has one of five ends */
#define ENDS_ORDERS	120u

/*
 * How long each buffer is, by @pattern, in which it ends: within the page of the end before, at the end of that, within the
 * next page, at the end of that, within the one after.  They are at the begin, or at the end of @all bytes if that is not
 * 0.  Gives where the last one ends.
 */
static inline uint64_t ends_sizes(unsigned int pattern, uint64_t all, uint64_t *sizes)
{
	uint64_t end = 0;

	for (int i = 0; i < ENDS_BUFFERS; i++, pattern /= 5) {
		const uint64_t begin = end;

		for (unsigned int step = 0; step <= pattern % 5; step++)
			end = step % 2 ? (end + ENDS_PAGE - 1) / ENDS_PAGE * ENDS_PAGE : end + ENDS_PAGE / 8;
		sizes[all ? ENDS_BUFFERS - 1 - i : i] = end - begin;
	}
	if (!all)
		return end;
	sizes[0] += all - end;
	return all;
}

static inline void ends_order(unsigned int n, unsigned int *order)
{
	unsigned int left[ENDS_BUFFERS] = { 0, 1, 2, 3, 4 };

	for (unsigned int i = 0; i < ENDS_BUFFERS; i++) {
		const unsigned int rest = ENDS_BUFFERS - i, k = n % rest;

		n /= rest;
		order[i] = left[k];
		left[k] = left[rest - 1];
	}
}

#endif
