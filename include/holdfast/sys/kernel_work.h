/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of workqueues.
 */
#ifndef HOLDFAST_SYS_KERNEL_WORK_H
#define HOLDFAST_SYS_KERNEL_WORK_H

#include <linux/list.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/**
 * A workqueue.  The kernel's destroy_workqueue() forgets items whose timer runs still, so they stand in a list.
 */
struct hf_workqueue {
	struct workqueue_struct *wq_;	/* NULL: the system's, which is never destroyed and has no list */
	spinlock_t lock_;
	struct list_head delayed_;	/* of struct hf_sys_delayed_work: from the queueing to the run, or the cancel */
	wait_queue_head_t none_delayed_;
	bool ending_;
};

struct hf_sys_delayed_work {
	struct delayed_work work_;
	struct hf_workqueue *queue_;	/* where it is queued; NULL: nowhere.  Who sets it owns the item. */
	struct list_head entry_;
};

/** The system's; in holdfast.ko, as is all that is not inline here. */
extern const struct hf_workqueue hf_kernel_system_workqueue;

int hf_kernel_workqueue_init(struct hf_workqueue *q, const char *text, unsigned int at_once, bool reclaim);
void hf_sys_workqueue_fini(struct hf_workqueue *q);

HF_SYS_INLINE __must_check int hf_sys_workqueue_init(struct hf_workqueue *q, const char *text, unsigned int at_once,
						     bool reclaim)
{
	return hf_kernel_alloc_fails() ? -ENOMEM : hf_kernel_workqueue_init(q, text, at_once, reclaim);
}

HF_SYS_INLINE const struct hf_workqueue *hf_sys_workqueue_system(void)
{
	return &hf_kernel_system_workqueue;
}

HF_SYS_INLINE struct workqueue_struct *hf_sys_workqueue_(const struct hf_workqueue *q)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
	return q->wq_ ? q->wq_ : system_wq;
#else
	return q->wq_ ? q->wq_ : system_percpu_wq;
#endif
}

/* Macros: lockdep's class is that of the place. */
#define hf_sys_work_init(w, fn)			INIT_WORK(w, fn)
#define hf_sys_delayed_work_init(d, fn)							\
	do {										\
		struct hf_sys_delayed_work *const hf_d_ = (d);				\
											\
		INIT_DELAYED_WORK(&hf_d_->work_, fn);					\
		hf_d_->queue_ = NULL;							\
		INIT_LIST_HEAD(&hf_d_->entry_);						\
	} while (0)

HF_SYS_INLINE int hf_sys_work_queue(const struct hf_workqueue *q, struct work_struct *w)
{
	if (READ_ONCE(q->ending_))
		return -ESHUTDOWN;
	return queue_work(hf_sys_workqueue_(q), w) ? 0 : -EEXIST;
}

HF_SYS_INLINE bool hf_sys_work_cancel(struct work_struct *w)
{
	return cancel_work(w);
}

HF_SYS_INLINE bool hf_sys_work_cancel_wait(struct work_struct *w)
{
	return cancel_work_sync(w);
}

#define hf_sys_work_enter(w)			(w)

int hf_kernel_delayed_work_queue(const struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned long delay);

/* Inline, as a constant time is converted when it is compiled. */
HF_SYS_INLINE int hf_sys_delayed_work_queue(const struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned int ms)
{
	return hf_kernel_delayed_work_queue(q, d, msecs_to_jiffies(ms));
}

bool hf_sys_delayed_work_cancel(struct hf_sys_delayed_work *d);
bool hf_sys_delayed_work_cancel_wait(struct hf_sys_delayed_work *d);
struct hf_sys_delayed_work *hf_sys_delayed_work_enter(struct work_struct *w);

#endif
