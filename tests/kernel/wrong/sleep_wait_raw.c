// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a wait by a function whose caller holds a spinlock
// report: BUG: sleeping function called from invalid context at .*completion\.c
// refused: tests/misuse/sleep_required_waits.c
#include <linux/completion.h>
#include <linux/spinlock.h>

#include "wrong.h"

static DEFINE_SPINLOCK(lock);
static DECLARE_COMPLETION(done);
static int next;

/* The caller holds the lock. */
static int settle(void)
{
	lockdep_assert_held(&lock);
	/* The bug: it may sleep. */
	wait_for_completion(&done);
	return next++;
}

static int wrong(void)
{
	/* A wait that finds it done does not sleep, but is reported as well. */
	complete(&done);
	spin_lock(&lock);
	settle();
	spin_unlock(&lock);
	return 0;
}
