// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a read of a write-only register
// rule: register-misuse
// flags: -Werror=implicit-function-declaration
// expect: 'regs_read_doorbell'
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x40);
HF_REG_WO(regs, doorbell, 0x20, u32);
HF_REG_RO(regs, csts, 0x1c, u32);

void f(const struct regs *r);
void f(const struct regs *r)
{
#ifdef MISUSE
	(void)regs_read_doorbell(r); /* E */
#else
	(void)regs_read_csts(r);
#endif
}
