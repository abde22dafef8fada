// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Interrupts that a program raises itself. */
#include <holdfast/sys/sys.h>

void hf_user_irq_init(struct hf_user_irq *line)
{
	pthread_mutex_init(&line->lock_, NULL);
	line->first_ = NULL;
}

void hf_user_irq_fini(struct hf_user_irq *line)
{
	pthread_mutex_destroy(&line->lock_);
}

/* Wake-ups that come while the threaded part runs are one: it runs once more. */
static void wake(struct hf_sys_irq *r)
{
	pthread_mutex_lock(&r->lock_);
	r->woken_ = true;
	pthread_cond_signal(&r->changed_);
	pthread_mutex_unlock(&r->lock_);
}

irqreturn_t hf_user_irq_raise(struct hf_user_irq *line)
{
	irqreturn_t all = IRQ_NONE;

	pthread_mutex_lock(&line->lock_);
	for (struct hf_sys_irq *r = line->first_; r; r = r->next_) {
		const irqreturn_t said = r->handler_(0, r->ctx_);

		if (said == IRQ_WAKE_THREAD && r->thread_)
			wake(r);
		if (said != IRQ_NONE)
			all = IRQ_HANDLED;
	}
	pthread_mutex_unlock(&line->lock_);
	return all;
}

/* As in the kernel, what was woken runs before the end. */
static void *run_threaded(void *registration)
{
	struct hf_sys_irq *r = registration;

	pthread_mutex_lock(&r->lock_);
	for (;;) {
		while (!r->woken_ && !r->stopped_)
			pthread_cond_wait(&r->changed_, &r->lock_);
		if (!r->woken_)
			break;
		r->woken_ = false;
		pthread_mutex_unlock(&r->lock_);
		r->thread_(0, r->ctx_);
		pthread_mutex_lock(&r->lock_);
	}
	pthread_mutex_unlock(&r->lock_);
	return NULL;
}

static int begin_thread(struct hf_sys_irq *r)
{
	int err;

	pthread_mutex_init(&r->lock_, NULL);
	pthread_cond_init(&r->changed_, NULL);
	err = hf_user_thread_create_(&r->id_, run_threaded, r);
	if (err) {
		pthread_cond_destroy(&r->changed_);
		pthread_mutex_destroy(&r->lock_);
	}
	return err;
}

static void end_thread(struct hf_sys_irq *r)
{
	pthread_mutex_lock(&r->lock_);
	r->stopped_ = true;
	pthread_cond_signal(&r->changed_);
	pthread_mutex_unlock(&r->lock_);
	pthread_join(r->id_, NULL);
	pthread_cond_destroy(&r->changed_);
	pthread_mutex_destroy(&r->lock_);
}

int hf_sys_irq_request(struct hf_sys_irq *r, struct hf_irq_line line, const char *text, irq_handler_t handler,
		       irq_handler_t thread, void *ctx)
{
	struct hf_user_irq *const l = line.line;
	struct hf_sys_irq **link = &l->first_;
	int err = 0;

	(void)text;
	*r = (struct hf_sys_irq){ .line_ = line, .handler_ = handler, .thread_ = thread, .ctx_ = ctx };
	pthread_mutex_lock(&l->lock_);
	/* All who share a line say so: one of them tells of all. */
	if (l->first_ && (!line.shared || !l->first_->line_.shared))
		err = -EBUSY;
	if (!err && thread)
		err = begin_thread(r);
	if (!err) {
		while (*link)
			link = &(*link)->next_;
		*link = r;
	}
	pthread_mutex_unlock(&l->lock_);
	return err;
}

void hf_sys_irq_free(struct hf_sys_irq *r, void *ctx)
{
	struct hf_user_irq *const l = r->line_.line;
	struct hf_sys_irq **link = &l->first_;

	(void)ctx;
	pthread_mutex_lock(&l->lock_);
	while (*link != r)
		link = &(*link)->next_;
	*link = r->next_;
	pthread_mutex_unlock(&l->lock_);
	if (r->thread_)
		end_thread(r);
}
