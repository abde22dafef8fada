/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The userspace back end of what is called back: interrupts, threads.
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
static inline __attribute__((unused)) struct hf_irq_line
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
/* Makes a thread, of which hf_user_fail_alloc() counts one allocation.  0, -ENOMEM, -EAGAIN. */
int hf_user_thread_create_(pthread_t *id, void *(*fn)(void *arg), void *arg);

#endif
