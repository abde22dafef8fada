// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* lock.h: every kind of lock, guards, data that a lock elsewhere guards. */
#include <holdfast/lock.h>
#include <holdfast/result.h>
#include <holdfast/wait.h>

#include "harness.h"

struct stats {
	int hits;
	int inside;
};

HF_LOCKED_DEFINE(mutex_stats, mutex, struct stats);
HF_LOCKED_DEFINE(spinlock_stats, spinlock, struct stats);
HF_LOCKED_DEFINE(spinlock_irq_stats, spinlock_irq, struct stats);
HF_LOCKED_DEFINE(rwlock_stats, rwlock, struct stats);

#define INIT(l)										\
	do {										\
		hf_lock_init(l);							\
		/* SAFETY: not shared yet. */						\
		*hf_lock_get_mut_unchecked(l) = (struct stats){ 0 };			\
	} while (0)

/* --- mutual exclusion ------------------------------------------------------------------------- */

#define THREADS	4
#define ROUNDS	4000

static void enter_and_leave(struct stats *s)
{
	HF_EXPECT_EQ(s->inside++, 0);
	s->hits++;
	HF_EXPECT_EQ(--s->inside, 0);
}

/* Threads that count without atomics: a lost update is a lock that does not exclude. */
#define EXCLUDES(kind, enter)								\
	static struct kind##_stats kind##_shared;					\
											\
	static void kind##_count(void *unused)						\
	{										\
		(void)unused;								\
		for (int i = 0; i < ROUNDS; i++) {					\
			enter(s, &kind##_shared);					\
			enter_and_leave(s);						\
		}									\
	}										\
											\
	HF_TEST(lock, kind##_excludes)							\
	{										\
		struct hf_test_thread threads[THREADS];					\
											\
		INIT(&kind##_shared);							\
		for (int i = 0; i < THREADS; i++)					\
			hf_test_spawn(&threads[i], kind##_count, NULL);			\
		for (int i = 0; i < THREADS; i++)					\
			hf_test_join(&threads[i]);					\
		{									\
			enter(s, &kind##_shared);					\
			HF_EXPECT_EQ(s->hits, THREADS * ROUNDS);			\
		}									\
		hf_lock_fini(&kind##_shared);						\
	}

EXCLUDES(mutex, hf_lock)
EXCLUDES(spinlock, hf_lock)
EXCLUDES(spinlock_irq, hf_lock)
EXCLUDES(rwlock, hf_write_lock)

/* --- readers and writers ---------------------------------------------------------------------- */

static struct rwlock_stats rw;
static struct hf_completion go;
static int order, writer_at, reader_at, second_is_in, entered;

static int next_in_order(void)
{
	return __atomic_add_fetch(&order, 1, __ATOMIC_ACQ_REL);
}

static void second_reader(void *unused)
{
	(void)unused;
	hf_completion_wait(&go);
	hf_read_lock(s, &rw);
	HF_EXPECT_EQ(s->hits, 7);
	hf_sys_write_once(&second_is_in, 1);
}

HF_TEST(lock, readers_share)
{
	struct hf_test_thread thread;

	INIT(&rw);
	hf_completion_init(&go);
	second_is_in = 0;
	hf_test_spawn(&thread, second_reader, NULL);
	{
		hf_write_lock(s, &rw);
		s->hits = 7;
	}
	{
		hf_read_lock(s, &rw);
		hf_complete(&go);
		/* It gets in while this one is in. */
		HF_TEST_SPIN_UNTIL(hf_sys_read_once(&second_is_in), 10000);
		HF_EXPECT_EQ(hf_sys_read_once(&second_is_in), 1);
		HF_EXPECT_EQ(s->hits, 7);
	}
	hf_test_join(&thread);
	hf_completion_fini(&go);
	hf_lock_fini(&rw);
}

static void writer(void *unused)
{
	(void)unused;
	hf_completion_wait(&go);
	hf_sys_write_once(&entered, 1);
	hf_write_lock(s, &rw);
	s->hits = 1;
	writer_at = next_in_order();
}

static void reader(void *unused)
{
	(void)unused;
	hf_completion_wait(&go);
	hf_sys_write_once(&entered, 1);
	hf_read_lock(s, &rw);
	HF_EXPECT_EQ(s->hits, 2);
	reader_at = next_in_order();
}

HF_TEST(lock, reader_excludes_writers)
{
	struct hf_test_thread thread;

	INIT(&rw);
	hf_completion_init(&go);
	order = entered = 0;
	hf_test_spawn(&thread, writer, NULL);
	{
		hf_read_lock(s, &rw);
		hf_complete(&go);
		HF_TEST_SPIN_UNTIL(hf_sys_read_once(&entered), 10000);
		HF_TEST_SPIN_UNTIL(false, 20);
		HF_EXPECT_EQ(s->hits, 0);
		HF_EXPECT_EQ(next_in_order(), 1);
	}
	hf_test_join(&thread);
	HF_EXPECT_EQ(writer_at, 2);
	hf_completion_fini(&go);
	hf_lock_fini(&rw);
}

HF_TEST(lock, writer_excludes_readers)
{
	struct hf_test_thread thread;

	INIT(&rw);
	hf_completion_init(&go);
	order = entered = 0;
	hf_test_spawn(&thread, reader, NULL);
	{
		hf_write_lock(s, &rw);
		hf_complete(&go);
		HF_TEST_SPIN_UNTIL(hf_sys_read_once(&entered), 10000);
		HF_TEST_SPIN_UNTIL(false, 20);
		s->hits = 2;
		HF_EXPECT_EQ(next_in_order(), 1);
	}
	hf_test_join(&thread);
	HF_EXPECT_EQ(reader_at, 2);
	hf_completion_fini(&go);
	hf_lock_fini(&rw);
}

/* Writers and readers at a time: a reader sees both fields as one writer left them. */
static struct rwlock_stats pair;

static void write_pairs(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		hf_write_lock(s, &pair);
		s->hits++;
		s->inside--;
	}
}

static void read_pairs(void *unused)
{
	int last = 0;

	(void)unused;
	/* Not until the writers are done: readers may keep them out as long as they come. */
	for (int i = 0; i < ROUNDS; i++) {
		hf_read_lock(s, &pair);
		HF_EXPECT_EQ(s->hits + s->inside, 0);
		HF_EXPECT(s->hits >= last);
		last = s->hits;
	}
}

HF_TEST(lock, readers_see_no_half_write)
{
	struct hf_test_thread threads[4];

	INIT(&pair);
	hf_test_spawn(&threads[0], write_pairs, NULL);
	hf_test_spawn(&threads[1], read_pairs, NULL);
	hf_test_spawn(&threads[2], write_pairs, NULL);
	hf_test_spawn(&threads[3], read_pairs, NULL);
	for (int i = 0; i < 4; i++)
		hf_test_join(&threads[i]);
	{
		hf_read_lock(s, &pair);
		HF_EXPECT_EQ(s->hits, 2 * ROUNDS);
	}
	hf_lock_fini(&pair);
}

/* --- guards ----------------------------------------------------------------------------------- */

static int leave_early(struct mutex_stats *l, int how)
{
	for (int i = 0; i < 3; i++) {
		hf_lock(s, l);
		s->hits++;
		if (how == 0)
			return s->hits;
		if (how == 1)
			break;
		if (how == 2)
			continue;
		if (how == 3)
			goto out;
	}
	{
		hf_lock(s, l);
		return s->hits;
	}
out:
	{
		hf_lock(s, l);
		return -s->hits;
	}
}

HF_TEST(lock, is_released_on_every_way_out)
{
	static const int given[] = { 1, 2, 5, -6 };
	struct mutex_stats l;

	INIT(&l);
	for (int how = 0; how < 4; how++) {
		/* Deadlock, or a violation, if the one before had left it held. */
		HF_EXPECT_EQ(leave_early(&l, how), given[how]);
	}
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(s->hits, 6);
	}
	hf_lock_fini(&l);
}

static int try_under_lock(struct mutex_stats *l, bool fail)
{
	hf_lock(s, l);
	hf_try_errno(fail ? -EBUSY : 0);
	return s->hits++;
}

HF_TEST(lock, is_released_by_a_try_that_returns)
{
	struct mutex_stats l;

	INIT(&l);
	HF_EXPECT_EQ(try_under_lock(&l, true), -EBUSY);
	HF_EXPECT_EQ(try_under_lock(&l, false), 0);
	HF_EXPECT_EQ(try_under_lock(&l, false), 1);
	hf_lock_fini(&l);
}

HF_TEST(lock, evaluates_its_operand_once)
{
	struct mutex_stats l[2];
	struct mutex_stats *p = l;

	INIT(&l[0]);
	INIT(&l[1]);
	{
		hf_lock(s, p++);
		s->hits = 3;
	}
	HF_EXPECT_PTR_EQ(p, &l[1]);
	{
		hf_lock(s, &l[0]);
		HF_EXPECT_EQ(s->hits, 3);
	}
	hf_lock_fini(&l[0]);
	hf_lock_fini(&l[1]);
}

HF_TEST(lock, several_at_a_time)
{
	struct spinlock_irq_stats a;
	struct spinlock_stats b;
	struct mutex_stats c;

	INIT(&a);
	INIT(&b);
	INIT(&c);
	{
		hf_lock(x, &c);
		hf_lock(y, &b);
		hf_lock(z, &a);

		x->hits = 1;
		y->hits = 2;
		z->hits = 3;
	}
	{
		hf_lock(x, &c);
		hf_lock(y, &b);
		hf_lock(z, &a);

		HF_EXPECT_EQ(x->hits + 10 * y->hits + 100 * z->hits, 321);
	}
	hf_lock_fini(&a);
	hf_lock_fini(&b);
	hf_lock_fini(&c);
}

/* As a shared owner gives it: the object is const, the data inside changes. */
static int hit(const struct mutex_stats *l)
{
	hf_lock(s, l);
	return ++s->hits;
}

static int peek(const struct rwlock_stats *l)
{
	hf_read_lock(s, l);
	return s->hits;
}

HF_TEST(lock, a_const_pointer_is_enough)
{
	struct mutex_stats l;
	struct rwlock_stats r;

	INIT(&l);
	INIT(&r);
	HF_EXPECT_EQ(hit(&l), 1);
	HF_EXPECT_EQ(hit(&l), 2);
	HF_EXPECT_EQ(peek(&r), 0);
	hf_lock_fini(&l);
	hf_lock_fini(&r);
}

HF_TEST(lock, init_leaves_the_data)
{
	struct spinlock_stats l;
	struct rwlock_stats r;

	/* SAFETY: not shared yet. */
	*hf_lock_get_mut_unchecked(&l) = (struct stats){ .hits = 5, .inside = 6 };
	*hf_lock_get_mut_unchecked(&r) = (struct stats){ .hits = 7, .inside = 8 };
	hf_lock_init(&l);
	hf_lock_init(&r);
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(s->hits, 5);
		HF_EXPECT_EQ(s->inside, 6);
	}
	{
		hf_read_lock(s, &r);
		HF_EXPECT_EQ(s->hits, 7);
		HF_EXPECT_EQ(s->inside, 8);
	}
	hf_lock_fini(&l);
	hf_lock_fini(&r);
}

/* --- held ------------------------------------------------------------------------------------- */

static int bump(struct mutex_stats *l) HF_REQUIRES(l);
static int bump(struct mutex_stats *l)
{
	return ++hf_held(l)->hits;
}

static int look(const struct rwlock_stats *l) HF_REQUIRES_SHARED(l);
static int look(const struct rwlock_stats *l)
{
	return hf_held_shared(l)->hits;
}

HF_TEST(lock, held_is_the_data)
{
	struct mutex_stats l;
	struct rwlock_stats r;

	INIT(&l);
	INIT(&r);
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(bump(&l), 1);
		HF_EXPECT_PTR_EQ(hf_held(&l), s);
		HF_EXPECT_EQ(s->hits, 1);
	}
	{
		hf_write_lock(s, &r);
		s->hits = 4;
		HF_EXPECT_EQ(look(&r), 4);
		HF_EXPECT_PTR_EQ(hf_held(&r), s);
	}
	{
		hf_read_lock(s, &r);
		HF_EXPECT_EQ(look(&r), 4);
		HF_EXPECT_PTR_EQ(hf_held_shared(&r), s);
	}
	hf_lock_fini(&l);
	hf_lock_fini(&r);
}

HF_TEST_UNANALYZED(lock, held_while_it_is_not_is_a_violation)
{
	static struct mutex_stats l;
	static struct rwlock_stats r;

	INIT(&l);
	INIT(&r);
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_held(&l)->hits++;
		}
		{
			hf_lock(s, &l);
			hf_held(&l)->hits++;
		}
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_held(&l)->hits++;
		}
		hf_read_lock(s, &r);
		/* Held for reading only. */
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_held(&r)->hits++;
		}
	}
	hf_lock_fini(&l);
}

