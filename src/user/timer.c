// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The thread of all timers. */
#include <holdfast/sys/sys.h>

#define NS_PER_MS	1000000u

static struct {
	pthread_mutex_t users_lock;	/* held while the thread begins and ends; taken first */
	unsigned int users;
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t left;		/* a timer's function was left */
	struct hf_sys_waitq changed;	/* what the thread waits for */
	struct hf_user_timer *armed;
	const struct hf_user_timer *running;
	bool stopped;
} all = { .users_lock = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .left = PTHREAD_COND_INITIALIZER };

/* With the lock held, here and below. */
static bool disarm(struct hf_user_timer *t)
{
	struct hf_user_timer **link = &all.armed;

	if (!t->armed_)
		return false;
	while (*link != t)
		link = &(*link)->next_;
	*link = t->next_;
	t->armed_ = false;
	return true;
}

static void arm(struct hf_user_timer *t, u64 due)
{
	disarm(t);
	t->due_ = due;
	t->armed_ = true;
	t->next_ = all.armed;
	all.armed = t;
}

static u64 later(u64 time, u64 ns)
{
	return ns < HF_SYS_FOREVER - time ? time + ns : HF_SYS_FOREVER;
}

static struct hf_user_timer *first_due(void)
{
	struct hf_user_timer *first = all.armed;

	for (struct hf_user_timer *t = all.armed; t; t = t->next_)
		if (t->due_ < first->due_)
			first = t;
	return first;
}

static void fire(struct hf_user_timer *t)
{
	u64 due = t->due_, now, ns;

	disarm(t);
	all.running = t;
	pthread_mutex_unlock(&all.lock);
	ns = t->enter_(t);
	now = hf_sys_now_ns();
	pthread_mutex_lock(&all.lock);
	all.running = NULL;
	if (ns != HF_SYS_FOREVER) {
		ns = ns ? ns : 1;
		if (now > due)
			due += (now - due) / ns * ns;
		arm(t, later(due, ns));
	}
	pthread_cond_broadcast(&all.left);
}

/* A stopped clock has whole milliseconds: before the next one nothing is due. */
static u64 wake_at(const struct hf_user_timer *t)
{
	if (!t || t->due_ > HF_SYS_FOREVER - NS_PER_MS)
		return HF_SYS_FOREVER;
	return (t->due_ + NS_PER_MS - 1) / NS_PER_MS * NS_PER_MS;
}

static void *run(void *unused)
{
	pthread_mutex_lock(&all.lock);
	while (!all.stopped) {
		struct hf_user_timer *t = first_due();
		struct hf_sys_waiter w;
		u64 until;

		if (t && t->due_ <= hf_sys_now_ns()) {
			fire(t);
			continue;
		}
		until = wake_at(t);
		hf_sys_wait_begin(&all.changed, &w, HF_UNINTERRUPTIBLE);
		pthread_mutex_unlock(&all.lock);
		(void)hf_sys_wait_sleep(&all.changed, &w, until, HF_UNINTERRUPTIBLE);
		pthread_mutex_lock(&all.lock);
	}
	pthread_mutex_unlock(&all.lock);
	return unused;
}

int hf_user_timer_init_(struct hf_user_timer *t, hf_user_timer_fn *enter)
{
	int err = 0;

	*t = (struct hf_user_timer){ .enter_ = enter };
	pthread_mutex_lock(&all.users_lock);
	if (!all.users) {
		hf_sys_waitq_init(&all.changed);
		all.stopped = false;
		err = hf_user_thread_create_(&all.thread, run, NULL);
		if (err)
			hf_sys_waitq_fini(&all.changed);
	}
	if (!err)
		all.users++;
	pthread_mutex_unlock(&all.users_lock);
	return err;
}

void hf_user_timer_fini_(struct hf_user_timer *t)
{
	(void)hf_user_timer_cancel_(t);
	pthread_mutex_lock(&all.users_lock);
	if (!--all.users) {
		pthread_mutex_lock(&all.lock);
		all.stopped = true;
		hf_sys_wake_all(&all.changed);
		pthread_mutex_unlock(&all.lock);
		pthread_join(all.thread, NULL);
		hf_sys_waitq_fini(&all.changed);
	}
	pthread_mutex_unlock(&all.users_lock);
}

void hf_user_timer_start_(struct hf_user_timer *t, u64 ns)
{
	const u64 now = hf_sys_now_ns();

	pthread_mutex_lock(&all.lock);
	arm(t, later(now, ns));
	hf_sys_wake_all(&all.changed);
	pthread_mutex_unlock(&all.lock);
}

/* Its function may arm it again while it is waited for. */
bool hf_user_timer_cancel_(struct hf_user_timer *t)
{
	bool armed;

	pthread_mutex_lock(&all.lock);
	armed = disarm(t);
	while (all.running == t) {
		pthread_cond_wait(&all.left, &all.lock);
		armed |= disarm(t);
	}
	pthread_mutex_unlock(&all.lock);
	return armed;
}
