// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Threads that can be asked to stop. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <holdfast/sys/sys.h>

/* Which one this thread is; NULL of all others. */
static _Thread_local struct hf_sys_thread *self;

int hf_user_thread_create_(pthread_t *id, void *(*fn)(void *arg), void *arg)
{
	void *p = hf_user_alloc(1, GFP_KERNEL);

	hf_user_free(p);
	return p ? -pthread_create(id, NULL, fn, arg) : -ENOMEM;
}

/* As in the kernel, a thread that is stopped before it began does not begin. */
static void *run(void *thread)
{
	self = thread;
	pthread_setname_np(pthread_self(), self->text_);
	self->value_ = hf_sys_thread_should_stop() ? -EINTR : self->fn_(self->ctx_);
	return NULL;
}

int hf_sys_thread_start(struct hf_sys_thread *t, const char *text, int (*fn)(void *ctx), void *ctx)
{
	int err;

	*t = (struct hf_sys_thread){ .fn_ = fn, .ctx_ = ctx };
	for (size_t i = 0; i < sizeof(t->text_) - 1 && text[i]; i++)
		t->text_[i] = text[i];
	pthread_mutex_init(&t->lock_, NULL);
	err = hf_user_thread_create_(&t->id_, run, t);
	if (err)
		pthread_mutex_destroy(&t->lock_);
	return err;
}

int hf_sys_thread_join(struct hf_sys_thread *t)
{
	pthread_join(t->id_, NULL);
	pthread_mutex_destroy(&t->lock_);
	return t->value_;
}

/* A queue that a thread waits for stays as long as the lock is held. */
int hf_sys_thread_stop(struct hf_sys_thread *t)
{
	pthread_mutex_lock(&t->lock_);
	__atomic_store_n(&t->stop_, 1, __ATOMIC_RELEASE);
	if (t->waits_)
		hf_sys_wake_all(t->waits_);
	pthread_mutex_unlock(&t->lock_);
	return hf_sys_thread_join(t);
}

void hf_user_thread_waits_(struct hf_sys_waitq *q)
{
	if (!self)
		return;
	pthread_mutex_lock(&self->lock_);
	self->waits_ = q;
	pthread_mutex_unlock(&self->lock_);
}

/* If each wait ended for that, a loop that waits for something else on the way to the end would be a busy one. */
bool hf_user_thread_told_(void)
{
	int asked = 1;

	return self && __atomic_compare_exchange_n(&self->stop_, &asked, 2, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

bool hf_user_thread_was_told_(void)
{
	return self && __atomic_load_n(&self->stop_, __ATOMIC_ACQUIRE) == 2;
}

bool hf_sys_thread_should_stop(void)
{
	/* In this order: a request between the two would be seen here, and end the next wait as well. */
	if (!self || !__atomic_load_n(&self->stop_, __ATOMIC_ACQUIRE))
		return false;
	(void)hf_user_thread_told_();
	return true;
}
