// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Workqueues.
 *
 * One lock and one wait queue serve them all: whatever changes wakes every thread that waits, and each looks again.
 * That is not fast, and easily right.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>

#include <holdfast/sys/sys.h>

static struct {
	pthread_mutex_t lock;
	pthread_once_t once;
	struct hf_sys_waitq changed;
	struct hf_user_worker_ *workers;
} all = { .lock = PTHREAD_MUTEX_INITIALIZER, .once = PTHREAD_ONCE_INIT };

#define NS_PER_MS	1000000u

static void init_all(void)
{
	hf_sys_waitq_init(&all.changed);
}

static void lock(void)
{
	pthread_once(&all.once, init_all);
	pthread_mutex_lock(&all.lock);
}

static void unlock(void)
{
	pthread_mutex_unlock(&all.lock);
}

/* With the lock, which is released meanwhile. */
static void wait_until(u64 until_ns)
{
	struct hf_sys_waiter w;

	hf_sys_wait_begin(&all.changed, &w, HF_UNINTERRUPTIBLE);
	unlock();
	(void)hf_sys_wait_sleep(&all.changed, &w, until_ns, HF_UNINTERRUPTIBLE);
	lock();
}

/* An item that was freed while it ran is not touched: its address is compared. */
static bool runs(const struct work_struct *w)
{
	for (const struct hf_user_worker_ *t = all.workers; t; t = t->next_)
		if (t->runs_ == w)
			return true;
	return false;
}

static void link_by_time(struct hf_workqueue *q, struct work_struct *w)
{
	struct work_struct **link = &q->first_;

	while (*link && (*link)->due_ns_ <= w->due_ns_)
		link = &(*link)->next_;
	w->next_ = *link;
	*link = w;
	w->queue_ = q;
}

static bool unlink_item(struct work_struct *w)
{
	struct work_struct **link;

	if (!w->queue_)
		return false;
	for (link = &w->queue_->first_; *link != w; link = &(*link)->next_)
		;
	*link = w->next_;
	w->queue_ = NULL;
	return true;
}

/* The first that is due, and that no other thread runs. */
static struct work_struct *next_due(const struct hf_workqueue *q, u64 now)
{
	for (struct work_struct *w = q->first_; w && w->due_ns_ <= now; w = w->next_)
		if (!runs(w))
			return w;
	return NULL;
}

static u64 next_time(const struct hf_workqueue *q, u64 now)
{
	const struct work_struct *w = q->first_;

	while (w && w->due_ns_ <= now)
		w = w->next_;
	return w ? w->due_ns_ : HF_SYS_FOREVER;
}

/* One thread of a queue waits for its next time, and the others for that one. */
static void wait_for_work(struct hf_workqueue *q, u64 now)
{
	const u64 until = q->watched_ ? HF_SYS_FOREVER : next_time(q, now);

	if (until == HF_SYS_FOREVER) {
		wait_until(until);
		return;
	}
	q->watched_ = true;
	wait_until(until);
	q->watched_ = false;
}

static void run_item(struct hf_user_worker_ *self, struct work_struct *w)
{
	unlink_item(w);
	self->runs_ = w;
	/* Others may be due, or the next to wait for. */
	if (self->queue_->first_)
		hf_sys_wake_all(&all.changed);
	unlock();
	w->fn_(w);
	lock();
	self->runs_ = NULL;
	hf_sys_wake_all(&all.changed);
}

static void *work(void *worker)
{
	struct hf_user_worker_ *self = worker;
	struct hf_workqueue *const q = self->queue_;
	struct hf_user_worker_ **link = &all.workers;

	lock();
	while (!q->ending_ || q->first_) {
		const u64 now = hf_sys_now_ns();
		struct work_struct *w = next_due(q, now);

		if (w)
			run_item(self, w);
		else
			wait_for_work(q, now);
	}
	while (*link != self)
		link = &(*link)->next_;
	*link = self->next_;
	unlock();
	return NULL;
}

static void begin_worker(struct hf_workqueue *q)
{
	struct hf_user_worker_ *t = &q->worker_[q->workers_++];

	lock();
	t->next_ = all.workers;
	all.workers = t;
	unlock();
}

