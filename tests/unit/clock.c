// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A test stops and moves the clock of time-outs, where the mode allows it. */
#include "harness.h"

#ifdef HF_TEST_CLOCK

#include <holdfast/wait.h>

HF_CONDVAR_DEFINE(shared);

struct state {
	int turn;
	struct shared_condvar changed;
};

HF_LOCKED_DEFINE(shared, mutex, struct state);

static struct shared shared;

static void init(void)
{
	hf_lock_init(&shared);
	hf_lock(s, &shared);
	s->turn = 0;
	hf_cond_init(&s->changed);
}

static void fini(void)
{
	{
		hf_lock(s, &shared);
		hf_cond_fini(&s->changed);
	}
	hf_lock_fini(&shared);
}

struct waiter {
	struct hf_test_thread thread;
	unsigned int ms;
	int err;
};

static void wait_for_turn(void *arg)
{
	struct waiter *w = arg;

	hf_lock(s, &shared);
	w->err = hf_wait_timeout(&s->changed, s, w->ms);
}

static void start(struct waiter *w, unsigned int ms)
{
	w->ms = ms;
	hf_test_spawn(&w->thread, wait_for_turn, w);
}

static void one_ms(void *calls)
{
	++*(unsigned int *)calls;
	hf_user_clock_advance(1);
}

/* While the only thread waits, its idle function moves the clock. */
HF_TEST(clock, idle_advances)
{
	unsigned int calls = 0;

	init();
	hf_user_clock_stop(one_ms, &calls);
	const u64 begin = hf_sys_now_ms();
	{
		hf_lock(s, &shared);
		HF_EXPECT_EQ(hf_wait_timeout(&s->changed, s, 100000), -ETIMEDOUT);
		HF_EXPECT_EQ(hf_wait_timeout(&s->changed, s, 0), -ETIMEDOUT);
	}
	HF_EXPECT_EQ(hf_sys_now_ms() - begin, 100000);
	HF_EXPECT_EQ(calls, 100000);
	hf_user_clock_start();
	fini();
}

/* Advancing the clock wakes exactly the threads whose deadline has passed. */
HF_TEST(clock, advance_wakes_in_order)
{
	static struct waiter w[3];

	init();
	hf_user_clock_stop(NULL, NULL);
	const u64 begin = hf_sys_now_ms();

	start(&w[0], 20);
	start(&w[1], 30);
	start(&w[2], 30);
	hf_user_clock_sync(3);
	hf_user_clock_advance(19);
	hf_user_clock_sync(3);
	hf_user_clock_advance(1);
	hf_test_join(&w[0].thread);
	HF_EXPECT_EQ(w[0].err, -ETIMEDOUT);
	hf_user_clock_sync(2);
	hf_user_clock_advance(1000);
	hf_test_join(&w[1].thread);
	hf_test_join(&w[2].thread);
	HF_EXPECT_EQ(w[1].err, -ETIMEDOUT);
	HF_EXPECT_EQ(w[2].err, -ETIMEDOUT);
	HF_EXPECT_EQ(hf_sys_now_ms() - begin, 1020);
	hf_user_clock_start();
	fini();
}

/* A wake-up ends a wait although the clock stands still. */
HF_TEST(clock, wake_ups_need_no_time)
{
	static struct waiter w[2];

	init();
	hf_user_clock_stop(NULL, NULL);
	const u64 begin = hf_sys_now_ms();

	start(&w[0], 10);
	start(&w[1], 10);
	hf_user_clock_sync(2);
	{
		hf_lock(s, &shared);
		hf_notify_all(&s->changed);
	}
	hf_test_join(&w[0].thread);
	hf_test_join(&w[1].thread);
	HF_EXPECT_EQ(w[0].err, 0);
	HF_EXPECT_EQ(w[1].err, 0);
	HF_EXPECT_EQ(hf_sys_now_ms(), begin);
	hf_user_clock_start();
	fini();
}

#endif
