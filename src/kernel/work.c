// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Workqueues that can be dropped while items wait for their time. */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/timer.h>

#include <holdfast/sys/sys.h>

const struct hf_workqueue hf_kernel_system_workqueue = { .wq_ = NULL };
EXPORT_SYMBOL_GPL(hf_kernel_system_workqueue);

int hf_kernel_workqueue_init(struct hf_workqueue *q, const char *text, unsigned int at_once, bool reclaim)
{
	const unsigned int flags = reclaim ? WQ_MEM_RECLAIM : 0;

	q->wq_ = at_once == 1 ? alloc_ordered_workqueue("%s", flags, text) :
				alloc_workqueue("%s", WQ_UNBOUND | flags, (int)min(at_once, (unsigned int)INT_MAX), text);
	if (!q->wq_)
		return -ENOMEM;
	spin_lock_init(&q->lock_);
	INIT_LIST_HEAD(&q->delayed_);
	init_waitqueue_head(&q->none_delayed_);
	return 0;
}
EXPORT_SYMBOL_GPL(hf_kernel_workqueue_init);

static bool none_delayed(struct hf_workqueue *q)
{
	unsigned long flags;
	bool none;

	/* Whoever removed the last one is out of the queue when the lock is free. */
	spin_lock_irqsave(&q->lock_, flags);
	none = list_empty(&q->delayed_);
	spin_unlock_irqrestore(&q->lock_, flags);
	return none;
}

void hf_sys_workqueue_fini(struct hf_workqueue *q)
{
	struct hf_sys_delayed_work *d;
	unsigned long flags;

	spin_lock_irqsave(&q->lock_, flags);
	WRITE_ONCE(q->ending_, true);
	/* Only if the timer is pending: one that was just cancelled stays so. */
	list_for_each_entry(d, &q->delayed_, entry_)
		mod_timer_pending(&d->work_.timer, jiffies);
	spin_unlock_irqrestore(&q->lock_, flags);
	wait_event(q->none_delayed_, none_delayed(q));
	destroy_workqueue(q->wq_);
}
EXPORT_SYMBOL_GPL(hf_sys_workqueue_fini);

/* Not inline, so that what is queued on the system's workqueue, which has no list, saves no registers for it. */
static noinline bool queue_in_list(struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned long delay)
{
	unsigned long flags;
	bool queued;

	spin_lock_irqsave(&q->lock_, flags);
	list_add_tail(&d->entry_, &q->delayed_);
	/* The end may have looked at all timers in the meantime. */
	queued = queue_delayed_work(q->wq_, &d->work_, q->ending_ ? 0 : delay);
	spin_unlock_irqrestore(&q->lock_, flags);
	return queued;
}

static noinline void leave_list(struct hf_workqueue *q, struct hf_sys_delayed_work *d)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock_, flags);
	list_del_init(&d->entry_);
	if (list_empty(&q->delayed_))
		wake_up_all(&q->none_delayed_);
	spin_unlock_irqrestore(&q->lock_, flags);
}

/* The item is in no queue any more: whoever queues it next may. */
static void leave(struct hf_sys_delayed_work *d)
{
	struct hf_workqueue *q = d->queue_;

	if (q->wq_)
		leave_list(q, d);
	/* Ordered: what was written before a queueing that gives -EEXIST is seen by the callback. */
	xchg(&d->queue_, NULL);
}

int hf_kernel_delayed_work_queue(const struct hf_workqueue *queue, struct hf_sys_delayed_work *d, unsigned long delay)
{
	struct hf_workqueue *q = (struct hf_workqueue *)queue;
	bool queued;

	if (READ_ONCE(q->ending_))
		return -ESHUTDOWN;
	/* With the exchange in leave(). */
	smp_mb();
	if (cmpxchg(&d->queue_, NULL, q))
		return -EEXIST;
	if (q->wq_)
		queued = queue_in_list(q, d, delay);
	else
		queued = queue_delayed_work(hf_sys_workqueue_(q), &d->work_, delay);
	/* Somebody waits until it does not run. */
	if (!queued)
		leave(d);
	return queued ? 0 : -EEXIST;
}
EXPORT_SYMBOL_GPL(hf_kernel_delayed_work_queue);

bool hf_sys_delayed_work_cancel(struct hf_sys_delayed_work *d)
{
	const bool was = cancel_delayed_work(&d->work_);

	if (was)
		leave(d);
	return was;
}
EXPORT_SYMBOL_GPL(hf_sys_delayed_work_cancel);

bool hf_sys_delayed_work_cancel_wait(struct hf_sys_delayed_work *d)
{
	const bool was = cancel_delayed_work_sync(&d->work_);

	if (was)
		leave(d);
	return was;
}
EXPORT_SYMBOL_GPL(hf_sys_delayed_work_cancel_wait);

struct hf_sys_delayed_work *hf_sys_delayed_work_enter(struct work_struct *w)
{
	struct hf_sys_delayed_work *d = container_of(to_delayed_work(w), struct hf_sys_delayed_work, work_);

	leave(d);
	return d;
}
EXPORT_SYMBOL_GPL(hf_sys_delayed_work_enter);
