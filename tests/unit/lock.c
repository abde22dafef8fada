// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* lock.h: every kind of lock, guards, data that another object's lock guards. */
#include <holdfast/lock.h>
#include <holdfast/result.h>
#include <holdfast/wait.h>

#include "harness.h"

struct stats {
	int hits;
	int inside;
};

HF_LOCKED_DEFINE(mutex_stats, mutex, struct stats);
HF_LOCKED_DEFINE(rwsem_stats, rwsem, struct stats);
HF_LOCKED_DEFINE(spinlock_stats, spinlock, struct stats);
HF_LOCKED_DEFINE(spinlock_bh_stats, spinlock_bh, struct stats);
HF_LOCKED_DEFINE(spinlock_irq_stats, spinlock_irq, struct stats);
HF_LOCKED_DEFINE(raw_spinlock_stats, raw_spinlock, struct stats);
HF_LOCKED_DEFINE(raw_spinlock_irq_stats, raw_spinlock_irq, struct stats);
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

/* Threads count without atomics: a lost update shows that the lock does not exclude. */
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
EXCLUDES(rwsem, hf_write_lock)
EXCLUDES(spinlock, hf_lock)
EXCLUDES(spinlock_bh, hf_lock)
EXCLUDES(spinlock_irq, hf_lock)
EXCLUDES(raw_spinlock, hf_lock)
EXCLUDES(raw_spinlock_irq, hf_lock)
EXCLUDES(rwlock, hf_write_lock)

/* --- trylocks --------------------------------------------------------------------------------- */

