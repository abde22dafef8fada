// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object freed at once that readers of RCU may still look at
// report: BUG: KASAN: slab-use-after-free in reader
// refused: tests/misuse/rcu_dropped_at_once.c
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "wrong.h"

struct config {
	int limit;
};

static struct config __rcu *current_config;
static DECLARE_COMPLETION(reading);
static DECLARE_COMPLETION(done);
static bool replaced;

static int reader(void *unused)
{
	const struct config *c;

	rcu_read_lock();
	c = rcu_dereference(current_config);
	complete(&reading);
	/* A reader must not sleep. */
	while (!smp_load_acquire(&replaced))
		cpu_relax();
	pr_info("limit %d\n", c->limit);
	rcu_read_unlock();
	complete(&done);
	return 0;
}

static int wrong(void)
{
	struct config *old = kzalloc(sizeof(*old), GFP_KERNEL);
	struct task_struct *task;

	if (!old)
		return -ENOMEM;
	RCU_INIT_POINTER(current_config, old);
	task = kthread_run(reader, NULL, "wrong");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&reading);
	old = rcu_replace_pointer(current_config, NULL, true);
	/* The bug: synchronize_rcu() is missing. */
	kfree(old);
	smp_store_release(&replaced, true);
	wait_for_completion(&done);
	return 0;
}
