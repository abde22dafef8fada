// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"
#include <linux/completion.h>

struct dev { void __iomem *regs; struct completion done; };

#ifdef MISUSE
void f(struct dev *d);
void f(struct dev *d)
{
	writel(1, d->regs);
	reinit_completion(&d->done);
	wait_for_completion(&d->done);
}
#else
void f(struct dev *d);
void f(struct dev *d)
{
	reinit_completion(&d->done);
	writel(1, d->regs);
	wait_for_completion(&d->done);
}
#endif
