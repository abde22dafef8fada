// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a register that begins inside its window and ends outside
// rule: register-misuse
// expect: register doorbell lies outside the window regs
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x14);
#ifdef MISUSE
HF_REG_RO(regs, doorbell, 0x10, u64); /* E */
#else
HF_REG_RO(regs, doorbell, 0x08, u64);
#endif
