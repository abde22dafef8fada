// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct edu { void __iomem *regs; bool gone; };

u32 f(struct edu *e);
#ifdef MISUSE
u32 f(struct edu *e)
{
	if (READ_ONCE(e->gone))
		return 0;
	return readl(e->regs);
}
#else
extern struct srcu_struct edu_srcu;
u32 f(struct edu *e)
{
	void __iomem *regs;
	u32 v = 0;
	int idx = srcu_read_lock(&edu_srcu);

	regs = READ_ONCE(e->regs);
	if (regs)
		v = readl(regs);
	srcu_read_unlock(&edu_srcu, idx);
	return v;
}
#endif
