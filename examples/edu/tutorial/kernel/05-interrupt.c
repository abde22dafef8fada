// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: an oops at run time
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/slab.h>

struct edu {
	unsigned int irq;
	void __iomem *regs;
};

void remove(struct edu *edu);
void remove(struct edu *edu)
{
#ifdef MISUSE
	iounmap(edu->regs);
	free_irq(edu->irq, edu);
#else
	free_irq(edu->irq, edu);
	iounmap(edu->regs);
#endif
	kfree(edu);
}
