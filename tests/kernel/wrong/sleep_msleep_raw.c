// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a function that sleeps called under a spinlock
// report: BUG: scheduling while atomic
// refused: tests/misuse/sleep_in_function.c
#include <linux/delay.h>
#include <linux/spinlock.h>

#include "wrong.h"

static DEFINE_SPINLOCK(lock);
static int next;

static int wrong(void)
{
	spin_lock(&lock);
	next++;
	/* The bug: it sleeps. */
	msleep(20);
	spin_unlock(&lock);
	return 0;
}
