// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to a read-only register
// rule: register-misuse
// flags: -Werror=implicit-function-declaration
// expect: 'regs_write_cap'
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x40);
HF_REG_RO(regs, cap, 0x00, u64);
HF_REG_RW(regs, cc, 0x14, u32);

void f(const struct regs *r);
void f(const struct regs *r)
{
#ifdef MISUSE
	regs_write_cap(r, 1); /* E */
#else
	regs_write_cc(r, 1);
#endif
}
