/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of what is called back: interrupts, threads.
 */
#ifndef HOLDFAST_SYS_KERNEL_CALLBACK_H
#define HOLDFAST_SYS_KERNEL_CALLBACK_H

#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

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

	return t && (hf_sys_thread_told_() || READ_ONCE(t->stop_) != HF_SYS_RUNS_);
}

#endif
