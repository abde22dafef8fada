// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a function that may sleep called by a reader of RCU
// report: BUG: sleeping function called from invalid context at .*mutex\.c
// refused: tests/misuse/sleep_reading_rcu.c
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "wrong.h"

struct config {
	int limit;
};

static struct config config = { .limit = 1 };
static struct config __rcu *current_config;
static DEFINE_MUTEX(lock);
static int applied;

static void apply(int limit)
{
	mutex_lock(&lock);
	applied = limit;
	mutex_unlock(&lock);
}

static int wrong(void)
{
	RCU_INIT_POINTER(current_config, &config);
	rcu_read_lock();
	/* The bug: it takes a mutex. */
	apply(rcu_dereference(current_config)->limit);
	rcu_read_unlock();
	return 0;
}
