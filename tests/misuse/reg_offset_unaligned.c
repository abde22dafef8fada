// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a constant offset that is not a multiple of the register's width
// rule: register-misuse
// expect: hf_io_read64: offset 0x14 is not aligned
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(dev_regs, 0x1000);

struct untrusted_u64_result both(const struct dev_regs *r);
struct untrusted_u64_result both(const struct dev_regs *r)
{
#ifdef MISUSE
	return hf_io_read64(r, 0x14); /* E */
#else
	return hf_io_read64(r, 0x18);
#endif
}
