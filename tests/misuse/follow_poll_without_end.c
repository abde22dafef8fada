// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop that ends only if the device says so
// rule: untrusted-number
// compilers: none
// checker: only the device ends this loop, and one that is broken or was unplugged never does
#include <holdfast/holdfast.h>

void udelay(unsigned int us);

HF_MMIO_DEFINE(mdio_regs, 0x20);
HF_REG_RW(mdio_regs, command, 0x00, u32);
HF_REG_RO(mdio_regs, data, 0x04, u32);

enum { MDIO_BUSY = 1 << 29, MDIO_READ = 1 << 28, MDIO_POLLS = 200 };

struct u32_result mdio_read(const struct mdio_regs *regs, u32 reg);
struct u32_result mdio_read(const struct mdio_regs *regs, u32 reg)
{
	u32 command;
#ifdef MISUSE
	const u32 polls = 0;
#else
	u32 polls = 0;
#endif

	mdio_regs_write_command(regs, MDIO_READ | MDIO_BUSY | (reg & 31));
	do { /* E */
#ifndef MISUSE
		if (polls++ == MDIO_POLLS)
			return hf_err(u32, -ETIMEDOUT);
#endif
		udelay(polls + 5);
		command = hf_mask(mdio_regs_read_command(regs), MDIO_BUSY);
	} while (command);
	return hf_ok(u32, hf_mask(mdio_regs_read_data(regs), 0xffff));
}
