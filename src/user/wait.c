// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Wait queues and completions over POSIX condition variables, and the clock of their time-outs. */
#include <limits.h>
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

#define NS_PER_MS	1000000u
#define NS_PER_S	1000000000u

u64 hf_sys_now_ns(void)
{
	struct timespec now;

	if (stopped()) {
		pthread_mutex_lock(&manual.lock);
		u64 ms = manual.now;
		pthread_mutex_unlock(&manual.lock);
		return ms * NS_PER_MS;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * NS_PER_S + (u64)now.tv_nsec;
}

u64 hf_sys_now_ms(void)
{
	return hf_sys_now_ns() / NS_PER_MS;
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
static void sleep_stopped(struct hf_sys_waitq *q, const struct hf_sys_waiter *w, u64 until_ns)
{
	struct sleeper self = { .q = q, .seen = w->seen_, .until = until_ns / NS_PER_MS };
	struct sleeper **link = &manual.sleepers;

	pthread_mutex_unlock(&q->m_);
	pthread_mutex_lock(&manual.lock);
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

/* --- signals ------------------------------------------------------------------------------------ */

/* How many interruptible waits there are until one is interrupted, that one included; 0: none is. */
static unsigned long interrupt_nth;

void hf_user_interrupt_wait(unsigned long nth)
{
	__atomic_store_n(&interrupt_nth, nth, __ATOMIC_RELAXED);
}

bool hf_sys_interrupted(enum hf_how how)
{
	unsigned long left = __atomic_load_n(&interrupt_nth, __ATOMIC_RELAXED);

	if (how == HF_UNINTERRUPTIBLE)
		return false;
	while (left)
		if (__atomic_compare_exchange_n(&interrupt_nth, &left, left - 1, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return left == 1;
	return false;
}

/*
 * As in the kernel, a thread that is asked to stop has a signal.  One that has not noticed yet has none: a request
 * that comes now ends the wait without an error.
 */
static bool interrupted(enum hf_how how)
{
	return (how == HF_INTERRUPTIBLE && hf_user_thread_was_told_()) ||
	       (how != HF_UNINTERRUPTIBLE && hf_user_task_signalled_()) || hf_sys_interrupted(how);
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
	q->wakeups_ = q->polls_ = 0;
}

void hf_sys_waitq_fini(struct hf_sys_waitq *q)
{
	pthread_cond_destroy(&q->c_);
	pthread_mutex_destroy(&q->m_);
}

/* Returns with the queue's mutex held: a wake-up after this waits until the sleep has begun. */
void hf_sys_wait_begin(struct hf_sys_waitq *q, struct hf_sys_waiter *w, enum hf_how how)
{
	(void)how;
	hf_user_thread_waits_(q);
	hf_user_task_waits_(q);
	pthread_mutex_lock(&q->m_);
	w->seen_ = q->wakeups_;
}

static void sleep_running(struct hf_sys_waitq *q, const struct hf_sys_waiter *w, u64 until_ns)
{
	const struct timespec until = {
		.tv_sec = (time_t)(until_ns / NS_PER_S), .tv_nsec = (long)(until_ns % NS_PER_S),
	};
	int err = 0;

	while (q->wakeups_ == w->seen_ && !err)
		err = until_ns == HF_SYS_FOREVER ? pthread_cond_wait(&q->c_, &q->m_)
						 : pthread_cond_timedwait(&q->c_, &q->m_, &until);
}

int hf_sys_wait_sleep(struct hf_sys_waitq *q, struct hf_sys_waiter *w, u64 until_ns, enum hf_how how)
{
	/* Asked under the mutex: a request that comes later wakes. */
	const bool told = hf_user_thread_told_();
	int err = 0;

	if (!told && q->wakeups_ == w->seen_ && interrupted(how)) {
		err = -EINTR;
	} else if (!told) {
		if (how != HF_UNINTERRUPTIBLE && q->wakeups_ == w->seen_)
			hf_user_task_sleeps_();
		if (until_ns != HF_SYS_FOREVER && stopped())
			sleep_stopped(q, w, until_ns);
		else
			sleep_running(q, w, until_ns);
		/* A wake-up that came with the timeout counts. */
		if (!hf_user_thread_told_() && q->wakeups_ == w->seen_)
			err = -ETIMEDOUT;
	}
	pthread_mutex_unlock(&q->m_);
	hf_user_thread_waits_(NULL);
	hf_user_task_waits_(NULL);
	return err;
}

/*
 * One queue for all threads that poll (file.c), woken whenever any other one is, and how many such threads there
 * are.  That is read by a read-modify-write: either a thread that begins to poll sees what was changed before
 * the wake-up, or the wake-up sees the thread.
 */
static struct hf_sys_waitq polls;
static unsigned int polling;

static void init_polls(void)
{
	hf_sys_waitq_init(&polls);
}

struct hf_sys_waitq *hf_user_polls_begin_(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_polls);
	__atomic_fetch_add(&polling, 1, __ATOMIC_ACQ_REL);
	return &polls;
}

void hf_user_polls_end_(void)
{
	__atomic_fetch_sub(&polling, 1, __ATOMIC_ACQ_REL);
}

/* Without the mutex of the queue that was woken. */
static void wake_polls(void)
{
	if (!__atomic_fetch_add(&polling, 0, __ATOMIC_ACQ_REL))
		return;
	pthread_mutex_lock(&polls.m_);
	__atomic_store_n(&polls.wakeups_, polls.wakeups_ + 1, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&polls.c_);
	if (stopped())
		changed();
	pthread_mutex_unlock(&polls.m_);
}

void hf_sys_wake_one(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	__atomic_store_n(&q->wakeups_, q->wakeups_ + 1, __ATOMIC_RELEASE);
	pthread_cond_signal(&q->c_);
	if (stopped())
		changed();
	pthread_mutex_unlock(&q->m_);
	wake_polls();
}

void hf_sys_wake_all(struct hf_sys_waitq *q)
{
	pthread_mutex_lock(&q->m_);
	__atomic_store_n(&q->wakeups_, q->wakeups_ + 1, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&q->c_);
	if (stopped())
		changed();
	pthread_mutex_unlock(&q->m_);
	wake_polls();
}

/* --- completions -------------------------------------------------------------------------------- */

void hf_sys_completion_init(struct hf_sys_completion *c)
{
	pthread_mutex_init(&c->m_, NULL);
	hf_sys_waitq_init(&c->q_);
	c->done_ = 0;
}

void hf_sys_completion_fini(struct hf_sys_completion *c)
{
	hf_sys_waitq_fini(&c->q_);
	pthread_mutex_destroy(&c->m_);
}

void hf_sys_completion_reinit(struct hf_sys_completion *c)
{
	pthread_mutex_lock(&c->m_);
	c->done_ = 0;
	pthread_mutex_unlock(&c->m_);
}

/* Woken under the mutex: when a waiter returns, and frees the completion, nobody is inside. */
void hf_sys_complete(struct hf_sys_completion *c)
{
	pthread_mutex_lock(&c->m_);
	if (c->done_ != UINT_MAX)
		c->done_++;
	hf_sys_wake_one(&c->q_);
	pthread_mutex_unlock(&c->m_);
}

void hf_sys_complete_all(struct hf_sys_completion *c)
{
	pthread_mutex_lock(&c->m_);
	c->done_ = UINT_MAX;
	hf_sys_wake_all(&c->q_);
	pthread_mutex_unlock(&c->m_);
}

int hf_sys_completion_wait(struct hf_sys_completion *c, u64 until_ns, enum hf_how how)
{
	int err = 0;

	pthread_mutex_lock(&c->m_);
	/* Another thread may be faster than one that is woken, which then waits on. */
	while (!c->done_ && !err) {
		struct hf_sys_waiter w;

		hf_sys_wait_begin(&c->q_, &w, how);
		pthread_mutex_unlock(&c->m_);
		err = hf_sys_wait_sleep(&c->q_, &w, until_ns, how);
		pthread_mutex_lock(&c->m_);
	}
	if (c->done_) {
		err = 0;
		if (c->done_ != UINT_MAX)
			c->done_--;
	}
	pthread_mutex_unlock(&c->m_);
	return err;
}
