// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* timer.h: timers of both kinds, when they fire, and how they end. */
#include <holdfast/arc.h>
#include <holdfast/pin.h>
#include <holdfast/timer.h>
#include <holdfast/wait.h>

#include "harness.h"

#define MS	((u64)1000000)
#define HOUR	(3600000 * MS)

struct ticks {
	int fired;
	int wanted;		/* it fires again until then */
	u64 period;		/* in ns */
};

HF_LOCKED_DEFINE(locked_ticks, spinlock_irq, struct ticks);

struct clockwork {
	struct hf_refs refs;
	struct locked_ticks ticks;
	struct hf_completion tick, entered, leave;
	int alone;
};

static int destroyed, fired_at_end;

static int clockwork_init(struct clockwork *c, int wanted)
{
	hf_lock_init(&c->ticks);
	/* SAFETY: not shared yet. */
	*hf_lock_get_mut_unchecked(&c->ticks) = (struct ticks){ .wanted = wanted, .period = 2 * MS };
	hf_completion_init(&c->tick);
	hf_completion_init(&c->entered);
	hf_completion_init(&c->leave);
	return 0;
}

static void clockwork_destroy(struct clockwork *c)
{
	destroyed++;
	hf_completion_fini(&c->leave);
	hf_completion_fini(&c->entered);
	hf_completion_fini(&c->tick);
	{
		hf_lock(t, &c->ticks);
		fired_at_end = t->fired;
	}
	hf_lock_fini(&c->ticks);
}

static void clockwork_release(struct clockwork *c)
{
	hf_free(c);
}

static void clockwork_end(struct clockwork *c)
{
	clockwork_destroy(c);
	hf_free(c);
}

HF_ARC_DEFINE(clockwork, struct clockwork, refs, clockwork_destroy, clockwork_release);
HF_OWN_DEFINE(clockwork, struct clockwork, clockwork_end);

static struct hf_timer_next tick(const struct clockwork *c HF_NOESCAPE) HF_ATOMIC
{
	hf_lock(t, &c->ticks);
	const bool last = ++t->fired >= t->wanted;

	hf_complete(&c->tick);
	return last ? hf_timer_stop() : hf_timer_again_in(t->period);
}

static int fired(const struct clockwork *c)
{
	hf_lock(t, &c->ticks);

	return t->fired;
}

static struct clockwork_arc new_clockwork(int wanted)
{
	return hf_expect(hf_new_arc_with(clockwork, GFP_KERNEL, clockwork_init, wanted), "there is memory");
}

/* --- time ---------------------------------------------------------------------------------------- */

/* Time stands still until pass(), where a test can have that; elsewhere it passes anyway. */
static void time_stops(void)
{
#ifdef HF_TEST_CLOCK
	hf_user_clock_stop(NULL, NULL);
#endif
}

static void pass(u64 ms)
{
#ifdef HF_TEST_CLOCK
	hf_user_clock_advance(ms);
#else
	(void)ms;
#endif
}

static void time_goes_on(void)
{
#ifdef HF_TEST_CLOCK
	hf_user_clock_start();
#endif
}

/* So many ticks more, each after @ms. */
static void await_ticks(const struct clockwork *c, int n, u64 ms)
{
	for (int i = 0; i < n; i++) {
#ifdef HF_TEST_CLOCK
		/* The timer's thread waits for the next one. */
		hf_user_clock_sync(1);
#endif
		pass(ms);
		hf_completion_wait(&c->tick);
	}
}

/* --- both kinds ---------------------------------------------------------------------------------- */

/* The timer is dropped as its function runs over and over. */
#define ROUNDS	50

