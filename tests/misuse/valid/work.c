// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Work items: queued from an interrupt handler, for later, again by their callback, cancelled; workqueues in objects.
#include <holdfast/holdfast.h>

struct stats {
	int resets;
	bool gone;
};

HF_LOCKED_DEFINE(locked_stats, spinlock_irq, struct stats);

struct dev {
	struct hf_refs refs;
	struct hf_work reset;
	struct hf_delayed_work poll;
	struct locked_stats stats;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_WORK_DEFINE(dev_reset, dev_arc, struct dev, reset, reset_dev);
HF_DELAYED_WORK_DEFINE(dev_poll, dev_arc, struct dev, poll, poll_dev);
HF_IRQ_DEFINE(dev_irq, dev_arc, on_interrupt);

static int dev_init(struct dev *d, int unused)
{
	(void)unused;
	hf_lock_init(&d->stats);
	hf_work_init(dev_reset, d);
	hf_work_init(dev_poll, d);
	return 0;
}

/* From where nothing may sleep. */
static irqreturn_t on_interrupt(const struct dev *d HF_NOESCAPE)
{
	hf_lock(s, &d->stats);

	if (s->gone)
		return IRQ_NONE;
	hf_work_queue(dev_reset, hf_system_workqueue(), hf_arc_from(dev, d));
	return IRQ_HANDLED;
}

static void reset_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);
	hf_borrow(r, d);
	hf_lock(s, &r->stats);

	s->resets++;
}

static bool is_gone(const struct dev *d)
{
	hf_lock(s, &d->stats);

	return s->gone;
}

static void poll_dev(struct dev_arc given)
{
	hf_let_arc(dev, d, given);

	if (!is_gone(hf_ref(d)))
		hf_work_queue_in(dev_poll, hf_system_workqueue(), hf_move(d), 100);
}

/* The reference that a queue had, if one had it, is put here. */
static bool stop_poll(const struct dev *d)
{
	hf_let_arc(dev, back, hf_try_or(hf_work_cancel_wait(dev_poll, d), false));

	return true;
}

static int try_cancel(const struct dev *d)
{
	hf_let_arc(dev, back, hf_try(hf_work_cancel(dev_reset, d)));

	return hf_ref(back) == d ? 0 : -EINVAL;
}

static void remove_dev(const struct dev *d)
{
	{
		hf_lock(s, &d->stats);
		s->gone = true;
	}
	if (stop_poll(d))
		hf_work_queue(dev_reset, hf_system_workqueue(), hf_arc_from(dev, d));
}

/* --- requests that move from queue to queue ------------------------------------------------------ */

struct request {
	struct hf_work work;
	struct hf_delayed_work retry;
	int tries;
};

static void request_free(struct request *r)
{
	hf_free(r);
}

HF_OWN_DEFINE(request, struct request, request_free);
HF_WORK_DEFINE(request_work, request_own, struct request, work, work_on);
HF_DELAYED_WORK_DEFINE(request_retry, request_own, struct request, retry, retry);

static int request_init(struct request *r, int unused)
{
	(void)unused;
	hf_work_init(request_work, r);
	hf_work_init(request_retry, r);
	return 0;
}

static void work_on(struct request_own given)
{
	hf_let(request, r, given);

	if (hf_mut(r)->tries++ < 3)
		hf_work_queue_in(request_retry, hf_system_workqueue(), hf_move(r), 10);
}

static void retry(struct request_own given)
{
	hf_work_queue(request_work, hf_system_workqueue(), given);
}

struct driver {
	struct hf_workqueue_own queue;
	struct request_own spare;
};

static void driver_free(struct driver *d)
{
	request_own_drop(&d->spare);
	hf_workqueue_own_drop(&d->queue);
	hf_free(d);
}

HF_OWN_DEFINE(driver, struct driver, driver_free);

static int driver_begin(struct driver *d, int at_once)
{
	return hf_set_ok(d->queue, hf_workqueue_new_reclaim("driver", (unsigned int)at_once, GFP_KERNEL));
}

static int submit(struct driver *d)
{
	hf_let(request, r, hf_try(hf_new_with(request, GFP_KERNEL, request_init, 0)));

	hf_try_errno(hf_work_queue(request_work, hf_ref(d->queue), hf_move(r)));
	return hf_is_empty(d->spare) ? 0 : hf_work_queue(request_work, hf_ref(d->queue), hf_take(d->spare));
}

int use(struct hf_irq_line line);
int use(struct hf_irq_line line)
{
	hf_let_arc(dev, d, hf_try(hf_new_arc_with(dev, GFP_KERNEL, dev_init, 0)));
	hf_let(dev_irq, irq, hf_try(hf_irq_request(dev_irq, line, "dev", hf_clone(d), GFP_KERNEL)));
	hf_let(driver, drv, hf_try(hf_new_with(driver, GFP_KERNEL, driver_begin, 1)));
	hf_let(hf_workqueue, wq, hf_try(hf_workqueue_new("dev", 0, GFP_KERNEL)));

	hf_try_errno(submit(hf_mut(drv)));
	hf_try_errno(hf_work_queue_in(dev_poll, hf_ref(wq), hf_clone(d), 10));
	hf_work_queue(dev_reset, hf_ref(wq), hf_clone(d));
	remove_dev(hf_ref(d));
	return try_cancel(hf_ref(d));
}
