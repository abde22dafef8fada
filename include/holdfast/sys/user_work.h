/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The userspace back end of workqueues: each has threads of its own, and delays are of the clock of time-outs.
 */
#ifndef HOLDFAST_SYS_USER_WORK_H
#define HOLDFAST_SYS_USER_WORK_H

/** A work item.  All is under one lock of the back end. */
struct work_struct {
	void (*fn_)(struct work_struct *w);
	struct hf_workqueue *queue_;	/* where it is queued; NULL: nowhere */
	struct work_struct *next_;	/* the one that is due after it */
	u64 due_ns_;
	unsigned int cancellers_;	/* who wait until it does not run */
};
typedef void (*work_func_t)(struct work_struct *w);

struct hf_sys_delayed_work {
	struct work_struct work_;
};

/* A thread of a workqueue. */
struct hf_user_worker_ {
	pthread_t id_;
	struct hf_workqueue *queue_;
	struct hf_user_worker_ *next_;	/* of all queues */
	const struct work_struct *runs_;
};

#define HF_USER_WORKERS_	8U

/** A workqueue. */
struct hf_workqueue {
	struct work_struct *first_;	/* by the time when they are due */
	bool ending_;			/* takes nothing new */
	bool watched_;			/* one of its threads waits for the next time */
	unsigned int workers_;
	struct hf_user_worker_ worker_[HF_USER_WORKERS_];
};

int hf_sys_workqueue_init(struct hf_workqueue *q, const char *text, unsigned int at_once, bool reclaim);
void hf_sys_workqueue_fini(struct hf_workqueue *q);
const struct hf_workqueue *hf_sys_workqueue_system(void);

void hf_sys_work_init(struct work_struct *w, work_func_t fn);
int hf_sys_work_queue(const struct hf_workqueue *q, struct work_struct *w);
bool hf_sys_work_cancel(struct work_struct *w);
bool hf_sys_work_cancel_wait(struct work_struct *w);
#define hf_sys_work_enter(w)			(w)

int hf_sys_delayed_work_queue(const struct hf_workqueue *q, struct hf_sys_delayed_work *d, unsigned int ms);
#define hf_sys_delayed_work_init(d, fn)		hf_sys_work_init(&(d)->work_, fn)
#define hf_sys_delayed_work_cancel(d)		hf_sys_work_cancel(&(d)->work_)
#define hf_sys_delayed_work_cancel_wait(d)	hf_sys_work_cancel_wait(&(d)->work_)
#define hf_sys_delayed_work_enter(w)		((struct hf_sys_delayed_work *)(void *)(w))

#endif
