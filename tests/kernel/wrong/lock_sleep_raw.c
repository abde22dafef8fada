// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a mutex taken under a spinlock
// report: BUG: sleeping function called from invalid context at .*mutex\.c
// refused: tests/misuse/sleep_mutex.c
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "wrong.h"

static DEFINE_RWLOCK(spinning);
static DEFINE_MUTEX(sleeping);
static int next, seen;

static int wrong(void)
{
	read_lock(&spinning);
	/* The bug: it may sleep. */
	mutex_lock(&sleeping);
	seen = next;
	mutex_unlock(&sleeping);
	read_unlock(&spinning);
	return 0;
}
