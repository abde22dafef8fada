// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a register past the end of its window
// rule: register-misuse
// expect: register doorbell lies outside the window regs
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x1000);
#ifdef MISUSE
HF_REG_RW(regs, doorbell, 0x1000, u32); /* E */
#else
HF_REG_RW(regs, doorbell, 0xffc, u32);
#endif
