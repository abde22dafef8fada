// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: KCSAN at run time
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/spinlock.h>

struct edu {
	spinlock_t lock;	/* protects what follows; the interrupt handler takes it */
	u32 value;
	bool computing;
};

int value_now(struct edu *edu, u32 *value);
int value_now(struct edu *edu, u32 *value)
{
#ifndef MISUSE
	guard(spinlock_irqsave)(&edu->lock);
#endif
	if (edu->computing)
		return -EAGAIN;
	*value = edu->value;
	return 0;
}
