// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* rcu.h: what readers see while it is replaced, and when what was replaced is dropped. */
#include <holdfast/rcu.h>

#include "harness.h"

#ifndef HF_USER_NO_RCU

struct config {
	int limit;
	int copy;		/* always as limit: read by readers, changed by the drop, without atomics */
	struct hf_rcu_head rcu;
};

/* Each test starts it. */
static hf_sys_atomic dropped;

static void config_free(struct config *c)
{
	HF_EXPECT_EQ(c->limit, c->copy);
	c->limit = c->copy = -1;
	hf_sys_atomic_fetch_add_relaxed(&dropped, 1);
	hf_free(c);
}

HF_RCU_DEFINE(config, struct config, rcu, config_free);

static struct config_own config_of(int limit)
{
	hf_let(config, c, hf_expect(hf_new(config, GFP_KERNEL), "no failure is injected"));

	hf_mut(c)->limit = hf_mut(c)->copy = limit;
	return hf_move(c);
}

static int limit_of(const struct config_rcu *place)
{
	hf_rcu_read_else(c, place, return -ENODEV);

	HF_EXPECT_EQ(c->limit, c->copy);
	return c->limit;
}

static void await(const hf_sys_atomic *a, int v)
{
	while (hf_sys_atomic_read_acquire(a) < v)
		hf_test_yield();
}

static void signal_one(hf_sys_atomic *a)
{
	(void)hf_sys_atomic_fetch_sub_acq_rel(a, -1);
}

HF_TEST(rcu, gives_what_is_published)
{
	static struct config_rcu place;

	hf_sys_atomic_init(&dropped, 0);
	HF_EXPECT_EQ(limit_of(&place), -ENODEV);
	config_rcu_init(&place, hf_empty(config_own));
	HF_EXPECT_EQ(limit_of(&place), -ENODEV);
	config_rcu_init(&place, config_of(1));
	HF_EXPECT_EQ(limit_of(&place), 1);
	{
		hf_let(config_retired, old, config_rcu_replace(&place, config_of(2)));

		HF_EXPECT_EQ(limit_of(&place), 2);
		/* What was replaced can still be looked at. */
		HF_EXPECT_EQ(hf_ref(old)->limit, 1);
		HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	}
	hf_rcu_barrier();
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	config_rcu_fini(&place);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2);
	HF_EXPECT_EQ(limit_of(&place), -ENODEV);
	config_rcu_fini(&place);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2);
}

