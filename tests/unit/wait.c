// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* wait.h: condition variables under every kind of lock, completions. */
#include <holdfast/wait.h>

#include "harness.h"

/* A condition variable belongs to one type of lock, so each kind of lock has data of its own. */
#define STATE(kind)									\
	HF_CONDVAR_DEFINE(kind##_state);						\
											\
	struct kind##_data {								\
		int turn;								\
		int waiting;								\
		int passed;								\
		struct kind##_state_condvar changed;					\
	};										\
											\
	HF_LOCKED_DEFINE(kind##_state, kind, struct kind##_data)

STATE(mutex);
STATE(rwsem);
STATE(spinlock);
STATE(spinlock_bh);
STATE(spinlock_irq);
STATE(raw_spinlock);
STATE(raw_spinlock_irq);
STATE(rwlock);

#define INIT(l)										\
	do {										\
		hf_lock_init(l);							\
		/* SAFETY: not shared yet. */						\
		hf_lock_get_mut_unchecked(l)->turn = 0;					\
		hf_lock_get_mut_unchecked(l)->waiting = 0;				\
		hf_lock_get_mut_unchecked(l)->passed = 0;				\
		/* SAFETY: not shared yet. */						\
		hf_cond_init(&hf_lock_get_mut_unchecked(l)->changed);			\
	} while (0)

#define FINI(l)										\
	do {										\
		/* SAFETY: no longer shared. */						\
		hf_cond_fini(&hf_lock_get_mut_unchecked(l)->changed);			\
		hf_lock_fini(l);							\
	} while (0)

/* --- time ------------------------------------------------------------------------------------- */

#ifdef HF_TEST_CLOCK
static void one_ms(void *unused)
{
	(void)unused;
	hf_user_clock_advance(1);
}
#endif

/* Stops the clock, where the mode allows it; with @passes, a wait moves it. */
static void time_stops(bool passes)
{
#ifdef HF_TEST_CLOCK
	hf_user_clock_stop(passes ? one_ms : NULL, NULL);
#else
	(void)passes;
#endif
}

static void time_goes_on(void)
{
#ifdef HF_TEST_CLOCK
	hf_user_clock_start();
#endif
}

static u64 now_ms(void)
{
#ifdef HF_TEST_CLOCK
	return hf_sys_now_ms();
#else
	return hf_test_now_ms();
#endif
}

/* --- no wake-up is lost ----------------------------------------------------------------------- */

#define ROUNDS 2000

/* Two threads take turns.  After a lost wake-up both sleep, until the runner's time-out. */
#define PING_PONG(kind, enter)								\
	static struct kind##_state kind##_game;						\
											\
	static void kind##_play(void *me)						\
	{										\
		const int mine = *(const int *)me;					\
											\
		for (int i = 0; i < ROUNDS; i++) {					\
			enter(s, &kind##_game);						\
			while (s->turn % 2 != mine)					\
				hf_wait(&s->changed, s);				\
			s->turn++;							\
			hf_notify_one(&s->changed);					\
		}									\
	}										\
											\
	HF_TEST(wait, ping_pong_under_##kind)						\
	{										\
		static int ids[] = { 0, 1 };						\
		struct hf_test_thread thread;						\
											\
		INIT(&kind##_game);							\
		hf_test_spawn(&thread, kind##_play, &ids[1]);				\
		kind##_play(&ids[0]);							\
		hf_test_join(&thread);							\
		{									\
			enter(s, &kind##_game);						\
			HF_EXPECT_EQ(s->turn, 2 * ROUNDS);				\
		}									\
		FINI(&kind##_game);							\
	}

PING_PONG(mutex, hf_lock)
PING_PONG(rwsem, hf_write_lock)
PING_PONG(spinlock, hf_lock)
PING_PONG(spinlock_bh, hf_lock)
PING_PONG(spinlock_irq, hf_lock)
PING_PONG(raw_spinlock, hf_lock)
PING_PONG(raw_spinlock_irq, hf_lock)
PING_PONG(rwlock, hf_write_lock)

/* --- which thread is woken -------------------------------------------------------------------- */

#define WAITERS 4

static struct mutex_state hall;

static void wait_in_the_hall(void *unused)
{
	(void)unused;
	hf_lock(s, &hall);
	s->waiting++;
	while (!s->turn)
		hf_wait(&s->changed, s);
	/* hf_wait() took the lock again: no other thread changes passed. */
	s->passed++;
	hf_notify_all(&s->changed);
}

static void until_all_wait(void)
{
	for (;;) {
		{
			hf_lock(s, &hall);
			if (s->waiting == WAITERS)
				return;
		}
		hf_test_yield();
	}
}

HF_TEST(wait, notify_all_wakes_all)
{
	struct hf_test_thread threads[WAITERS];

	INIT(&hall);
	for (int i = 0; i < WAITERS; i++)
		hf_test_spawn(&threads[i], wait_in_the_hall, NULL);
	until_all_wait();
	{
		hf_lock(s, &hall);
		HF_EXPECT_EQ(s->passed, 0);
		s->turn = 1;
		hf_notify_all(&s->changed);
	}
	for (int i = 0; i < WAITERS; i++)
		hf_test_join(&threads[i]);
	{
		hf_lock(s, &hall);
		HF_EXPECT_EQ(s->passed, WAITERS);
	}
	FINI(&hall);
}

static void pass_the_hall_once(void *unused)
{
	(void)unused;
	hf_lock(s, &hall);
	s->waiting++;
	while (!s->turn)
		hf_wait(&s->changed, s);
	s->turn--;
	s->passed++;
}

HF_TEST(wait, notify_one_wakes_one_for_each)
{
	struct hf_test_thread threads[WAITERS];

	INIT(&hall);
	for (int i = 0; i < WAITERS; i++)
		hf_test_spawn(&threads[i], pass_the_hall_once, NULL);
	until_all_wait();
	for (int i = 0; i < WAITERS; i++) {
		hf_lock(s, &hall);
		s->turn++;
		hf_notify_one(&s->changed);
	}
	for (int i = 0; i < WAITERS; i++)
		hf_test_join(&threads[i]);
	{
		hf_lock(s, &hall);
		HF_EXPECT_EQ(s->passed, WAITERS);
		HF_EXPECT_EQ(s->turn, 0);
	}
	FINI(&hall);
}

/* Notifies only after a thread has begun to wait. */
static void notify_the_waiting(void *unused)
{
	(void)unused;
	for (;;) {
		{
			hf_lock(s, &hall);
			if (s->waiting) {
				s->turn = 1;
				hf_notify_one(&s->changed);
				return;
			}
		}
		hf_test_yield();
	}
}

static const enum hf_how hows[] = { HF_UNINTERRUPTIBLE, HF_INTERRUPTIBLE, HF_KILLABLE };

HF_TEST(wait, is_woken_before_its_deadline)
{
	time_stops(false);
	for (size_t i = 0; i < 2 * HF_TEST_COUNT(hows); i++) {
		const struct hf_deadline end = i & 1 ? hf_deadline_in(1000000) : HF_NO_DEADLINE;
		struct hf_test_thread thread;

		INIT(&hall);
		hf_test_spawn(&thread, notify_the_waiting, NULL);
		{
			hf_lock(s, &hall);
			s->waiting = 1;
			while (!s->turn)
				HF_EXPECT_EQ(hf_wait_until(&s->changed, s, end, hows[i / 2]), 0);
		}
		hf_test_join(&thread);
		FINI(&hall);
	}
	time_goes_on();
}

HF_TEST(wait, short_forms_are_woken)
{
	time_stops(false);
	for (int i = 0; i < 2; i++) {
		struct hf_test_thread thread;

		INIT(&hall);
		hf_test_spawn(&thread, notify_the_waiting, NULL);
		{
			hf_lock(s, &hall);
			s->waiting = 1;
			while (!s->turn)
				HF_EXPECT_EQ(i ? hf_wait_interruptible(&s->changed, s) :
						 hf_wait_timeout(&s->changed, s, 1000000), 0);
		}
		hf_test_join(&thread);
		FINI(&hall);
	}
	time_goes_on();
}

/* --- signals ---------------------------------------------------------------------------------- */

static void is_interrupted(void *unused)
{
	struct hf_deadline end;
	struct hf_completion c;

	(void)unused;
	time_stops(true);
	end = hf_deadline_in(1000000);
	hf_completion_init(&c);
	{
		hf_lock(s, &hall);
		for (int i = 0; i < 8; i++) {
			const enum hf_how how = i & 1 ? HF_KILLABLE : HF_INTERRUPTIBLE;
			const struct hf_deadline until = i & 2 ? end : HF_NO_DEADLINE;

			hf_test_signal_begin();
			if (i & 4)
				HF_EXPECT_EQ(hf_completion_wait_until(&c, until, how), -EINTR);
			else
				HF_EXPECT_EQ(hf_wait_until(&s->changed, s, until, how), -EINTR);
			hf_test_signal_end();
			/* The lock is held again. */
			HF_EXPECT_PTR_EQ(hf_held(&hall), s);
		}
		hf_test_signal_begin();
		HF_EXPECT_EQ(hf_wait_interruptible(&s->changed, s), -EINTR);
		hf_test_signal_end();

		/* A signal ends no uninterruptible wait; a wait that is complete succeeds. */
		hf_test_signal_begin();
		HF_EXPECT_EQ(hf_wait_timeout(&s->changed, s, 5), -ETIMEDOUT);
		HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 5), -ETIMEDOUT);
		hf_complete(&c);
		HF_EXPECT_EQ(hf_completion_wait_until(&c, end, HF_KILLABLE), 0);
		hf_test_signal_end();
	}
	hf_completion_fini(&c);
	time_goes_on();
}

HF_TEST(wait, signal_interrupts)
{
	struct hf_test_thread thread;

	INIT(&hall);
	hf_test_spawn(&thread, is_interrupted, NULL);
	hf_test_join(&thread);
	FINI(&hall);
}

/* --- timeouts --------------------------------------------------------------------------------- */

/* The lock is held after a time-out as well. */
#define TIMES_OUT(name, kind, enter)							\
	HF_TEST(wait, times_out_under_##name)						\
	{										\
		struct kind##_state l;							\
		struct kind##_state_condvar cv;						\
											\
		INIT(&l);								\
		hf_cond_init(&cv);							\
		time_stops(true);							\
		{									\
			const u64 start = now_ms();					\
			const struct hf_deadline end = hf_deadline_in(40);		\
			enter(s, &l);							\
			HF_EXPECT_EQ(hf_wait_timeout(&cv, s, 20), -ETIMEDOUT);		\
			HF_EXPECT(now_ms() - start >= 19);				\
			HF_EXPECT_PTR_EQ(hf_held_shared(&l), s);			\
			for (int i = 0; i < 3; i++)					\
				HF_EXPECT_EQ(hf_wait_until(&cv, s, end, hows[i]), -ETIMEDOUT); \
			HF_EXPECT(now_ms() - start >= 39);				\
			HF_EXPECT_EQ(hf_wait_timeout(&cv, s, 0), -ETIMEDOUT);		\
		}									\
		time_goes_on();								\
		{									\
			enter(s, &l);							\
			HF_EXPECT_EQ(s->turn, 0);					\
		}									\
		hf_cond_fini(&cv);							\
		FINI(&l);								\
	}

TIMES_OUT(mutex, mutex, hf_lock)
TIMES_OUT(spinlock, spinlock, hf_lock)
TIMES_OUT(spinlock_bh, spinlock_bh, hf_lock)
TIMES_OUT(spinlock_irq, spinlock_irq, hf_lock)
TIMES_OUT(raw_spinlock, raw_spinlock, hf_lock)
TIMES_OUT(raw_spinlock_irq, raw_spinlock_irq, hf_lock)
TIMES_OUT(rwsem_for_writing, rwsem, hf_write_lock)
TIMES_OUT(rwsem_for_reading, rwsem, hf_read_lock)
TIMES_OUT(rwlock_for_writing, rwlock, hf_write_lock)
TIMES_OUT(rwlock_for_reading, rwlock, hf_read_lock)

HF_TEST(wait, notification_is_not_remembered)
{
	INIT(&hall);
	time_stops(true);
	{
		hf_lock(s, &hall);
		hf_notify_one(&s->changed);
		hf_notify_all(&s->changed);
		HF_EXPECT_EQ(hf_wait_timeout(&s->changed, s, 5), -ETIMEDOUT);
	}
	time_goes_on();
	FINI(&hall);
}

/* Debug builds find a guard of another lock of the right type. */
HF_TEST(wait, with_another_lock_of_the_type_is_a_violation)
{
	static struct mutex_state other;
	static struct mutex_state_condvar cv;

	INIT(&hall);
	INIT(&other);
	hf_cond_init(&cv);
	time_stops(true);
	{
		hf_lock(s, &hall);
		HF_EXPECT_EQ(hf_wait_timeout(&cv, s, 1), -ETIMEDOUT);
		HF_EXPECT_EQ(hf_wait_timeout(&cv, s, 1), -ETIMEDOUT);
	}
	{
		hf_lock(s, &other);
		if (HF_DEBUG) {
			HF_EXPECT_VIOLATION(HF_LOCK) {
				s->turn = hf_wait_timeout(&cv, s, 1);
			}
		} else {
			HF_EXPECT_EQ(hf_wait_timeout(&cv, s, 1), -ETIMEDOUT);
		}
		HF_EXPECT_EQ(s->turn, 0);
	}
	time_goes_on();
	hf_cond_fini(&cv);
	FINI(&other);
	FINI(&hall);
}

/* hf_wait() lets other threads take the lock, and holds it when it returns. */
static void take_turns(void *unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++) {
		hf_lock(s, &hall);
		HF_EXPECT_EQ(s->waiting, 0);
		s->turn++;
		hf_notify_all(&s->changed);
	}
}

HF_TEST(wait, gives_the_lock_up_while_it_sleeps)
{
	struct hf_test_thread thread;

	INIT(&hall);
	{
		hf_lock(s, &hall);
		hf_test_spawn(&thread, take_turns, NULL);
		while (s->turn < 200) {
			hf_wait(&s->changed, s);
			s->waiting = 1;
			hf_test_yield();
			s->waiting = 0;
		}
	}
	hf_test_join(&thread);
	FINI(&hall);
}

/* --- completions ------------------------------------------------------------------------------ */

HF_TEST(wait, completion_before_the_wait)
{
	struct hf_completion c;

	time_stops(true);
	hf_completion_init(&c);
	hf_complete(&c);
	hf_completion_wait(&c);
	/* The first wait consumed the completion. */
	HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 5), -ETIMEDOUT);
	hf_completion_fini(&c);
	time_goes_on();
}

/* A shared borrow (a pointer to const) is enough for all but initialisation and the end. */
static int use_shared(const struct hf_completion *c)
{
	hf_complete(c);
	hf_completion_wait(c);
	hf_complete_all(c);
	hf_completion_reinit(c);
	return hf_completion_wait_timeout(c, 1);
}

static int notify_shared(const struct mutex_state *l, const struct mutex_state_condvar *cv)
{
	hf_lock(s, l);
	hf_notify_one(cv);
	hf_notify_all(cv);
	return s->turn + hf_wait_timeout(cv, s, 1);
}

HF_TEST(wait, a_const_pointer_is_enough)
{
	struct mutex_state_condvar cv;
	struct hf_completion c;

	INIT(&hall);
	hf_cond_init(&cv);
	hf_completion_init(&c);
	time_stops(true);
	HF_EXPECT_EQ(use_shared(&c), -ETIMEDOUT);
	HF_EXPECT_EQ(notify_shared(&hall, &cv), -ETIMEDOUT);
	time_goes_on();
	hf_completion_fini(&c);
	hf_cond_fini(&cv);
	FINI(&hall);
}

HF_TEST(wait, completion_is_made_anew)
{
	struct hf_completion c;

	time_stops(true);
	hf_completion_init(&c);
	for (int i = 0; i < 3; i++) {
		hf_complete_all(&c);
		hf_completion_wait(&c);
		HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 0), 0);
		hf_completion_reinit(&c);
		for (size_t k = 0; k < HF_TEST_COUNT(hows); k++)
			HF_EXPECT_EQ(hf_completion_wait_until(&c, hf_deadline_in(2), hows[k]), -ETIMEDOUT);
		hf_complete(&c);
		HF_EXPECT_EQ(hf_completion_wait_until(&c, HF_NO_DEADLINE, hows[i]), 0);
		/* The wait consumed the completion. */
		HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 1), -ETIMEDOUT);
	}
	hf_completion_fini(&c);
	time_goes_on();
}

