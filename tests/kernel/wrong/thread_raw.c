// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: the argument of a thread freed while the thread runs
// report: BUG: KASAN: slab-use-after-free in dev_thread
// refused: tests/misuse/thread_borrow_given.c
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "wrong.h"

struct dev {
	int irqs;
};

static DECLARE_COMPLETION(begun);
static DECLARE_COMPLETION(go_on);

static int dev_thread(void *data)
{
	struct dev *dev = data;

	complete(&begun);
	wait_for_completion(&go_on);
	dev->irqs++;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int wrong(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	struct task_struct *task;

	if (!dev)
		return -ENOMEM;
	task = kthread_run(dev_thread, dev, "wrong");
	if (IS_ERR(task)) {
		kfree(dev);
		return PTR_ERR(task);
	}
	wait_for_completion(&begun);
	/* The bug: kthread_stop() comes too late. */
	kfree(dev);
	complete(&go_on);
	kthread_stop(task);
	return 0;
}