/* Another thread tries for the lock: while @hold holds it, and when it is free again. */
#define TRIES(name, kind, hold, enter)							\
	static struct kind##_stats name##_tried;					\
											\
	static int name##_try(void)							\
	{										\
		enter(s, &name##_tried, HF_TRY, return -EBUSY);				\
		return s->hits;								\
	}										\
											\
	static void name##_thread(void *got)						\
	{										\
		*(int *)got = name##_try();						\
	}										\
											\
	static int name##_in_thread(void)						\
	{										\
		struct hf_test_thread thread;						\
		static int got;								\
											\
		hf_test_spawn(&thread, name##_thread, &got);				\
		hf_test_join(&thread);							\
		return got;								\
	}										\
											\
	HF_TEST(lock, name)								\
	{										\
		INIT(&name##_tried);							\
		HF_EXPECT_EQ(name##_in_thread(), 0);					\
		{									\
			hold(s, &name##_tried);						\
			HF_EXPECT_EQ(name##_in_thread(), name##_free_while_held);	\
			HF_EXPECT_EQ(s->inside, 0);					\
		}									\
		HF_EXPECT_EQ(name##_in_thread(), 0);					\
		/* The other thread has released it. */					\
		HF_EXPECT_EQ(name##_try(), 0);						\
		hf_lock_fini(&name##_tried);						\
	}

enum {
	mutex_tried_free_while_held = -EBUSY,
	rwsem_written_free_while_held = -EBUSY,
	rwsem_written_while_read_free_while_held = -EBUSY,
	rwsem_read_while_written_free_while_held = -EBUSY,
	rwsem_read_while_read_free_while_held = 0,
};

/* Only for sleeping locks: a thread is joined while the lock is held. */
TRIES(mutex_tried, mutex, hf_lock, hf_lock_else)
TRIES(rwsem_written, rwsem, hf_write_lock, hf_write_lock_else)
TRIES(rwsem_written_while_read, rwsem, hf_read_lock, hf_write_lock_else)
TRIES(rwsem_read_while_written, rwsem, hf_write_lock, hf_read_lock_else)
TRIES(rwsem_read_while_read, rwsem, hf_read_lock, hf_read_lock_else)

/* For spinning locks the holder is a thread that reports that it has the lock, and spins. */
#define SPINS(kind, hold, enter)							\
	static struct kind##_stats kind##_spun;						\
	static int kind##_holds, kind##_release;					\
											\
	static void kind##_hold(void *unused)						\
	{										\
		(void)unused;								\
		hold(s, &kind##_spun);							\
		hf_sys_write_once(&kind##_holds, 1);					\
		HF_TEST_SPIN_UNTIL(hf_sys_read_once(&kind##_release), 60000);		\
		s->hits++;								\
	}										\
											\
	static int kind##_spin_try(void)						\
	{										\
		enter(s, &kind##_spun, HF_TRY, return -EBUSY);				\
		return s->hits;								\
	}										\
											\
	HF_TEST(lock, kind##_tries)							\
	{										\
		struct hf_test_thread thread;						\
											\
		INIT(&kind##_spun);							\
		kind##_holds = kind##_release = 0;					\
		HF_EXPECT_EQ(kind##_spin_try(), 0);					\
		hf_test_spawn(&thread, kind##_hold, NULL);				\
		while (!hf_sys_read_once(&kind##_holds))				\
			hf_test_yield();						\
		HF_EXPECT_EQ(kind##_spin_try(), -EBUSY);				\
		HF_EXPECT_EQ(kind##_spin_try(), -EBUSY);				\
		hf_sys_write_once(&kind##_release, 1);					\
		hf_test_join(&thread);							\
		HF_EXPECT_EQ(kind##_spin_try(), 1);					\
		HF_EXPECT_EQ(kind##_spin_try(), 1);					\
		hf_lock_fini(&kind##_spun);						\
	}

SPINS(spinlock, hf_lock, hf_lock_else)
SPINS(spinlock_bh, hf_lock, hf_lock_else)
SPINS(raw_spinlock, hf_lock, hf_lock_else)
SPINS(rwlock, hf_write_lock, hf_read_lock_else)

/* With interrupts off a thread cannot wait for another one, but it can try for a lock. */
HF_TEST(lock, irq_kinds_try)
{
	struct spinlock_irq_stats a;
	struct raw_spinlock_irq_stats b;
	struct rwlock_stats c;
	int n = 0;

	INIT(&a);
	INIT(&b);
	INIT(&c);
	for (int i = 0; i < 3; i++) {
		hf_lock_else(x, &a, HF_TRY, break);
		hf_lock_else(y, &b, HF_TRY, break);
		hf_write_lock_else(z, &c, HF_TRY, break);
		n += ++x->hits + ++y->hits + ++z->hits;
	}
	HF_EXPECT_EQ(n, 3 + 6 + 9);
	hf_lock_fini(&a);
	hf_lock_fini(&b);
	hf_lock_fini(&c);
}

static struct mutex_stats contended;
static int leave_by(int how)
{
	int turns = 0;

	for (int i = 0; i < 2; i++) {
		turns += 10;
		if (how == 0) {
			hf_lock_else(s, &contended, HF_TRY, return turns + 1);
			turns += s->hits;
		}
		if (how == 1) {
			hf_lock_else(s, &contended, HF_TRY, break);
			turns += s->hits;
		}
		if (how == 2) {
			hf_lock_else(s, &contended, HF_TRY, continue);
			turns += s->hits;
		}
		if (how == 3) {
			hf_lock_else(s, &contended, HF_TRY, { turns += 2; goto out; });
			turns += s->hits;
		}
	}
	return turns;
out:
	return turns + 4;
}

static void leave_by_each(void *unused)
{
	static const int given[] = { 11, 10, 20, 16 };

	(void)unused;
	for (int how = 0; how < 4; how++)
		HF_EXPECT_EQ(leave_by(how), given[how]);
}

HF_TEST(lock, the_statement_that_leaves_is_ordinary_c)
{
	struct hf_test_thread thread;

	INIT(&contended);
	for (int how = 0; how < 4; how++)
		HF_EXPECT_EQ(leave_by(how), 20);
	{
		hf_lock(s, &contended);
		hf_test_spawn(&thread, leave_by_each, NULL);
		hf_test_join(&thread);
		HF_EXPECT_EQ(s->hits, 0);
	}
	for (int how = 0; how < 4; how++)
		HF_EXPECT_EQ(leave_by(how), 20);
	hf_lock_fini(&contended);
}

static struct mutex_stats signalled;
static struct rwsem_stats signalled_sem;

static int enter_interruptible(void)
{
	hf_lock_else(s, &signalled, HF_INTERRUPTIBLE, return -EINTR);
	return ++s->hits;
}

static int enter_killable(void)
{
	hf_lock_else(s, &signalled, HF_KILLABLE, return -EINTR);
	return ++s->hits;
}

static int read_interruptible(void)
{
	hf_read_lock_else(s, &signalled_sem, HF_INTERRUPTIBLE, return -EINTR);
	return s->hits;
}

static int read_killable(void)
{
	hf_read_lock_else(s, &signalled_sem, HF_KILLABLE, return -EINTR);
	return s->hits;
}

static int write_killable(void)
{
	hf_write_lock_else(s, &signalled_sem, HF_KILLABLE, return -EINTR);
	return ++s->hits;
}

static int (*const enter_with_signals[])(void) = {
	enter_interruptible, enter_killable, write_killable, read_interruptible, read_killable,
};

/* Another thread holds the lock: the kernel's locks notice a signal only when they wait. */
static void is_interrupted(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < HF_TEST_COUNT(enter_with_signals); i++) {
		hf_test_signal_begin();
		HF_EXPECT_EQ(enter_with_signals[i](), -EINTR);
		hf_test_signal_end();
	}
}

HF_TEST(lock, signal_ends_the_wait_for_it)
{
	static const int given[] = { 1, 2, 1, 1, 1 };
	struct hf_test_thread thread;

	INIT(&signalled);
	INIT(&signalled_sem);
	{
		hf_lock(s, &signalled);
		hf_write_lock(t, &signalled_sem);
		hf_test_spawn(&thread, is_interrupted, NULL);
		hf_test_join(&thread);
		HF_EXPECT_EQ(s->hits + t->hits, 0);
	}
	for (size_t i = 0; i < HF_TEST_COUNT(enter_with_signals); i++)
		HF_EXPECT_EQ(enter_with_signals[i](), given[i]);
	hf_lock_fini(&signalled);
	hf_lock_fini(&signalled_sem);
}

HF_TEST(lock, nested)
{
	static struct mutex_stats m[2];
	static struct spinlock_stats s[2];
	static struct spinlock_bh_stats bh[2];
	static struct spinlock_irq_stats irq[2];
	static struct raw_spinlock_stats raw[2];
	static struct raw_spinlock_irq_stats raw_irq[2];

	for (int i = 0; i < 2; i++) {
		INIT(&m[i]);
		INIT(&s[i]);
		INIT(&bh[i]);
		INIT(&irq[i]);
		INIT(&raw[i]);
		INIT(&raw_irq[i]);
	}
#define NESTED(array)									\
	do {										\
		{									\
			hf_lock(outer, &array[0]);					\
			hf_lock_nested(inner, &array[1], 1);				\
			outer->hits++;							\
			inner->hits += 2;						\
		}									\
		hf_lock(outer, &array[0]);						\
		HF_EXPECT_EQ(outer->hits, 1);						\
		hf_lock_nested(inner, &array[1], 7);					\
		HF_EXPECT_EQ(inner->hits, 2);						\
	} while (0)
	NESTED(m);
	NESTED(s);
	NESTED(bh);
	NESTED(irq);
	NESTED(raw);
	NESTED(raw_irq);
}

/* --- locks that are released for a while ------------------------------------------------------ */

static int hit_from_thread(struct mutex_stats *l);

static void hit_it(void *l)
{
	hf_lock(s, (struct mutex_stats *)l);
	s->hits++;
}

static int hit_from_thread(struct mutex_stats *l)
{
	struct hf_test_thread thread;

	hf_test_spawn(&thread, hit_it, l);
	hf_test_join(&thread);
	return 0;
}

static int give_up(struct mutex_stats *l, int how)
{
	hf_lock(s, l);
	for (int i = 0; i < 2; i++) {
		hf_unlocked(s);
		hit_from_thread(l);
		if (how == 0)
			return 1;
		if (how == 1)
			break;
		if (how == 2)
			continue;
		if (how == 3)
			goto out;
		{
			/* The lock is released, so this thread can take it. */
			hf_lock(again, l);
			again->hits++;
		}
	}
	hf_held(l)->hits += 10;
	return s->hits;
out:
	hf_held(l)->hits += 100;
	return s->hits;
}

HF_TEST(lock, is_given_up_for_a_scope_and_held_again)
{
	static const int given[] = { 1, 12, 24, 125, 139 };
	static struct mutex_stats l;

	INIT(&l);
	for (int how = 0; how < 5; how++)
		HF_EXPECT_EQ(give_up(&l, how), given[how]);
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(s->hits, 139);
	}
	hf_lock_fini(&l);
}

/* hf_unlocked() and the guard's end restore the interrupts: a thread can be joined. */
HF_TEST(lock, each_kind_is_given_up)
{
#define GIVE_UP(kind, enter)								\
	do {										\
		static struct kind##_stats l;						\
		static struct mutex_stats m;						\
											\
		INIT(&l);								\
		INIT(&m);								\
		{									\
			enter(s, &l);							\
			s->hits = 1;							\
			{								\
				hf_unlocked(s);						\
				hit_from_thread(&m);					\
				enter(again, &l);					\
				again->hits++;						\
			}								\
			HF_EXPECT_EQ(s->hits, 2);					\
		}									\
		hit_from_thread(&m);							\
		hf_lock(n, &m);								\
		HF_EXPECT_EQ(n->hits, 2);						\
	} while (0)
	GIVE_UP(mutex, hf_lock);
	GIVE_UP(rwsem, hf_write_lock);
	GIVE_UP(spinlock, hf_lock);
	GIVE_UP(spinlock_bh, hf_lock);
	GIVE_UP(spinlock_irq, hf_lock);
	GIVE_UP(raw_spinlock, hf_lock);
	GIVE_UP(raw_spinlock_irq, hf_lock);
	GIVE_UP(rwlock, hf_write_lock);
}

/* --- guards as arguments ---------------------------------------------------------------------- */

static int hit_by(struct mutex_stats_guard lent, struct mutex_stats *l)
{
	hf_use_guard(s, lent);
	s->hits++;
	{
		hf_unlocked(s);
		hit_from_thread(l);
	}
	return s->hits;
}

static int hit_by_two(struct mutex_stats_guard lent, struct mutex_stats *l)
{
	hf_use_guard(s, lent);
	int n = hit_by(hf_lend_guard(s), l);

	return s->hits * 10 + n;
}

HF_TEST(lock, guard_is_lent)
{
	static struct mutex_stats l;

	INIT(&l);
	{
		hf_lock(s, &l);
		HF_EXPECT_EQ(hit_by(hf_lend_guard(s), &l), 2);
		HF_EXPECT_EQ(hit_by_two(hf_lend_guard(s), &l), 44);
		HF_EXPECT_EQ(s->hits, 4);
		HF_EXPECT_PTR_EQ(hf_held(&l), s);
	}
	hit_from_thread(&l);
	hf_lock_fini(&l);
}

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
		/* The second reader enters while this one is inside. */
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

/* Writers and readers run at once: a reader sees both fields as one writer left them. */
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
	/* The number of rounds is fixed: readers that ran until the writers end could starve them. */
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
		/* Deadlocks, or is a violation, if the round before left the lock held. */
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

HF_LOCKED_BY_DEFINE(counted_by_mutex, mutex_stats, int);
HF_CONDVAR_DEFINE(mutex_stats);

static int uses;

static struct mutex_stats *used(struct mutex_stats *l)
{
	uses++;
	return l;
}

static struct rwsem_stats *used_sem(struct rwsem_stats *l)
{
	uses++;
	return l;
}

HF_TEST_UNANALYZED(lock, every_operand_is_evaluated_once)
{
	static struct mutex_stats l;
	static struct rwsem_stats r;
	static struct counted_by_mutex by[2];
	struct counted_by_mutex *x = by;
	struct mutex_stats_condvar cv[2], *c = cv;
	unsigned int ms = 0;

	hf_cond_init(&cv[0]);
#define ONCE(n, statement)								\
	do {										\
		uses = 0;								\
		statement;								\
		HF_EXPECT_EQ(uses, n);							\
	} while (0)
	ONCE(1, hf_lock_init(used(&l)));
	ONCE(1, hf_lock_init(used_sem(&r)));
	/* SAFETY: there is no other thread. */
	ONCE(1, hf_lock_get_mut_unchecked(used(&l))->hits = 0);
	ONCE(1, { hf_lock(s, used(&l)); s->hits++; });
	ONCE(1, { hf_lock_nested(s, used(&l), 1); s->hits++; });
	ONCE(1, { hf_lock_else(s, used(&l), HF_TRY, return); s->hits++; });
	ONCE(1, { hf_read_lock(s, used_sem(&r)); (void)s; });
	ONCE(1, { hf_write_lock(s, used_sem(&r)); s->hits = 0; });
	ONCE(1, { hf_read_lock_else(s, used_sem(&r), HF_TRY, return); (void)s; });
	ONCE(1, { hf_write_lock_else(s, used_sem(&r), HF_KILLABLE, return); s->hits = 0; });
	ONCE(1, hf_locked_by_init(x++, used(&l)));
	HF_EXPECT_PTR_EQ(x, &by[1]);
	x = by;
	{
		hf_lock(s, &l);
		ONCE(1, hf_held(used(&l))->hits++);
		ONCE(1, *hf_access(x++, used(&l)) = 1);
		HF_EXPECT_PTR_EQ(x, &by[1]);
		HF_EXPECT_EQ(hf_wait_timeout(c++, s, ms++), -ETIMEDOUT);
		HF_EXPECT_PTR_EQ(c--, &cv[1]);
		HF_EXPECT_EQ(ms, 1);
		HF_EXPECT_EQ(hf_wait_until(c++, s, hf_deadline_in(ms++), HF_KILLABLE), -ETIMEDOUT);
		HF_EXPECT_PTR_EQ(c--, &cv[1]);
		HF_EXPECT_EQ(ms, 2);
		hf_notify_one(c++);
		HF_EXPECT_PTR_EQ(c--, &cv[1]);
		hf_notify_all(c++);
		HF_EXPECT_PTR_EQ(c--, &cv[1]);
		HF_EXPECT_EQ(s->hits, 4);
	}
	{
		hf_read_lock(s, &r);
		ONCE(1, HF_EXPECT_PTR_EQ(hf_held_shared(used_sem(&r)), s));
	}
	hf_cond_fini(c++);
	HF_EXPECT_PTR_EQ(c--, &cv[1]);
	hf_cond_init(c++);
	HF_EXPECT_PTR_EQ(c, &cv[1]);
	ONCE(1, hf_lock_fini(used(&l)));
	ONCE(1, hf_lock_fini(used_sem(&r)));
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

/* A shared owner gives a pointer to const; the locked data can still change. */
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
		/* The lock is held for reading only. */
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

/* Zeroed memory looks like a lock that is free. */
HF_TEST(lock, one_that_is_not_initialised_is_a_violation)
{
	static struct mutex_stats m;
	static struct rwlock_stats r;

	if (!HF_DEBUG)
		return;
	HF_EXPECT_VIOLATION(HF_LOCK) {
		hf_lock(g, &m);
		g->hits++;
	}
	HF_EXPECT_VIOLATION(HF_LOCK) {
		hf_read_lock(g, &r);
		HF_EXPECT_EQ(g->hits, 0);
	}
	INIT(&m);
	{
		hf_lock(g, &m);
		g->hits++;
	}
	hf_lock_fini(&m);
	HF_EXPECT_VIOLATION(HF_LOCK) {
		hf_lock(g, &m);
		g->hits++;
	}
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
	/* The guards from before the violations have released their locks. */
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

/* --- data that another object's lock guards --------------------------------------------------- */

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

/* --- locks that were there before ------------------------------------------------------------- */

#define PRIM(kind, l)	((struct hf_sys_##kind *)(unsigned long)(l))

/*
 * Of each kind a structure with a lock and data, with the marks and without, and what the front doors and the back
 * end's functions, which are the kernel's, see of each other.
 */
#define BESIDE(kind, enter, enter_else)							\
	struct kind##_plain {								\
		char name[3];								\
		hf_sys_##kind##_lock lock;						\
		char flag;								\
		struct stats s;								\
	};										\
	struct kind##_port {								\
		char name[3];								\
		hf_sys_##kind##_lock lock;						\
		char flag;								\
		HF_LOCK_IS(lock, kind);							\
		struct stats s HF_GUARDED_BY(lock);					\
	};										\
	_Static_assert(sizeof(struct kind##_port) == sizeof(struct kind##_plain) &&	\
		       offsetof(struct kind##_port, s) == offsetof(struct kind##_plain, s), "nothing moves"); \
	static struct kind##_port kind##_beside;					\
											\
	static void kind##_port_init(struct kind##_port *p)				\
	{										\
		hf_sys_##kind##_init(PRIM(kind, &p->lock), HF_SYS_LOCK_CLASS(#kind));	\
		enter(g, hf_lock_of(p, lock));						\
		p->s = (struct stats){ 0 };						\
	}										\
											\
	static void kind##_beside_count(void *unused)					\
	{										\
		(void)unused;								\
		for (int i = 0; i < ROUNDS; i++) {					\
			enter(g, hf_lock_of(&kind##_beside, lock));			\
			enter_and_leave(&kind##_beside.s);				\
		}									\
	}										\
											\
	HF_TEST(lock, kind##_beside_its_data_excludes)					\
	{										\
		struct hf_test_thread threads[THREADS];					\
											\
		kind##_port_init(&kind##_beside);					\
		for (int i = 0; i < THREADS; i++)					\
			hf_test_spawn(&threads[i], kind##_beside_count, NULL);		\
		for (int i = 0; i < THREADS; i++)					\
			hf_test_join(&threads[i]);					\
		enter(g, hf_lock_of(&kind##_beside, lock));				\
		HF_EXPECT_EQ(kind##_beside.s.hits, THREADS * ROUNDS);			\
	}										\
											\
	/* Whether the lock can be taken by the function that the driver used before. */ \
	static bool kind##_free(const struct kind##_port *p)				\
	{										\
		unsigned long flags = 0;						\
											\
		if (hf_sys_##kind##_acquire(PRIM(kind, &p->lock), false, HF_TRY, 0, &flags)) \
			return false;							\
		hf_sys_##kind##_release(PRIM(kind, &p->lock), false, flags);		\
		return true;								\
	}										\
											\
	static int kind##_beside_try(struct kind##_port *p)				\
	{										\
		enter_else(g, hf_lock_of(p, lock), HF_TRY, return -EBUSY);		\
		return ++p->s.hits;							\
	}										\
											\
	HF_TEST(lock, kind##_beside_its_data_is_the_drivers_own)			\
	{										\
		unsigned long flags = 0;						\
		struct kind##_port p;							\
											\
		kind##_port_init(&p);							\
		for (int i = 0; i < 2; i++) {						\
			enter(g, hf_lock_of(&p, lock));					\
			HF_EXPECT(!kind##_free(&p));					\
			{								\
				hf_unlocked(g);						\
				HF_EXPECT(kind##_free(&p));				\
			}								\
			HF_EXPECT(!kind##_free(&p));					\
			p.s.hits++;							\
			if (i)								\
				break;							\
		}									\
		HF_EXPECT(kind##_free(&p));						\
		HF_EXPECT_EQ(kind##_beside_try(&p), 3);					\
		HF_EXPECT_EQ(hf_sys_##kind##_acquire(PRIM(kind, &p.lock), false, HF_UNINTERRUPTIBLE, 0, &flags), 0); \
		HF_EXPECT_EQ(kind##_beside_try(&p), -EBUSY);				\
		hf_sys_##kind##_release(PRIM(kind, &p.lock), false, flags);		\
		HF_EXPECT_EQ(kind##_beside_try(&p), 4);					\
		hf_sys_##kind##_fini(PRIM(kind, &p.lock));				\
	}

BESIDE(mutex, hf_lock, hf_lock_else)
BESIDE(rwsem, hf_write_lock, hf_write_lock_else)
BESIDE(spinlock, hf_lock, hf_lock_else)
BESIDE(spinlock_bh, hf_lock, hf_lock_else)
BESIDE(spinlock_irq, hf_lock, hf_lock_else)
BESIDE(raw_spinlock, hf_lock, hf_lock_else)
BESIDE(raw_spinlock_irq, hf_lock, hf_lock_else)
BESIDE(rwlock, hf_write_lock, hf_write_lock_else)

/* Readers share the lock with each other, and not with a writer. */
#define READERS(kind)									\
	HF_TEST(lock, kind##_beside_its_data_is_shared_by_readers)			\
	{										\
		unsigned long flags = 0;						\
		struct kind##_port p;							\
											\
		kind##_port_init(&p);							\
		{									\
			hf_read_lock(g, hf_lock_of(&p, lock));				\
			HF_EXPECT(!kind##_free(&p));					\
			HF_EXPECT_EQ(p.s.hits, 0);					\
			if (hf_sys_##kind##_acquire(PRIM(kind, &p.lock), true, HF_TRY, 0, &flags)) \
				hf_test_fail_(__FILE__, __LINE__, "a second reader has to wait"); \
			else								\
				hf_sys_##kind##_release(PRIM(kind, &p.lock), true, flags); \
		}									\
		HF_EXPECT(kind##_free(&p));						\
		do {									\
			hf_read_lock_else(g, hf_lock_of(&p, lock), HF_TRY, break);	\
			HF_EXPECT(!kind##_free(&p));					\
		} while (0);								\
		HF_EXPECT_EQ(kind##_beside_try(&p), 1);					\
		hf_sys_##kind##_fini(PRIM(kind, &p.lock));				\
	}

READERS(rwsem)
READERS(rwlock)

static int bump_beside(struct mutex_port *p) HF_REQUIRES(hf_lock_of(p, lock));
static int bump_beside(struct mutex_port *p)
{
	return ++p->s.hits;
}

static void take_beside(void *arg)
{
	struct mutex_port *const p = arg;

	hf_lock_else(g, hf_lock_of(p, lock), HF_INTERRUPTIBLE, return);
	bump_beside(p);
}

static void take_with_signals(void *p)
{
	hf_test_signal_begin();
	take_beside(p);
	hf_test_signal_end();
}

HF_TEST(lock, signal_ends_the_wait_for_one_beside_its_data)
{
	struct hf_test_thread thread;
	static struct mutex_port p;

	mutex_port_init(&p);
	{
		hf_lock(g, hf_lock_of(&p, lock));
		hf_test_spawn(&thread, take_with_signals, &p);
		hf_test_join(&thread);
		HF_EXPECT_EQ(p.s.hits, 0);
	}
	take_beside(&p);
	hf_lock(g, hf_lock_of(&p, lock));
	HF_EXPECT_EQ(bump_beside(&p), 2);
}

/* Two locks in one structure, and one of each of two objects. */
struct two_locks {
	hf_sys_mutex_lock slow;
	HF_LOCK_IS(slow, mutex);
	int slowly HF_GUARDED_BY(slow);
	hf_sys_spinlock_lock fast;
	HF_LOCK_IS(fast, spinlock);
	int quickly HF_GUARDED_BY(fast);
};

HF_TEST(lock, several_beside_their_data)
{
	static struct two_locks t = { .slowly = 1, .quickly = 10 };
	struct two_locks *const same = &t;
	static struct mutex_port first, second;

	hf_sys_mutex_init(PRIM(mutex, &t.slow), HF_SYS_LOCK_CLASS("slow"));
	hf_sys_spinlock_init(PRIM(spinlock, &t.fast), HF_SYS_LOCK_CLASS("fast"));
	{
		hf_lock(g, hf_lock_of(&t, slow));
		t.slowly++;
		{
			hf_lock(h, hf_lock_of(same, fast));
			t.quickly++;
			HF_EXPECT_EQ(t.slowly + same->quickly, 13);
		}
		HF_EXPECT_EQ(t.slowly, 2);
	}
	mutex_port_init(&first);
	mutex_port_init(&second);
	{
		hf_lock(outer, hf_lock_of(&first, lock));
		hf_lock_nested(inner, hf_lock_of(&second, lock), 1);
		first.s.hits++;
		second.s.hits += 2;
		HF_EXPECT(!mutex_free(&first));
		HF_EXPECT(!mutex_free(&second));
	}
	HF_EXPECT(mutex_free(&first));
	HF_EXPECT(mutex_free(&second));
	hf_sys_mutex_fini(PRIM(mutex, &t.slow));
	hf_sys_spinlock_fini(PRIM(spinlock, &t.fast));
}
