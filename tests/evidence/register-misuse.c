// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
void f(void __iomem *bar);	/* of 0x1000 bytes */
void f(void __iomem *bar)
{
	writel(1, bar + 0x1002);
}
#else
void f(void __iomem *bar);
void f(void __iomem *bar)
{
	writel(1, bar + 0x14);
}
#endif