static struct mutex_stats held_elsewhere;

HF_UNANALYZED static void touch_what_another_holds(void *unused)
{
	(void)unused;
	HF_EXPECT_VIOLATION(HF_LOCK) {
		hf_held(&held_elsewhere)->hits++;
	}
}

HF_TEST(lock, held_by_another_thread_is_a_violation)
{
	struct hf_test_thread thread;

	INIT(&held_elsewhere);
	if (HF_DEBUG) {
		hf_lock(s, &held_elsewhere);
		hf_test_spawn(&thread, touch_what_another_holds, NULL);
		hf_test_join(&thread);
		HF_EXPECT_EQ(s->hits, 0);
	}
	hf_lock_fini(&held_elsewhere);
}

HF_TEST_UNANALYZED(lock, taken_twice_is_a_violation)
{
	static struct mutex_stats m;
	static struct spinlock_stats l;
	static struct rwlock_stats r;

	INIT(&m);
	INIT(&l);
	INIT(&r);
	if (HF_DEBUG) {
		hf_lock(a, &m);
		hf_lock(b, &l);
		hf_write_lock(c, &r);

		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_lock(again, &m);
			again->hits++;
		}
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_lock(again, &l);
			again->hits++;
		}
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_write_lock(again, &r);
			again->hits++;
		}
		HF_EXPECT_VIOLATION(HF_LOCK) {
			hf_read_lock(again, &r);
			a->hits = again->hits;
		}
		HF_EXPECT_EQ(a->hits + b->hits + c->hits, 0);
	}
	/* The first ones are released all the same. */
	{
		hf_lock(a, &m);
		hf_lock(b, &l);
		hf_write_lock(c, &r);
		HF_EXPECT_EQ(a->hits + b->hits + c->hits, 0);
	}
	hf_lock_fini(&m);
	hf_lock_fini(&l);
	hf_lock_fini(&r);
}

