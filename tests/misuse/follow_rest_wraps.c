// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what the device says is used, subtracted from the size though it may be more
// rule: arithmetic-overflow
// compilers: none
// checker: may be more than 256, and then what line [0-9]+ takes for the rest has wrapped
#include <holdfast/holdfast.h>

enum { FIFO_BYTES = 256 };

HF_MMIO_DEFINE(fifo_regs, 0x10);
HF_REG_RO(fifo_regs, level, 0x00, u32);
HF_REG_WO(fifo_regs, data, 0x04, u32);

u32 fifo_fill(const struct fifo_regs *regs, struct u32_cslice words);
u32 fifo_fill(const struct fifo_regs *regs, struct u32_cslice words)
{
#ifdef MISUSE
	const u32 level = hf_accept_any(fifo_regs_read_level(regs)); /* E */
#else
	const u32 level = hf_try_or(hf_at_most(fifo_regs_read_level(regs), FIFO_BYTES), 0);
#endif
	u32 left = FIFO_BYTES - level, n = 0;

	hf_for_each(w, words) {
		if (left < hf_len(words))
			break;
		fifo_regs_write_data(regs, *w);
		left -= 4;
		n++;
	}
	return n;
}
