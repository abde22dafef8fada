// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an allocation that may sleep under a spinlock
// report: BUG: sleeping function called from invalid context at .*sched/mm\.h
// refused: tests/misuse/sleep_allocating.c
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "wrong.h"

struct item {
	int id;
};

static DEFINE_SPINLOCK(lock);
static int next;

static struct item *item_new(void)
{
	struct item *x;

	spin_lock(&lock);
	/* The bug: GFP_KERNEL sleeps until there is memory. */
	x = kzalloc(sizeof(*x), GFP_KERNEL);
	if (x)
		x->id = next++;
	spin_unlock(&lock);
	return x;
}

static int wrong(void)
{
	struct item *x = item_new();

	if (!x)
		return -ENOMEM;
	kfree(x);
	return 0;
}
