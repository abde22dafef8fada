// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: bytes that may not fit into the shared memory, and nobody asks
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/dma.h>

struct line {
	u8 byte[64];
};

HF_DMA_DEFINE(lines, struct line);

int f(const struct lines *lines, struct u8_cslice from);
int f(const struct lines *lines, struct u8_cslice from)
{
#ifdef MISUSE
	lines_write_bytes(lines, 1, from); /* E */
	return 0;
#else
	return lines_write_bytes(lines, 1, from);
#endif
}
