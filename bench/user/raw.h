/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the raw sides use and the back ends' common part lacks.  In userspace: the back end, as there is nothing else. */
#ifndef HOLDFAST_BENCH_RAW_H
#define HOLDFAST_BENCH_RAW_H

#include "../bench.h"

struct raw_delayed_work {
	struct hf_sys_delayed_work work;
};

HF_INLINE void raw_delayed_work_init(struct raw_delayed_work *d, work_func_t fn)
{
	hf_sys_delayed_work_init(&d->work, fn);
}

/* Whether it was not queued already.  @wq is bench_workqueue(). */
HF_INLINE bool raw_delayed_work_queue(const struct hf_workqueue *wq, struct raw_delayed_work *d, unsigned int ms)
{
	return !hf_sys_delayed_work_queue(wq, &d->work, ms);
}

HF_INLINE bool raw_delayed_work_cancel(struct raw_delayed_work *d)
{
	return hf_sys_delayed_work_cancel(&d->work);
}

HF_INLINE struct raw_delayed_work *raw_delayed_work_of(struct work_struct *w)
{
	return (struct raw_delayed_work *)(void *)hf_sys_delayed_work_enter(w);
}

#endif