/* The last one, which got no thread. */
static void undo_worker(struct hf_workqueue *q)
{
	struct hf_user_worker_ *t = &q->worker_[--q->workers_], **link = &all.workers;

	lock();
	while (*link != t)
		link = &(*link)->next_;
	*link = t->next_;
	unlock();
}

/* --- workqueues --------------------------------------------------------------------------------- */

#define USUAL	4U

int hf_sys_workqueue_init(struct hf_workqueue *q, const char *text, unsigned int at_once, bool reclaim)
{
	const unsigned int n = !at_once ? USUAL : at_once < HF_USER_WORKERS_ ? at_once : HF_USER_WORKERS_;
	int err = 0;

	(void)text;
	/* Its threads are there from the beginning. */
	(void)reclaim;
	*q = (struct hf_workqueue){ .first_ = NULL };
	while (q->workers_ < n && !err) {
		struct hf_user_worker_ *t = &q->worker_[q->workers_];

		t->queue_ = q;
		begin_worker(q);
		err = hf_user_thread_create_(&t->id_, work, t);
		if (err)
			undo_worker(q);
	}
	if (err)
		hf_sys_workqueue_fini(q);
	return err;
}

void hf_sys_workqueue_fini(struct hf_workqueue *q)
{
	lock();
	q->ending_ = true;
	for (struct work_struct *w = q->first_; w; w = w->next_)
		w->due_ns_ = 0;
	hf_sys_wake_all(&all.changed);
	unlock();
	for (unsigned int i = 0; i < q->workers_; i++)
		pthread_join(q->worker_[i].id_, NULL);
}

/* Begun when something is queued; its threads end with the process. */
static struct hf_workqueue system_queue;
static pthread_once_t system_once = PTHREAD_ONCE_INIT;

static void begin_system(void)
{
	while (system_queue.workers_ < USUAL) {
		struct hf_user_worker_ *t = &system_queue.worker_[system_queue.workers_];

		t->queue_ = &system_queue;
		begin_worker(&system_queue);
		/* Not an allocation that a test lets fail: nobody could be told. */
		if (pthread_create(&t->id_, NULL, work, t)) {
			undo_worker(&system_queue);
			break;
		}
		pthread_detach(t->id_);
	}
	if (!system_queue.workers_) {
		fputs("holdfast: there is no thread for the system's workqueue\n", stderr);
		abort();
	}
}

const struct hf_workqueue *hf_sys_workqueue_system(void)
{
	return &system_queue;
}

/* --- items -------------------------------------------------------------------------------------- */

void hf_sys_work_init(struct work_struct *w, work_func_t fn)
{
	*w = (struct work_struct){ .fn_ = fn };
}

static int queue_item(const struct hf_workqueue *queue, struct work_struct *w, unsigned int ms)
{
	struct hf_workqueue *const q = (struct hf_workqueue *)(unsigned long)queue;
	int err = 0;

	if (q == &system_queue)
		pthread_once(&system_once, begin_system);
	lock();
	if (q->ending_) {
		err = -ESHUTDOWN;
	} else if (w->queue_ || w->cancellers_) {
		err = -EEXIST;
	} else {
		w->due_ns_ = hf_sys_now_ns() + (u64)ms * NS_PER_MS;
		link_by_time(q, w);
		hf_sys_wake_all(&all.changed);
	}
	unlock();
	return err;
}

int hf_sys_work_queue(const struct hf_workqueue *q, struct work_struct *w)
{
	return queue_item(q, w, 0);
}

int hf_sys_delayed_work_queue(const struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned int ms)
{
	return queue_item(q, &d->work_, ms);
}

bool hf_sys_work_cancel(struct work_struct *w)
{
	bool was;

	lock();
	was = unlink_item(w);
	/* The end of a queue waits until it is empty. */
	hf_sys_wake_all(&all.changed);
	unlock();
	return was;
}

bool hf_sys_work_cancel_wait(struct work_struct *w)
{
	bool was;

	lock();
	was = unlink_item(w);
	hf_sys_wake_all(&all.changed);
	w->cancellers_++;
	while (runs(w))
		wait_until(HF_SYS_FOREVER);
	w->cancellers_--;
	unlock();
	return was;
}