HF_TEST(wait, completion_lets_as_many_pass_as_it_was_completed)
{
	struct hf_completion c;

	hf_completion_init(&c);
	for (int i = 0; i < 3; i++)
		hf_complete(&c);
	for (int i = 0; i < 3; i++)
		HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 0), 0);
	HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 0), -ETIMEDOUT);
	hf_completion_fini(&c);
}

HF_TEST(wait, complete_all_lets_all_pass_for_ever)
{
	struct hf_completion c;

	hf_completion_init(&c);
	hf_complete_all(&c);
	for (int i = 0; i < 5; i++)
		hf_completion_wait(&c);
	hf_complete_all(&c);
	hf_complete(&c);
	for (int i = 0; i < 5; i++)
		HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 0), 0);
	hf_completion_fini(&c);
}

HF_TEST(wait, completion_times_out)
{
	struct hf_completion c;
	u64 start;

	time_stops(true);
	start = now_ms();
	hf_completion_init(&c);
	HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 20), -ETIMEDOUT);
	HF_EXPECT(now_ms() - start >= 19);
	hf_complete(&c);
	HF_EXPECT_EQ(hf_completion_wait_timeout(&c, 20), 0);
	hf_completion_fini(&c);
	time_goes_on();
}

#ifdef HF_TEST_CLOCK
static struct hf_completion robbed;

