// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: might_fault() at run time
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

struct edu {
	spinlock_t lock;
	bool transferring;
	void *memory;
};

void start(struct edu *edu, size_t length);

int transfer(struct edu *edu, const void __user *from, size_t length);
int transfer(struct edu *edu, const void __user *from, size_t length)
{
#ifndef MISUSE
	if (copy_from_user(edu->memory, from, length))
		return -EFAULT;
#endif
	guard(spinlock_irqsave)(&edu->lock);
#ifdef MISUSE
	if (copy_from_user(edu->memory, from, length))
		return -EFAULT;
#endif
	edu->transferring = true;
	start(edu, length);
	return 0;
}
