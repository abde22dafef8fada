// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Wait queues over POSIX condition variables. */
#include <time.h>

#include <holdfast/sys/sys.h>

u64 hf_sys_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

void hf_sys_waitq_init(struct hf_sys_waitq *q)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&q->m_, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->c_, &attr);
	pthread_condattr_destroy(&attr);
	q->wakeups_ = 0;
}

void hf_sys_waitq_fini(struct hf_sys_waitq *q)
{
	pthread_cond_destroy(&q->c_);
	pthread_mutex_destroy(&q->m_);
}

/* Returns with the queue's mutex held, so that a wake-up from here on waits for the sleep to begin. */
void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w, bool interruptible)
{
	(void)interruptible;
	pthread_mutex_lock(&q->m_);
	w->seen_ = q->wakeups_;
}

int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, unsigned int ms,
		      bool interruptible)
{
	struct timespec until;
	int err = 0;

	(void)interruptible;
	if (ms != HF_SYS_FOREVER) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += ms / 1000;
		until.tv_nsec += (long)(ms % 1000) * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
	}
	while (q->wakeups_ == w->seen_ && !err)
		err = ms == HF_SYS_FOREVER ? pthread_cond_wait(&q->c_, &q->m_)
					   : pthread_cond_timedwait(&q->c_, &q->m_, &until);
	/* A wake-up that came with the timeout counts. */
	err = q->wakeups_ == w->seen_ ? -ETIMEDOUT : 0;
	pthread_mutex_unlock(&q->m_);
	return err;
}

void hf_sys_wake_one(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	q->wakeups_++;
	pthread_cond_signal(&q->c_);
	pthread_mutex_unlock(&q->m_);
}

void hf_sys_wake_all(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	q->wakeups_++;
	pthread_cond_broadcast(&q->c_);
	pthread_mutex_unlock(&q->m_);
}