static void wait_in_vain(void *unused)
{
	(void)unused;
	HF_EXPECT_EQ(hf_completion_wait_timeout(&robbed, 50), -ETIMEDOUT);
}

/* A waiter that is woken in vain keeps its deadline. */
HF_TEST(wait, completion_times_out_however_often_it_is_woken)
{
	struct hf_test_thread thread;

	hf_completion_init(&robbed);
	time_stops(false);
	hf_test_spawn(&thread, wait_in_vain, NULL);
	hf_user_clock_sync(1);
	for (int i = 0; i < 49; i++) {
		hf_user_clock_advance(1);
		/* SAFETY: the test causes a spurious wake-up. */
		hf_sys_wake_one(&robbed.c_.q_);
		hf_user_clock_sync(1);
	}
	hf_user_clock_advance(1);
	hf_test_join(&thread);
	time_goes_on();
	hf_completion_fini(&robbed);
}
#endif

static struct hf_completion there, back;

static void answer(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		hf_completion_wait(&there);
		hf_complete(&back);
	}
}

HF_TEST(wait, completions_between_threads)
{
	struct hf_test_thread thread;

	hf_completion_init(&there);
	hf_completion_init(&back);
	hf_test_spawn(&thread, answer, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		hf_complete(&there);
		hf_completion_wait(&back);
	}
	hf_test_join(&thread);
	HF_EXPECT_EQ(hf_completion_wait_timeout(&there, 0), -ETIMEDOUT);
	HF_EXPECT_EQ(hf_completion_wait_timeout(&back, 0), -ETIMEDOUT);
	hf_completion_fini(&there);
	hf_completion_fini(&back);
}

