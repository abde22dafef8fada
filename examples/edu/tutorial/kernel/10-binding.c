// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: a hang at run time
#include <linux/io.h>
#include <linux/srcu.h>

#define STATUS	0x20

struct edu {
	struct srcu_struct users;	/* of regs */
	void __iomem *regs;		/* NULL: the device has gone */
};

void remove(struct edu *edu);
void remove(struct edu *edu)
{
	void __iomem *regs = edu->regs;
	int idx = srcu_read_lock(&edu->users);

	writel(0, regs + STATUS);
	WRITE_ONCE(edu->regs, NULL);
#ifdef MISUSE
	synchronize_srcu(&edu->users);
	srcu_read_unlock(&edu->users, idx);
#else
	srcu_read_unlock(&edu->users, idx);
	synchronize_srcu(&edu->users);
#endif
	iounmap(regs);
}