#define TESTS(kind)									\
	HF_TIMER_DEFINE(kind##_ticker, kind, clockwork_arc, kind##_tick);		\
	HF_TIMER_DEFINE(kind##_alone, kind, clockwork_own, kind##_tick_alone);		\
	HF_TIMER_DEFINE(kind##_other, kind, clockwork_arc, kind##_tick_other);		\
											\
	static struct hf_timer_next kind##_tick(const struct clockwork *c HF_NOESCAPE)	\
	{										\
		return tick(c);								\
	}										\
											\
	static struct hf_timer_next kind##_tick_other(const struct clockwork *c HF_NOESCAPE) \
	{										\
		return tick(c);								\
	}										\
											\
	/* What only the timer reaches needs no lock. */				\
	static struct hf_timer_next kind##_tick_alone(struct clockwork *c HF_NOESCAPE)	\
	{										\
		c->alone++;								\
		return tick(c);								\
	}										\
											\
	static struct kind##_ticker_own new_##kind(const struct clockwork_arc *c)	\
	{										\
		return hf_expect(hf_timer_new(kind##_ticker, hf_clone(*c), GFP_KERNEL), "there is memory"); \
	}										\
											\
	HF_TEST(timer, kind##_fires_once)						\
	{										\
		destroyed = 0;								\
		time_stops();								\
		{									\
			hf_let_arc(clockwork, c, new_clockwork(1));			\
			hf_let(kind##_ticker, t, new_##kind(&c));			\
											\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			hf_timer_start(hf_ref(t), 5 * MS);				\
			await_ticks(hf_ref(c), 1, 5);					\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			HF_EXPECT_EQ(fired(hf_ref(c)), 1);				\
			hf_timer_start(hf_ref(t), MS);					\
			await_ticks(hf_ref(c), 1, 1);					\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			HF_EXPECT_EQ(fired(hf_ref(c)), 2);				\
		}									\
		HF_EXPECT_EQ(destroyed, 1);						\
		time_goes_on();								\
	}										\
											\
	HF_TEST(timer, kind##_fires_again)						\
	{										\
		time_stops();								\
		{									\
			hf_let_arc(clockwork, c, new_clockwork(4));			\
			hf_let(kind##_ticker, t, new_##kind(&c));			\
											\
			hf_timer_start(hf_ref(t), 2 * MS);				\
			await_ticks(hf_ref(c), 4, 2);					\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			HF_EXPECT_EQ(fired(hf_ref(c)), 4);				\
		}									\
		time_goes_on();								\
	}										\
											\
	HF_TEST(timer, kind##_is_armed_anew)						\
	{										\
		time_stops();								\
		{									\
			hf_let_arc(clockwork, c, new_clockwork(1));			\
			hf_let(kind##_ticker, t, new_##kind(&c));			\
											\
			hf_timer_start(hf_ref(t), HOUR);				\
			hf_timer_start(hf_ref(t), 3 * MS);				\
			await_ticks(hf_ref(c), 1, 3);					\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			HF_EXPECT_EQ(fired(hf_ref(c)), 1);				\
		}									\
		time_goes_on();								\
	}										\
											\
	HF_TEST(timer, kind##_is_cancelled_or_dropped)					\
	{										\
		destroyed = 0;								\
		time_stops();								\
		{									\
			hf_let_arc(clockwork, c, new_clockwork(1));			\
			hf_let(kind##_ticker, t, new_##kind(&c));			\
			hf_let(kind##_other, other, hf_expect(hf_timer_new(kind##_other, hf_clone(c), GFP_KERNEL), \
							      "there is memory"));	\
											\
			hf_timer_start(hf_ref(other), HOUR);				\
			hf_timer_start(hf_ref(t), HOUR);				\
			HF_EXPECT(hf_timer_cancel(hf_ref(t)));				\
			HF_EXPECT(!hf_timer_cancel(hf_ref(t)));				\
			hf_timer_start(hf_ref(t), HOUR);				\
			hf_drop(kind##_ticker, t);					\
			pass(2 * 3600000);						\
			HF_EXPECT(!HF_TEST_TIME_STOPS || (hf_completion_wait(&hf_ref(c)->tick), fired(hf_ref(c)) == 1)); \
		}									\
		HF_EXPECT_EQ(destroyed, 1);						\
		time_goes_on();								\
	}										\
											\
	HF_TEST(timer, kind##_owns_its_data)						\
	{										\
		destroyed = 0;								\
		for (int i = 1; i <= ROUNDS; i++) {					\
			hf_let(clockwork, c, hf_expect(hf_new_with(clockwork, GFP_KERNEL, clockwork_init, 1000000), \
						       "there is memory"));		\
			/* The timer keeps it. */					\
			const struct clockwork *const inside = hf_ref(c);		\
			hf_let(kind##_alone, t, hf_expect(hf_timer_new(kind##_alone, hf_move(c), GFP_KERNEL), \
							  "there is memory"));		\
											\
			{								\
				hf_lock(ticks, &inside->ticks);				\
				ticks->period = 100000;				\
			}								\
			hf_timer_start(hf_ref(t), 0);					\
			hf_completion_wait(&inside->tick);				\
			hf_drop(kind##_alone, t);					\
			HF_EXPECT_EQ(destroyed, i);					\
			HF_EXPECT(fired_at_end >= 1);					\
		}									\
	}										\
											\
	static int make_##kind(void *unused)						\
	{										\
		hf_let_arc(clockwork, c, hf_try(hf_new_arc_with(clockwork, GFP_KERNEL, clockwork_init, 1))); \
		hf_let(kind##_ticker, t, hf_try(hf_timer_new(kind##_ticker, hf_move(c), GFP_KERNEL))); \
											\
		(void)unused;								\
		return 0;								\
	}										\
											\
	HF_TEST(timer, kind##_leaks_nothing_when_memory_runs_out)			\
	{										\
		unsigned long failed;							\
											\
		destroyed = 0;								\
		failed = hf_test_fail_each_alloc(make_##kind, NULL);			\
		HF_EXPECT(failed >= 2);							\
		/* Of all failures but the first, and of the success. */		\
		HF_EXPECT_EQ(destroyed, failed);					\
	}

#ifdef HF_TEST_CLOCK
#define HF_TEST_TIME_STOPS	true
#else
#define HF_TEST_TIME_STOPS	false
#endif

TESTS(hrtimer)
TESTS(timer)

/* --- with a clock that stands still --------------------------------------------------------------- */

#ifdef HF_TEST_CLOCK

HF_TEST(timer, fires_in_order_and_not_before_its_time)
{
	hf_user_clock_stop(NULL, NULL);
	{
		hf_let_arc(clockwork, a, new_clockwork(1));
		hf_let_arc(clockwork, b, new_clockwork(1));
		hf_let(hrtimer_ticker, of_a, new_hrtimer(&a));
		hf_let(hrtimer_ticker, of_b, new_hrtimer(&b));

		hf_timer_start(hf_ref(of_b), 20 * MS);
		hf_timer_start(hf_ref(of_a), 10 * MS - 1);
		hf_user_clock_sync(1);
		hf_user_clock_advance(9);
		hf_user_clock_sync(1);
		HF_EXPECT_EQ(fired(hf_ref(a)), 0);
		await_ticks(hf_ref(a), 1, 1);
		/* It waits for the second timer. */
		hf_user_clock_sync(1);
		hf_user_clock_advance(9);
		hf_user_clock_sync(1);
		HF_EXPECT_EQ(fired(hf_ref(b)), 0);
		await_ticks(hf_ref(b), 1, 1);
	}
	hf_user_clock_start();
}

/* Ticks that were missed are left out, and the others stay where they were. */
HF_TEST(timer, period_does_not_drift)
{
	hf_user_clock_stop(NULL, NULL);
	{
		hf_let_arc(clockwork, c, new_clockwork(100));
		hf_let(timer_ticker, t, new_timer(&c));

		{
			hf_borrow(r, c);
			hf_lock(ticks, &r->ticks);
			ticks->period = 10 * MS;
		}
		hf_timer_start(hf_ref(t), 10 * MS);
		await_ticks(hf_ref(c), 1, 35);
		hf_user_clock_sync(1);
		HF_EXPECT_EQ(fired(hf_ref(c)), 1);
		/* The next is due at 40, not at 45. */
		await_ticks(hf_ref(c), 1, 5);
		hf_user_clock_sync(1);
		hf_user_clock_advance(9);
		hf_user_clock_sync(1);
		HF_EXPECT_EQ(fired(hf_ref(c)), 2);
		await_ticks(hf_ref(c), 1, 1);
		HF_EXPECT(hf_timer_cancel(hf_ref(t)));
		HF_EXPECT_EQ(fired(hf_ref(c)), 3);
	}
	hf_user_clock_start();
}

#endif

/* --- what ends a timer waits for its function ------------------------------------------------------ */

#ifdef HF_TEST_HANDLERS_BLOCK

HF_TIMER_DEFINE(held_up, hrtimer, clockwork_arc, block_and_go_on);

/* Only a test's function may. */
HF_UNANALYZED static struct hf_timer_next block_and_go_on(const struct clockwork *c)
{
	hf_complete(&c->entered);
	hf_completion_wait(&c->leave);
	hf_lock(t, &c->ticks);
	t->fired++;
	return hf_timer_again_in(HOUR);
}

struct ender {
	struct hf_test_thread thread;
	struct held_up_own timer;
	struct hf_completion begun;
	bool drops;
	bool armed;		/* what the cancellation says */
	int over;		/* by hf_sys_write_once() */
};

static void end_timer(void *arg)
{
	struct ender *e = arg;

	hf_complete(&e->begun);
	if (e->drops)
		held_up_own_drop(&e->timer);
	else
		e->armed = hf_timer_cancel(hf_ref(e->timer));
	hf_sys_write_once(&e->over, 1);
}

static void end_while_it_runs(struct ender *e)
{
	hf_completion_init(&e->begun);
	e->over = 0;
	destroyed = 0;
	{
		hf_let_arc(clockwork, c, new_clockwork(1));

		hf_set(e->timer, hf_expect(hf_timer_new(held_up, hf_clone(c), GFP_KERNEL), "there is memory"));
		hf_timer_start(hf_ref(e->timer), 0);
		hf_completion_wait(&hf_ref(c)->entered);
		hf_test_spawn(&e->thread, end_timer, e);
		hf_completion_wait(&e->begun);
		/* An end that does not wait has every chance to be over. */
		for (int i = 0; i < 200; i++)
			hf_test_yield();
		HF_EXPECT_EQ(hf_sys_read_once(&e->over), 0);
		HF_EXPECT_EQ(destroyed, 0);
		hf_complete(&hf_ref(c)->leave);
	}
	hf_test_join(&e->thread);
	HF_EXPECT_EQ(e->over, 1);
	hf_completion_fini(&e->begun);
}

HF_TEST(timer, drop_waits_for_the_function)
{
	static struct ender e;

	e.drops = true;
	end_while_it_runs(&e);
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(fired_at_end, 1);
}

/* The function armed it again, and it is disarmed all the same. */
HF_TEST(timer, cancel_waits_for_the_function)
{
	static struct ender e;

	e.drops = false;
	end_while_it_runs(&e);
	HF_EXPECT_EQ(destroyed, 0);
	HF_EXPECT(!hf_timer_cancel(hf_ref(e.timer)));
	held_up_own_drop(&e.timer);
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(fired_at_end, 1);
}

#endif