static int through;

static void go_through(void *unused)
{
	(void)unused;
	hf_completion_wait(&there);
	__atomic_fetch_add(&through, 1, __ATOMIC_ACQ_REL);
	hf_complete(&back);
}

HF_TEST(wait, complete_wakes_as_many_as_it_says)
{
	struct hf_test_thread threads[WAITERS];

	through = 0;
	hf_completion_init(&there);
	hf_completion_init(&back);
	for (int i = 0; i < WAITERS; i++)
		hf_test_spawn(&threads[i], go_through, NULL);
	for (int i = 1; i < WAITERS; i++) {
		hf_complete(&there);
		hf_completion_wait(&back);
		HF_EXPECT_EQ(__atomic_load_n(&through, __ATOMIC_ACQUIRE), i);
	}
	hf_complete_all(&there);
	for (int i = 0; i < WAITERS; i++)
		hf_test_join(&threads[i]);
	HF_EXPECT_EQ(through, WAITERS);
	hf_completion_fini(&there);
	hf_completion_fini(&back);
}

HF_TEST(wait, complete_all_wakes_all)
{
	struct hf_test_thread threads[WAITERS];

	through = 0;
	hf_completion_init(&there);
	hf_completion_init(&back);
	for (int i = 0; i < WAITERS; i++)
		hf_test_spawn(&threads[i], go_through, NULL);
	hf_test_sleep_ms(5);
	HF_EXPECT_EQ(__atomic_load_n(&through, __ATOMIC_ACQUIRE), 0);
	hf_complete_all(&there);
	for (int i = 0; i < WAITERS; i++)
		hf_test_join(&threads[i]);
	HF_EXPECT_EQ(through, WAITERS);
	hf_completion_fini(&there);
	hf_completion_fini(&back);
}

/* A waiter may free the completion at once: hf_complete() must not touch it any more. */
struct heap_completion {
	struct hf_completion c;
};

static void complete_it(void *p)
{
	struct heap_completion *h = p;

	hf_complete(&h->c);
}

HF_TEST(wait, completion_may_be_freed_by_its_waiter)
{
	for (int i = 0; i < 200; i++) {
		struct heap_completion *h = hf_sys_alloc(sizeof(*h), GFP_KERNEL);
		struct hf_test_thread thread;

		HF_ASSERT(h != NULL);
		hf_completion_init(&h->c);
		hf_test_spawn(&thread, complete_it, h);
		hf_completion_wait(&h->c);
		hf_completion_fini(&h->c);
		hf_sys_free(h);
		hf_test_join(&thread);
	}
}
