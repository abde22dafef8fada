// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a constant offset before the window
// rule: register-misuse
// expect: hf_io_read32: offset -4 lies outside the window
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(dev_regs, 0x1000);

struct untrusted_u32_result status(const struct dev_regs *r);
struct untrusted_u32_result status(const struct dev_regs *r)
{
#ifdef MISUSE
	return hf_io_read32(r, -4); /* E */
#else
	return hf_io_read32(r, 4);
#endif
}
