/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the raw sides use and the back ends' common part lacks.  In the kernel: what a driver uses. */
#ifndef HOLDFAST_BENCH_RAW_H
#define HOLDFAST_BENCH_RAW_H

#include <linux/workqueue.h>

#include "../bench.h"

struct raw_delayed_work {
	struct delayed_work work;
};

HF_INLINE void raw_delayed_work_init(struct raw_delayed_work *d, work_func_t fn)
{
	INIT_DELAYED_WORK(&d->work, fn);
}

/* Whether it was not queued already.  @wq is bench_workqueue(), which is the system's. */
HF_INLINE bool raw_delayed_work_queue(const struct hf_workqueue *wq, struct raw_delayed_work *d, unsigned int ms)
{
	(void)wq;
	return schedule_delayed_work(&d->work, msecs_to_jiffies(ms));
}

HF_INLINE bool raw_delayed_work_cancel(struct raw_delayed_work *d)
{
	return cancel_delayed_work(&d->work);
}

HF_INLINE struct raw_delayed_work *raw_delayed_work_of(struct work_struct *w)
{
	return container_of(to_delayed_work(w), struct raw_delayed_work, work);
}

#endif
