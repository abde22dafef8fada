/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of what is called back: interrupts, threads, timers.
 */
#ifndef HOLDFAST_SYS_KERNEL_CALLBACK_H
#define HOLDFAST_SYS_KERNEL_CALLBACK_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched/task.h>
#include <linux/timer.h>
#include <linux/version.h>

/* --- interrupts --------------------------------------------------------------------------------- */

/** An interrupt, and how it is registered for. */
struct hf_irq_line {
	unsigned int irq;
	unsigned long flags;
};

/** hf_kernel_irq() - the interrupt @irq, from pci_irq_vector() and the like; @flags: IRQF_SHARED and the like. */
HF_SYS_INLINE struct hf_irq_line hf_kernel_irq(unsigned int irq, unsigned long flags)
{
	return (struct hf_irq_line){ .irq = irq, .flags = flags };
}

struct hf_sys_irq {
	unsigned int irq_;
};

HF_SYS_INLINE __must_check int hf_sys_irq_request(struct hf_sys_irq *r, struct hf_irq_line line, const char *text,
						  irq_handler_t handler, irq_handler_t thread, void *ctx)
{
	if (hf_kernel_alloc_fails())
		return -ENOMEM;
	r->irq_ = line.irq;
	return request_threaded_irq(line.irq, handler, thread, line.flags, text, ctx);
}

HF_SYS_INLINE void hf_sys_irq_free(struct hf_sys_irq *r, void *ctx)
{
	free_irq(r->irq_, ctx);
}

/* --- threads ------------------------------------------------------------------------------------ */

struct hf_sys_thread {
	struct task_struct *task_;
	struct completion ended_;
	int (*fn_)(void *ctx);
	void *ctx_;
	int stop_;	/* an enum hf_sys_stop_ */
};

/* Whether a thread is asked to stop, and whether it has noticed: by hf_thread_should_stop() or the end of a wait. */
enum hf_sys_stop_ { HF_SYS_RUNS_, HF_SYS_ASKED_, HF_SYS_TOLD_ };

/** The function of all threads of hf_sys_thread_start(), by which they are known; in holdfast.ko. */
int hf_kernel_thread_main(void *thread);

HF_SYS_INLINE __must_check int hf_sys_thread_start(struct hf_sys_thread *t, const char *text, int (*fn)(void *ctx),
						   void *ctx)
{
	struct task_struct *task;

	if (hf_kernel_alloc_fails())
		return -ENOMEM;
	*t = (struct hf_sys_thread){ .fn_ = fn, .ctx_ = ctx };
	init_completion(&t->ended_);
	task = kthread_create(hf_kernel_thread_main, t, "%s", text);
	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	/* It may end by itself, and is stopped all the same. */
	get_task_struct(task);
	t->task_ = task;
	wake_up_process(task);
	return 0;
}

HF_SYS_INLINE int hf_sys_thread_stop(struct hf_sys_thread *t)
{
	int value;

	/* Before the wake-up, which is in here. */
	WRITE_ONCE(t->stop_, HF_SYS_ASKED_);
	value = kthread_stop(t->task_);
	put_task_struct(t->task_);
	return value;
}

HF_SYS_INLINE int hf_sys_thread_join(struct hf_sys_thread *t)
{
	wait_for_completion(&t->ended_);
	return hf_sys_thread_stop(t);
}

/* This thread, if it is one of ours. */
HF_SYS_INLINE struct hf_sys_thread *hf_sys_thread_self_(void)
{
	if (!(current->flags & PF_KTHREAD) || kthread_func(current) != (void *)hf_kernel_thread_main)
		return NULL;
	return kthread_data(current);
}

/*
 * Whether this thread is asked to stop and has not noticed yet.  If each wait ended for that, a loop that waits for
 * something else on the way to the end would be a busy one.
 */
HF_SYS_INLINE bool hf_sys_thread_told_(void)
{
	struct hf_sys_thread *t = hf_sys_thread_self_();

	if (!t || READ_ONCE(t->stop_) != HF_SYS_ASKED_)
		return false;
	WRITE_ONCE(t->stop_, HF_SYS_TOLD_);
	return true;
}

HF_SYS_INLINE bool hf_sys_thread_should_stop(void)
{
	struct hf_sys_thread *t = hf_sys_thread_self_();

	/* One look: a request between two would be seen here, and end the next wait as well. */
	if (!t || READ_ONCE(t->stop_) == HF_SYS_RUNS_)
		return false;
	WRITE_ONCE(t->stop_, HF_SYS_TOLD_);
	return true;
}

