// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a register claimed at a constant offset of which only the first half is in the window
// rule: register-misuse
// expect: hf_io_reg32: offset sizeof\(struct dev_block\) lies outside the window
#include <holdfast/mmio.h>

struct dev_block {
	u32 ctrl, status;
	u16 doorbell[2];
};

HF_MMIO_DEFINE(dev_regs, sizeof(struct dev_block) + 2);

struct hf_reg32_result claim(const struct dev_regs *r);
struct hf_reg32_result claim(const struct dev_regs *r)
{
#ifdef MISUSE
	return hf_io_reg32(r, sizeof(struct dev_block)); /* E */
#else
	return hf_io_reg32(r, sizeof(struct dev_block) - 4);
#endif
}
