// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a computed register offset whose check is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(regs, 0x40);

int f(const struct regs *r, size_t offset);
int f(const struct regs *r, size_t offset)
{
#ifdef MISUSE
	hf_io_write32(r, offset, 1); /* E */
#else
	hf_try_errno(hf_io_write32(r, offset, 1));
#endif
	return 0;
}
