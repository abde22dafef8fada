// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a register of one window accessed through another
// rule: register-misuse
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'nvme_write_cc' from incompatible pointer type
// expect-clang: passing 'const struct uart \*' to parameter of type 'const struct nvme \*'
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(nvme, 0x1000);
HF_REG_RW(nvme, cc, 0x14, u32);
HF_MMIO_DEFINE(uart, 0x10);
HF_REG_RW(uart, thr, 0x00, u8);

void f(const struct uart *u);
void f(const struct uart *u)
{
#ifdef MISUSE
	nvme_write_cc(u, 1); /* E */
#else
	uart_write_thr(u, 1);
#endif
}
