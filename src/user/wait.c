// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Wait queues over POSIX condition variables, and the clock of their time-outs. */
#include <time.h>

#include <holdfast/sys/sys.h>

/* --- the clock ---------------------------------------------------------------------------------- */

/* A thread that waits with a time-out while the clock is stopped. */
struct sleeper {
	struct sleeper *next;
	const struct hf_sys_waitq *q;
	unsigned int seen;
	u64 until;
};

/*
 * The clock when it is stopped.  One condition variable stands for all queues: it is signalled when
 * the clock moves, when a queue is woken and when a thread begins to wait.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopped;			/* atomic: read without the lock */
	u64 now;
	struct sleeper *sleepers;
} manual = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

/* What this thread does while it waits. */
static _Thread_local struct {
	hf_user_idle *call;
	void *ctx;
} idle;

static bool stopped(void)
{
	return __atomic_load_n(&manual.stopped, __ATOMIC_ACQUIRE);
}

static void changed(void)
{
	pthread_mutex_lock(&manual.lock);
	pthread_cond_broadcast(&manual.changed);
	pthread_mutex_unlock(&manual.lock);
}

u64 hf_sys_now_ms(void)
{
	struct timespec now;

	if (stopped()) {
		pthread_mutex_lock(&manual.lock);
		u64 ms = manual.now;
		pthread_mutex_unlock(&manual.lock);
		return ms;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

void hf_user_clock_stop(hf_user_idle *call, void *ctx)
{
	const u64 now = hf_sys_now_ms();

	hf_user_clock_idle(call, ctx);
	pthread_mutex_lock(&manual.lock);
	manual.now = now;
	pthread_mutex_unlock(&manual.lock);
	__atomic_store_n(&manual.stopped, true, __ATOMIC_RELEASE);
}

void hf_user_clock_idle(hf_user_idle *call, void *ctx)
{
	idle.call = call;
	idle.ctx = ctx;
}

void hf_user_clock_start(void)
{
	hf_user_clock_idle(NULL, NULL);
	__atomic_store_n(&manual.stopped, false, __ATOMIC_RELEASE);
}

void hf_user_clock_advance(u64 ms)
{
	pthread_mutex_lock(&manual.lock);
	manual.now += ms;
	pthread_cond_broadcast(&manual.changed);
	pthread_mutex_unlock(&manual.lock);
}

/* With the lock held. */
static bool asleep(const struct sleeper *s)
{
	return __atomic_load_n(&s->q->wakeups_, __ATOMIC_ACQUIRE) == s->seen &&
	       manual.now < s->until;
}

void hf_user_clock_sync(unsigned int n)
{
	pthread_mutex_lock(&manual.lock);
	for (;;) {
		unsigned int sleeping = 0;

		for (const struct sleeper *s = manual.sleepers; s; s = s->next)
			sleeping += asleep(s);
		if (sleeping >= n)
			break;
		pthread_cond_wait(&manual.changed, &manual.lock);
	}
	pthread_mutex_unlock(&manual.lock);
}

/* Called and returns with the queue's mutex held, as sleep_running() is. */
static void sleep_stopped(struct hf_sys_waitq *q, const struct hf_sys_waiter *w, unsigned int ms)
{
	struct sleeper self = { .q = q, .seen = w->seen_ };
	struct sleeper **link = &manual.sleepers;

	pthread_mutex_unlock(&q->m_);
	pthread_mutex_lock(&manual.lock);
	self.until = manual.now + ms;
	self.next = manual.sleepers;
	manual.sleepers = &self;
	pthread_cond_broadcast(&manual.changed);
	while (asleep(&self)) {
		if (!idle.call) {
			pthread_cond_wait(&manual.changed, &manual.lock);
			continue;
		}
		pthread_mutex_unlock(&manual.lock);
		idle.call(idle.ctx);
		pthread_mutex_lock(&manual.lock);
	}
	while (*link != &self)
		link = &(*link)->next;
	*link = self.next;
	pthread_mutex_unlock(&manual.lock);
	pthread_mutex_lock(&q->m_);
}

/* --- wait queues -------------------------------------------------------------------------------- */

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

/* Returns with the queue's mutex held: a wake-up after this waits until the sleep has begun. */
void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w, bool interruptible)
{
	(void)interruptible;
	pthread_mutex_lock(&q->m_);
	w->seen_ = q->wakeups_;
}

static void sleep_running(struct hf_sys_waitq *q, const struct hf_sys_waiter *w, unsigned int ms)
{
	struct timespec until;
	int err = 0;

	if (ms != HF_SYS_FOREVER) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += (time_t)(ms / 1000);
		until.tv_nsec += (long)(ms % 1000) * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
	}
	while (q->wakeups_ == w->seen_ && !err)
		err = ms == HF_SYS_FOREVER ? pthread_cond_wait(&q->c_, &q->m_)
					   : pthread_cond_timedwait(&q->c_, &q->m_, &until);
}

int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, unsigned int ms,
		      bool interruptible)
{
	int err;

	(void)interruptible;
	if (ms != HF_SYS_FOREVER && stopped())
		sleep_stopped(q, w, ms);
	else
		sleep_running(q, w, ms);
	/* A wake-up that came with the timeout counts. */
	err = q->wakeups_ == w->seen_ ? -ETIMEDOUT : 0;
	pthread_mutex_unlock(&q->m_);
	return err;
}

void hf_sys_wake_one(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	__atomic_store_n(&q->wakeups_, q->wakeups_ + 1, __ATOMIC_RELEASE);
	pthread_cond_signal(&q->c_);
	if (stopped())
		changed();
	pthread_mutex_unlock(&q->m_);
}

void hf_sys_wake_all(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	__atomic_store_n(&q->wakeups_, q->wakeups_ + 1, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&q->c_);
	if (stopped())
		changed();
	pthread_mutex_unlock(&q->m_);
}
