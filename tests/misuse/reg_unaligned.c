// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a register at an address that its width does not divide
// rule: register-misuse
// expect: register cc is not aligned
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x40);
#ifdef MISUSE
HF_REG_WO(regs, cc, 0x12, u32); /* E */
#else
HF_REG_WO(regs, cc, 0x14, u32);
#endif