HF_TEST(rcu, what_was_replaced_comes_back_alone)
{
	static struct config_rcu place;

	hf_sys_atomic_init(&dropped, 0);
	config_rcu_init(&place, config_of(1));
	{
		hf_let(config_retired, old, config_rcu_replace(&place, hf_empty(config_own)));
		HF_EXPECT_EQ(limit_of(&place), -ENODEV);
		hf_let(config, c, config_rcu_wait(hf_move(old)));

		/* And is published again, changed. */
		hf_mut(c)->limit = hf_mut(c)->copy = 3;
		hf_let(config_retired, none, config_rcu_replace(&place, hf_move(c)));
		HF_EXPECT(hf_is_empty(none));
		HF_EXPECT_EQ(limit_of(&place), 3);
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	config_rcu_fini(&place);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
}

HF_TEST(rcu, nothing_retired_gives_nothing)
{
	static struct config_rcu place;

	hf_sys_atomic_init(&dropped, 0);
	{
		hf_let(config_retired, none, config_rcu_replace(&place, hf_empty(config_own)));
		hf_let(config, c, config_rcu_wait(hf_empty(config_retired_own)));

		HF_EXPECT(hf_is_empty(none));
		HF_EXPECT(hf_is_empty(c));
	}
	hf_rcu_barrier();
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
}

HF_TEST(rcu, replacing_and_retiring_allocate_nothing)
{
	static struct config_rcu place;
	struct config_own next = config_of(2);

	hf_sys_atomic_init(&dropped, 0);
	config_rcu_init(&place, config_of(1));
	hf_test_fail_alloc(1);
	{
		hf_bind_(&next.own);
		hf_let(config_retired, old, config_rcu_replace(&place, hf_move(next)));
		hf_drop(config_retired, old);
	}
	hf_rcu_barrier();
	/* The failure is still to come. */
	HF_EXPECT_EQ(hf_errno(hf_new(config, GFP_KERNEL)), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	config_rcu_fini(&place);
}

HF_TEST_UNANALYZED(rcu, an_empty_retired_owner_lends_nothing)
{
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_let(config_retired, old, hf_empty(config_retired_own));

		HF_EXPECT_EQ(hf_ref(old)->limit, 0);
	}
}

/* --- readers and writers of several threads ------------------------------------------------------ */

static struct {
	struct config_rcu place;
	hf_sys_atomic entered, leave, left, waited, stop, reads;
} meeting;

static void meet(void)
{
	hf_sys_atomic_init(&dropped, 0);
	hf_sys_atomic_init(&meeting.entered, 0);
	hf_sys_atomic_init(&meeting.leave, 0);
	hf_sys_atomic_init(&meeting.left, 0);
	hf_sys_atomic_init(&meeting.waited, 0);
	hf_sys_atomic_init(&meeting.stop, 0);
	hf_sys_atomic_init(&meeting.reads, 0);
}

static void stay(void *unused)
{
	(void)unused;
	hf_rcu_read_else(c, &meeting.place, return);
	signal_one(&meeting.entered);
	HF_TEST_SPIN_UNTIL(hf_sys_atomic_read_acquire(&meeting.leave), 60000);
	/* Replaced long ago. */
	HF_EXPECT_EQ(c->limit, 1);
	HF_EXPECT_EQ(c->copy, 1);
	hf_sys_atomic_set(&meeting.left, 1);
}

HF_TEST(rcu, reader_holds_the_drop_up)
{
	struct hf_test_thread reader;

	meet();
	config_rcu_init(&meeting.place, config_of(1));
	hf_test_spawn(&reader, stay, NULL);
	await(&meeting.entered, 1);
	{
		hf_let(config_retired, old, config_rcu_replace(&meeting.place, config_of(2)));
	}
	HF_EXPECT_EQ(limit_of(&meeting.place), 2);
	for (int i = 0; i < 100; i++)
		hf_test_yield();
	HF_EXPECT_EQ(hf_sys_atomic_read(&meeting.left), 0);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	signal_one(&meeting.leave);
	hf_rcu_barrier();
	HF_EXPECT_EQ(hf_sys_atomic_read(&meeting.left), 1);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	hf_test_join(&reader);
	config_rcu_fini(&meeting.place);
}

static void take_back(void *unused)
{
	(void)unused;
	hf_let(config, c, config_rcu_wait(config_rcu_replace(&meeting.place, hf_empty(config_own))));
	HF_EXPECT_EQ(hf_sys_atomic_read(&meeting.left), 1);
	hf_sys_atomic_set(&meeting.waited, 1);
	/* Nobody reads it: this is no race. */
	hf_mut(c)->limit = hf_mut(c)->copy = 7;
}

HF_TEST(rcu, reader_holds_the_wait_up)
{
	struct hf_test_thread reader, waiter;

	meet();
	config_rcu_init(&meeting.place, config_of(1));
	hf_test_spawn(&reader, stay, NULL);
	await(&meeting.entered, 1);
	hf_test_spawn(&waiter, take_back, NULL);
	while (limit_of(&meeting.place) != -ENODEV)
		hf_test_yield();
	for (int i = 0; i < 100; i++)
		hf_test_yield();
	HF_EXPECT_EQ(hf_sys_atomic_read(&meeting.waited), 0);
	signal_one(&meeting.leave);
	hf_test_join(&waiter);
	hf_test_join(&reader);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
}

#define READERS		3
#define WRITERS		2
#define REPLACEMENTS	100

/* Long enough inside for a writer to come: what is read does not change meanwhile. */
static void read_long(void)
{
	hf_rcu_read_else(c, &meeting.place, return);
	const int limit = c->limit;

	signal_one(&meeting.entered);
	HF_EXPECT(limit > 0);
	for (int i = 0; i < 4; i++) {
		hf_test_relax();
		HF_EXPECT_EQ(hf_sys_read_once(&c->limit), limit);
		HF_EXPECT_EQ(hf_sys_read_once(&c->copy), limit);
	}
	signal_one(&meeting.reads);
}

static void read_on(void *unused)
{
	(void)unused;
	while (!hf_sys_atomic_read_acquire(&meeting.stop)) {
		read_long();
		hf_test_yield();
	}
}

/* Some of what is replaced is retired, some waited for, changed and dropped; each after one more read has begun. */
static void replace_on(void *first)
{
	for (int i = 0; i < REPLACEMENTS; i++) {
		const int begun = hf_sys_atomic_read(&meeting.entered);

		await(&meeting.entered, begun + 1);
		hf_let(config_retired, old, config_rcu_replace(&meeting.place, config_of(*(const int *)first + i)));

		if (i % 10)
			continue;
		hf_let(config, c, config_rcu_wait(hf_move(old)));
		hf_mut(c)->limit = hf_mut(c)->copy = -2;
	}
}

HF_TEST(rcu, readers_and_writers_at_once)
{
	static const int first[WRITERS] = { 1000, 2000 };
	struct hf_test_thread readers[READERS], writers[WRITERS];

	meet();
	config_rcu_init(&meeting.place, config_of(1));
	for (int i = 0; i < READERS; i++)
		hf_test_spawn(&readers[i], read_on, NULL);
	await(&meeting.reads, READERS);
	for (int i = 0; i < WRITERS; i++)
		hf_test_spawn(&writers[i], replace_on, (void *)(unsigned long)&first[i]);
	for (int i = 0; i < WRITERS; i++)
		hf_test_join(&writers[i]);
	signal_one(&meeting.stop);
	for (int i = 0; i < READERS; i++)
		hf_test_join(&readers[i]);
	hf_rcu_barrier();
	/* All but the one that is published. */
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), WRITERS * REPLACEMENTS);
	config_rcu_fini(&meeting.place);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), WRITERS * REPLACEMENTS + 1);
}

/* A drop function may read what is published elsewhere, on the thread that RCU calls it on. */
struct watcher {
	struct hf_rcu_head rcu;
	int seen;
};

static hf_sys_atomic seen;

static void watcher_free(struct watcher *w)
{
	hf_sys_atomic_set(&seen, limit_of(&meeting.place));
	hf_free(w);
}

HF_RCU_DEFINE(watcher, struct watcher, rcu, watcher_free);

HF_TEST(rcu, drop_function_reads)
{
	static struct watcher_rcu place;

	meet();
	hf_sys_atomic_init(&seen, 0);
	config_rcu_init(&meeting.place, config_of(6));
	watcher_rcu_init(&place, hf_expect(hf_new(watcher, GFP_KERNEL), "no failure is injected"));
	{
		hf_let(watcher_retired, old, watcher_rcu_replace(&place, hf_empty(watcher_own)));
	}
	hf_rcu_barrier();
	HF_EXPECT_EQ(hf_sys_atomic_read(&seen), 6);
	config_rcu_fini(&meeting.place);
}

#endif
