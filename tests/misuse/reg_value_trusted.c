// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a register says used as a number
// rule: untrusted-number
// expect-gcc: incompatible types when initializing type
// expect-clang: initializing 'u32'.* with an expression of incompatible type
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x40);
HF_REG_RO(regs, depth, 0x1c, u32);

int f(const struct regs *r);
int f(const struct regs *r)
{
#ifdef MISUSE
	u32 depth = regs_read_depth(r); /* E */
#else
	u32 depth = hf_try(hf_at_most(regs_read_depth(r), 64));
#endif

	return depth == 4;
}
