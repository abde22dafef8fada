// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a constant offset outside the window, given to a function for computed ones
// rule: register-misuse
// expect: hf_io_write32: offset REG_DOORBELLS \+ 1 \* DOORBELL_STRIDE lies outside the window
#include <holdfast/mmio.h>

enum dev_reg {
	REG_STATUS = 0x04,
	REG_DOORBELLS = 0x1000,
	DOORBELL_STRIDE = 8,
};

HF_MMIO_DEFINE(dev_regs, 0x1000);

int ring(const struct dev_regs *r, u32 tail);
int ring(const struct dev_regs *r, u32 tail)
{
#ifdef MISUSE
	return hf_io_write32(r, REG_DOORBELLS + 1 * DOORBELL_STRIDE, tail); /* E */
#else
	return hf_io_write32(r, REG_STATUS + 1 * DOORBELL_STRIDE, tail);
#endif
}