/* --- timers ------------------------------------------------------------------------------------- */

struct hf_sys_hrtimer {
	struct hrtimer t_;
};
typedef enum hrtimer_restart hf_sys_hrtimer_fn(struct hrtimer *t);

HF_SYS_INLINE int hf_sys_hrtimer_init(struct hf_sys_hrtimer *t, hf_sys_hrtimer_fn *enter)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(&t->t_, enter, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(&t->t_, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	t->t_.function = enter;
#endif
	return 0;
}

HF_SYS_INLINE void hf_sys_hrtimer_start(struct hf_sys_hrtimer *t, u64 ns)
{
	hrtimer_start(&t->t_, ns_to_ktime(min_t(u64, ns, KTIME_MAX)), HRTIMER_MODE_REL);
}

/*
 * By hrtimer_start() and not by HRTIMER_RESTART: another thread may arm the timer at the same time, which
 * hrtimer_forward() does not allow.
 */
HF_SYS_INLINE void hf_sys_hrtimer_again_(struct hf_sys_hrtimer *t, ktime_t due, u64 ns)
{
	s64 late;

	if (ns == HF_SYS_FOREVER)
		return;
	ns = clamp_t(u64, ns, hrtimer_resolution, KTIME_MAX);
	late = ktime_to_ns(ktime_sub(ktime_get(), due));
	if (late > 0)
		due = ktime_add_ns(due, div64_u64((u64)late, ns) * ns);
	hrtimer_start(&t->t_, ktime_add_safe(due, ns_to_ktime(ns)), HRTIMER_MODE_ABS);
}

HF_SYS_INLINE bool hf_sys_hrtimer_cancel(struct hf_sys_hrtimer *t)
{
	return hrtimer_cancel(&t->t_) != 0;
}

#define hf_sys_hrtimer_fini(t)		((void)hf_sys_hrtimer_cancel(t))

#define hf_sys_hrtimer_callback(enter, type, member, fn)					\
	static __attribute__((__unused__)) enum hrtimer_restart enter(struct hrtimer *h)	\
	{										\
		struct hf_sys_hrtimer *t = container_of(h, struct hf_sys_hrtimer, t_);	\
		const ktime_t due = hrtimer_get_expires(h);				\
											\
		hf_sys_hrtimer_again_(t, due, fn(container_of(t, type, member)));	\
		return HRTIMER_NORESTART;						\
	}

struct hf_sys_timer {
	struct timer_list t_;
};
typedef void hf_sys_timer_fn(struct timer_list *t);

HF_SYS_INLINE int hf_sys_timer_init(struct hf_sys_timer *t, hf_sys_timer_fn *enter)
{
	timer_setup(&t->t_, enter, 0);
	return 0;
}

/* The jiffies that are at least @ns long. */
HF_SYS_INLINE unsigned long hf_sys_timer_jiffies_(u64 ns)
{
	const u64 n = nsecs_to_jiffies64(ns);

	return (unsigned long)min_t(u64, n + 1, MAX_JIFFY_OFFSET);
}

/* One more than there are: the jiffy that is under way is not a whole one. */
HF_SYS_INLINE void hf_sys_timer_start(struct hf_sys_timer *t, u64 ns)
{
	mod_timer(&t->t_, jiffies + hf_sys_timer_jiffies_(ns));
}

HF_SYS_INLINE void hf_sys_timer_again_(struct hf_sys_timer *t, unsigned long due, u64 ns)
{
	unsigned long period, late;

	if (ns == HF_SYS_FOREVER)
		return;
	period = ns ? hf_sys_timer_jiffies_(ns - 1) : 1;
	late = jiffies - due;
	mod_timer(&t->t_, due + late / period * period + period);
}

HF_SYS_INLINE bool hf_sys_timer_cancel(struct hf_sys_timer *t)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return timer_delete_sync(&t->t_) != 0;
#else
	return del_timer_sync(&t->t_) != 0;
#endif
}

#define hf_sys_timer_fini(t)		((void)hf_sys_timer_cancel(t))

#define hf_sys_timer_callback(enter, type, member, fn)					\
	static __attribute__((__unused__)) void enter(struct timer_list *l)		\
	{										\
		struct hf_sys_timer *t = container_of(l, struct hf_sys_timer, t_);	\
		const unsigned long due = l->expires;					\
											\
		hf_sys_timer_again_(t, due, fn(container_of(t, type, member)));		\
	}

#endif