/* --- data that a lock in another object guards ------------------------------------------------ */

HF_LOCKED_BY_DEFINE(by_mutex, mutex_stats, int);

struct element {
	struct by_mutex state;
};

HF_TEST(lock, locked_by_gives_the_data_under_its_lock)
{
	struct mutex_stats l;
	struct element e[2];

	INIT(&l);
	hf_locked_by_init(&e[0].state, &l);
	hf_locked_by_init(&e[1].state, &l);
	{
		hf_lock(s, &l);
		*hf_access(&e[0].state, &l) = 3;
		*hf_access(&e[1].state, &l) = 4;
		HF_EXPECT_EQ(s->hits, 0);
	}
	{
		hf_lock(s, &l);
		s->hits = *hf_access(&e[0].state, &l) + *hf_access(&e[1].state, &l);
		HF_EXPECT_EQ(s->hits, 7);
	}
	hf_lock_fini(&l);
}

HF_TEST(lock, locked_by_another_lock_is_a_violation)
{
	static struct mutex_stats l, other;
	static struct element e;

	INIT(&l);
	INIT(&other);
	hf_locked_by_init(&e.state, &l);
	{
		hf_lock(s, &l);
		*hf_access(&e.state, &l) = s->hits + 1;
	}
	{
		hf_lock(s, &other);
		HF_EXPECT_VIOLATION(HF_LOCK) {
			*hf_access(&e.state, &other) = s->hits + 2;
		}
	}
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(*hf_access(&e.state, &l), s->hits + 1);
	}
	hf_lock_fini(&l);
	hf_lock_fini(&other);
}

HF_TEST(lock, locked_by_nothing_is_a_violation)
{
	static struct mutex_stats l;
	static struct element e;

	INIT(&l);
	e = (struct element){ .state = { .by_ = NULL } };
	{
		hf_lock(s, &l);
		HF_EXPECT_VIOLATION(HF_LOCK) {
			*hf_access(&e.state, &l) = s->hits + 2;
		}
	}
	hf_lock_fini(&l);
}

HF_TEST_UNANALYZED(lock, locked_by_without_the_lock_is_a_violation)
{
	static struct mutex_stats l;
	static struct element e;

	INIT(&l);
	hf_locked_by_init(&e.state, &l);
	if (HF_DEBUG) {
		HF_EXPECT_VIOLATION(HF_LOCK) {
			*hf_access(&e.state, &l) = 1;
		}
	}
	hf_lock_fini(&l);
}
