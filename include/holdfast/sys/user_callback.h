/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The userspace back end of what is called back: interrupts, threads, timers.
 */
#ifndef HOLDFAST_SYS_USER_CALLBACK_H
#define HOLDFAST_SYS_USER_CALLBACK_H

/* --- interrupts ---------------------------------------------------------------------------------
 *
 * A device model or a test raises an interrupt by hf_user_irq_raise(), and its handlers run on that thread.
 * Each threaded part has a thread of its own.
 */

/** What a handler says of an interrupt. */
typedef enum irqreturn {
	IRQ_NONE,		/**< it was not from this device */
	IRQ_HANDLED,		/**< it was, and is dealt with */
	IRQ_WAKE_THREAD,	/**< it was, and the threaded part shall run */
} irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *ctx);

struct hf_sys_irq;

/** An interrupt that can be raised. */
struct hf_user_irq {
	pthread_mutex_t lock_;		/* held while handlers run: they do so one at a time */
	struct hf_sys_irq *first_;
};

/** hf_user_irq_init() - make an interrupt that nobody is registered for. */
void hf_user_irq_init(struct hf_user_irq *line);
/** hf_user_irq_fini() - the end of an interrupt that nobody is registered for any more. */
void hf_user_irq_fini(struct hf_user_irq *line);
/**
 * hf_user_irq_raise() - call the handlers of an interrupt, the first registered first, and return after them.
 *
 * Return: IRQ_HANDLED, or IRQ_NONE if no handler knew it.
 * Context: not in a handler of the same interrupt.
 */
irqreturn_t hf_user_irq_raise(struct hf_user_irq *line);

/** An interrupt, and how it is registered for. */
struct hf_irq_line {
	struct hf_user_irq *line;
	bool shared;
};

/** hf_user_irq_line() - the interrupt @line; @shared: with others who say so. */
static inline __attribute__((__unused__)) struct hf_irq_line
hf_user_irq_line(struct hf_user_irq *line, bool shared)
{
	return (struct hf_irq_line){ .line = line, .shared = shared };
}

struct hf_sys_irq {
	struct hf_sys_irq *next_;
	struct hf_irq_line line_;
	irq_handler_t handler_, thread_;
	void *ctx_;
	/* Of the threaded part. */
	pthread_t id_;
	pthread_mutex_t lock_;
	pthread_cond_t changed_;
	bool woken_, stopped_;
};

int hf_sys_irq_request(struct hf_sys_irq *r, struct hf_irq_line line, const char *text, irq_handler_t handler,
		       irq_handler_t thread, void *ctx);
void hf_sys_irq_free(struct hf_sys_irq *r, void *ctx);

/* --- threads ------------------------------------------------------------------------------------ */

struct hf_sys_thread {
	pthread_t id_;
	int (*fn_)(void *ctx);
	void *ctx_;
	int value_;
	pthread_mutex_t lock_;
	struct hf_sys_waitq *waits_;	/* what the thread waits for */
	int stop_;			/* atomic: 1: asked to stop; 2: and has noticed */
	char text_[16];
};

int hf_sys_thread_start(struct hf_sys_thread *t, const char *text, int (*fn)(void *ctx), void *ctx);
int hf_sys_thread_stop(struct hf_sys_thread *t);
int hf_sys_thread_join(struct hf_sys_thread *t);
bool hf_sys_thread_should_stop(void);
/* This thread will wait for @q; it does not wait any more. */
void hf_user_thread_waits_(struct hf_sys_waitq *q);
/* Whether this thread is asked to stop and has not noticed yet. */
bool hf_user_thread_told_(void);
/* Whether it has noticed. */
bool hf_user_thread_was_told_(void);
/* Makes a thread, of which hf_user_fail_alloc() counts one allocation.  0, -ENOMEM, -EAGAIN. */
int hf_user_thread_create_(pthread_t *id, void *(*fn)(void *arg), void *arg);

/* --- timers -------------------------------------------------------------------------------------
 *
 * One thread calls the functions of all timers, one after the other, by the clock of time-outs.  It begins with the
 * first timer and ends with the last.  While the clock is stopped it wakes at whole milliseconds.
 */
struct hf_user_timer;
/* Gives the nanoseconds until it shall fire again, HF_SYS_FOREVER for not at all. */
typedef u64 hf_user_timer_fn(struct hf_user_timer *t);

struct hf_user_timer {
	struct hf_user_timer *next_;	/* of those that are armed */
	hf_user_timer_fn *enter_;
	u64 due_;
	bool armed_;
};

int hf_user_timer_init_(struct hf_user_timer *t, hf_user_timer_fn *enter);
void hf_user_timer_fini_(struct hf_user_timer *t);
void hf_user_timer_start_(struct hf_user_timer *t, u64 ns);
bool hf_user_timer_cancel_(struct hf_user_timer *t);

/* struct hf_sys_hrtimer and struct hf_sys_timer. */
#define HF_SYS_TIMER_DEFINE_(kind)							\
	struct hf_sys_##kind {								\
		struct hf_user_timer t_;						\
	};										\
	typedef hf_user_timer_fn hf_sys_##kind##_fn;					\
	static inline __attribute__((__unused__)) int hf_sys_##kind##_init(struct hf_sys_##kind *t, hf_user_timer_fn *enter) \
	{										\
		return hf_user_timer_init_(&t->t_, enter);				\
	}										\
	static inline __attribute__((__unused__)) void hf_sys_##kind##_fini(struct hf_sys_##kind *t) \
	{										\
		hf_user_timer_fini_(&t->t_);						\
	}										\
	static inline __attribute__((__unused__)) void hf_sys_##kind##_start(struct hf_sys_##kind *t, u64 ns) \
	{										\
		hf_user_timer_start_(&t->t_, ns);					\
	}										\
	static inline __attribute__((__unused__)) bool hf_sys_##kind##_cancel(struct hf_sys_##kind *t) \
	{										\
		return hf_user_timer_cancel_(&t->t_);					\
	}
HF_SYS_TIMER_DEFINE_(hrtimer)
HF_SYS_TIMER_DEFINE_(timer)

#define hf_sys_hrtimer_callback(enter, type, member, fn)					\
	static __attribute__((__unused__)) u64 enter(struct hf_user_timer *t)		\
	{										\
		return fn((type *)(void *)((char *)t - offsetof(type, member.t_)));	\
	}
#define hf_sys_timer_callback(enter, type, member, fn)	hf_sys_hrtimer_callback(enter, type, member, fn)

#endif
