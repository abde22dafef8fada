// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a copy to user memory under a spinlock
// report: BUG: sleeping function called from invalid context at .*(uaccess\.h|usercopy\.c)
// refused: tests/misuse/sleep_user_copy.c
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "wrong.h"

static DEFINE_SPINLOCK(lock);
static int next;

static int report(int __user *to)
{
	int left;

	spin_lock(&lock);
	next++;
	/* The bug: the page may have to be read first. */
	left = copy_to_user(to, &next, sizeof(next));
	spin_unlock(&lock);
	return left ? -EFAULT : 0;
}

/* It runs in the process that loads the module. */
static int wrong(void)
{
	unsigned long page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);

	if (IS_ERR_VALUE(page))
		return (int)page;
	report((int __user *)page);
	return vm_munmap(page, PAGE_SIZE);
}
