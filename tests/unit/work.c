// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* work.h: who owns a queued object, cancelling, delays, and the end of a workqueue. */
#include <holdfast/arc.h>
#include <holdfast/pin.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

#include "harness.h"

struct counts {
	int runs;
	int again;		/* how often the callback queues its object again */
	int err;		/* of the last such attempt */
	bool blocks;		/* until the test lets it go */
};

HF_LOCKED_DEFINE(locked_counts, spinlock, struct counts);

struct job {
	struct hf_refs refs;
	struct hf_work work;
	struct hf_delayed_work later;
	struct locked_counts counts;
	struct hf_completion entered, leave, left;
	int number;
};

static int destroyed, runs_at_end, next_place, place_of[4];
static struct hf_workqueue_own queue;	/* where callbacks queue their object again; empty: the system's */
static struct hf_completion *ended;	/* a job; NULL: nobody waits for that */

static void job_destroy(struct job *j)
{
	{
		hf_lock(c, &j->counts);
		runs_at_end = c->runs;
	}
	destroyed++;
	hf_completion_fini(&j->left);
	hf_completion_fini(&j->leave);
	hf_completion_fini(&j->entered);
	hf_lock_fini(&j->counts);
	if (ended)
		hf_complete(ended);
}

static void job_release(struct job *j)
{
	hf_free(j);
}

static void job_end(struct job *j)
{
	job_destroy(j);
	hf_free(j);
}

HF_ARC_DEFINE(job, struct job, refs, job_destroy, job_release);
HF_OWN_DEFINE(job, struct job, job_end);

HF_WORK_DEFINE(shared, job_arc, struct job, work, run_shared);
HF_WORK_DEFINE(unique, job_own, struct job, work, run_unique);
HF_WORK_DEFINE(in_order, job_arc, struct job, work, note_place);
HF_DELAYED_WORK_DEFINE(later, job_arc, struct job, later, run_later);
HF_DELAYED_WORK_DEFINE(unique_later, job_own, struct job, later, run_unique_later);

/* What the object's items are depends on its owner. */
static int init_parts(struct job *j, int number)
{
	hf_lock_init(&j->counts);
	hf_completion_init(&j->entered);
	hf_completion_init(&j->leave);
	hf_completion_init(&j->left);
	j->number = number;
	return 0;
}

static int job_init(struct job *j, int number)
{
	hf_work_init(shared, j);
	hf_work_init(later, j);
	return init_parts(j, number);
}

static int unique_init(struct job *j, int number)
{
	hf_work_init(unique, j);
	hf_work_init(unique_later, j);
	return init_parts(j, number);
}

static int ordered_init(struct job *j, int number)
{
	hf_work_init(in_order, j);
	return init_parts(j, number);
}

static struct job_arc new_job(int number)
{
	return hf_expect(hf_new_arc_with(job, GFP_KERNEL, job_init, number), "there is memory");
}

static struct job_own new_unique(void)
{
	return hf_expect(hf_new_with(job, GFP_KERNEL, unique_init, 0), "there is memory");
}

static void set_again(const struct job *j, int n)
{
	hf_lock(c, &j->counts);

	c->again = n;
}

static void set_blocks(const struct job *j)
{
	hf_lock(c, &j->counts);

	c->blocks = true;
}

static int runs_of(const struct job *j)
{
	hf_lock(c, &j->counts);

	return c->runs;
}

static int err_of(const struct job *j)
{
	hf_lock(c, &j->counts);

	return c->err;
}

static const struct hf_workqueue *again_queue(void)
{
	return hf_is_empty((queue)) ? hf_system_workqueue() : hf_ref((queue));
}

/* Counts a run; true if the object shall be queued again. */
static bool enter(const struct job *j)
{
	bool blocks;

	{
		hf_lock(c, &j->counts);
		c->runs++;
		blocks = c->blocks;
	}
	hf_complete(&j->entered);
	if (blocks)
		hf_completion_wait(&j->leave);
	hf_lock(c, &j->counts);
	return c->again && c->again--;
}

static void leave(const struct job *j, int err)
{
	{
		hf_lock(c, &j->counts);
		c->err = err;
	}
	hf_complete(&j->left);
}

static void run_shared(struct job_arc given)
{
	hf_let_arc(job, j, given);
	int err = 0;

	if (enter(hf_ref(j)))
		err = hf_work_queue(shared, again_queue(), hf_clone(j));
	leave(hf_ref(j), err);
}

static void run_later(struct job_arc given)
{
	hf_let_arc(job, j, given);
	int err = 0;

	if (enter(hf_ref(j)))
		err = hf_work_queue_in(later, again_queue(), hf_clone(j), 10);
	leave(hf_ref(j), err);
}

/* Ends the object, or passes it on. */
static void run_unique(struct job_own given)
{
	hf_let(job, j, given);

	if (enter(hf_ref(j)))
		HF_EXPECT_EQ(hf_work_queue(unique, again_queue(), hf_move(j)), 0);
}

static void run_unique_later(struct job_own given)
{
	hf_let(job, j, given);

	if (enter(hf_ref(j)))
		HF_EXPECT_EQ(hf_work_queue_in(unique_later, again_queue(), hf_move(j), 0), 0);
}

static void note_place(struct job_arc given)
{
	hf_let_arc(job, j, given);

	place_of[hf_ref(j)->number] = next_place++;
}

static struct hf_workqueue_own new_queue(unsigned int at_once)
{
	return hf_expect(hf_workqueue_new("holdfast_test", at_once, GFP_KERNEL), "a workqueue can be made");
}

/* A thing that does not happen has every chance to. */
static void let_others_run(void)
{
	for (int i = 0; i < 200; i++)
		hf_test_yield();
}

/* --- who owns ------------------------------------------------------------------------------------ */

HF_TEST(work, queue_has_a_reference)
{
	destroyed = 0;
	{
		hf_let(hf_workqueue, wq, new_queue(1));
		hf_let_arc(job, j, new_job(0));

		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(j)), 0);
		hf_completion_wait(&hf_ref(j)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
		/* The queue's is the only one now. */
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_move(j)), 0);
		hf_drop(hf_workqueue, wq);
		HF_EXPECT_EQ(destroyed, 1);
		HF_EXPECT_EQ(runs_at_end, 2);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

/* A unique owner moves in, and ends once: after the run. */
HF_TEST(work, unique_owner_ends_once)
{
	struct hf_completion end;

	destroyed = 0;
	hf_completion_init(&end);
	ended = &end;
	{
		hf_let(job, j, new_unique());

		hf_set((queue), new_queue(2));
		set_again(hf_ref(j), 3);
		HF_EXPECT_EQ(hf_work_queue(unique, hf_ref((queue)), hf_move(j)), 0);
		/* The one that is queued in the callback has to get in before the end. */
		hf_completion_wait(&end);
		HF_EXPECT_EQ(runs_at_end, 4);
		hf_workqueue_own_drop(&queue);
	}
	HF_EXPECT_EQ(destroyed, 1);
	ended = NULL;
	hf_completion_fini(&end);
}

HF_TEST(work, system_queue_runs)
{
	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(0));

		set_again(hf_ref(j), 1);
		HF_EXPECT_EQ(hf_work_queue(shared, hf_system_workqueue(), hf_clone(j)), 0);
		hf_completion_wait(&hf_ref(j)->left);
		hf_completion_wait(&hf_ref(j)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 2);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_system_workqueue(), hf_clone(j), 1), 0);
		hf_completion_wait(&hf_ref(j)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 3);
		/* The callbacks have their references until they return. */
		HF_EXPECT_ERR(hf_work_cancel_wait(shared, hf_ref(j)), -ENOENT);
		HF_EXPECT_ERR(hf_work_cancel_wait(later, hf_ref(j)), -ENOENT);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

HF_TEST(work, queued_twice)
{
	destroyed = 0;
	{
		hf_let(hf_workqueue, wq, new_queue(1));
		hf_let_arc(job, blocker, new_job(0));
		hf_let_arc(job, j, new_job(1));

		set_blocks(hf_ref(blocker));
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(blocker)), 0);
		hf_completion_wait(&hf_ref(blocker)->entered);
		/* It runs, and can be queued; then it is. */
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(blocker)), 0);
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(blocker)), -EEXIST);
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(j)), 0);
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(j)), -EEXIST);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref(wq), hf_clone(j), 0), 0);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref(wq), hf_clone(j), 0), -EEXIST);
		hf_complete_all(&hf_ref(blocker)->leave);
		hf_drop(hf_workqueue, wq);
		HF_EXPECT_EQ(runs_of(hf_ref(blocker)), 2);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 2);
		HF_EXPECT_EQ(destroyed, 0);
	}
	/* The second references were put. */
	HF_EXPECT_EQ(destroyed, 2);
}

HF_TEST(work, one_after_another)
{
	{
		hf_let(hf_workqueue, wq, new_queue(1));
		hf_let_arc(job, blocker, new_job(0));

		next_place = 0;
		set_blocks(hf_ref(blocker));
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(blocker)), 0);
		hf_completion_wait(&hf_ref(blocker)->entered);
		for (int i = 0; i < 4; i++) {
			hf_let_arc(job, j, hf_expect(hf_new_arc_with(job, GFP_KERNEL, ordered_init, i), "there is memory"));

			place_of[i] = -1;
			HF_EXPECT_EQ(hf_work_queue(in_order, hf_ref(wq), hf_move(j)), 0);
		}
		let_others_run();
		HF_EXPECT_EQ(hf_sys_read_once(&place_of[0]), -1);
		hf_complete(&hf_ref(blocker)->leave);
		hf_drop(hf_workqueue, wq);
	}
	for (int i = 0; i < 4; i++)
		HF_EXPECT_EQ(place_of[i], i);
}

/* As the other queues, in order and not, now and later. */
HF_TEST(work, reclaim_queue_runs)
{
	for (unsigned int at_once = 0; at_once < 2; at_once++) {
		destroyed = 0;
		{
			hf_let(hf_workqueue, wq, hf_expect(hf_workqueue_new_reclaim("holdfast_test", at_once, GFP_KERNEL),
							   "a workqueue can be made"));
			hf_let_arc(job, j, new_job(0));

			HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(j)), 0);
			hf_completion_wait(&hf_ref(j)->left);
			HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
			HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref(wq), hf_move(j), 1000000), 0);
			hf_drop(hf_workqueue, wq);
			HF_EXPECT_EQ(runs_at_end, 2);
			HF_EXPECT_EQ(destroyed, 1);
		}
	}
}

/* --- cancelling ---------------------------------------------------------------------------------- */

HF_TEST(work, cancel_gives_the_reference_back)
{
	destroyed = 0;
	{
		hf_let(hf_workqueue, wq, new_queue(1));
		hf_let_arc(job, blocker, new_job(0));
		hf_let_arc(job, j, new_job(1));

		HF_EXPECT_ERR(hf_work_cancel(shared, hf_ref(j)), -ENOENT);
		HF_EXPECT_ERR(hf_work_cancel(later, hf_ref(j)), -ENOENT);
		set_blocks(hf_ref(blocker));
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(blocker)), 0);
		hf_completion_wait(&hf_ref(blocker)->entered);
		/* Cancelled, it can be queued again. */
		for (int i = 0; i < 3; i++) {
			HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(wq), hf_clone(j)), 0);
			HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref(wq), hf_clone(j), 1000000), 0);
			{
				hf_let_arc(job, back, hf_expect(hf_work_cancel(shared, hf_ref(j)), "it was queued"));
				hf_let_arc(job, too, hf_expect(hf_work_cancel_wait(later, hf_ref(j)), "it was queued"));

				HF_EXPECT_PTR_EQ(hf_ref(back), hf_ref(j));
				HF_EXPECT_PTR_EQ(hf_ref(too), hf_ref(j));
			}
			HF_EXPECT_ERR(hf_work_cancel_wait(shared, hf_ref(j)), -ENOENT);
			HF_EXPECT_ERR(hf_work_cancel(later, hf_ref(j)), -ENOENT);
		}
		hf_complete(&hf_ref(blocker)->leave);
		hf_drop(hf_workqueue, wq);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 0);
	}
	HF_EXPECT_EQ(destroyed, 2);
}

struct canceller {
	struct hf_test_thread thread;
	struct hf_completion begun;
	const struct job *job;
	bool delayed;
	int err;
	int over;		/* by hf_sys_write_once() */
};

static int cancel_both(const struct job *j, bool delayed)
{
	hf_let_arc(job, back, hf_try(delayed ? hf_work_cancel_wait(later, j) : hf_work_cancel_wait(shared, j)));

	return 0;
}

static void cancel(void *arg)
{
	struct canceller *c = arg;

	hf_complete(&c->begun);
	c->err = cancel_both(c->job, c->delayed);
	hf_sys_write_once(&c->over, 1);
}

static void begin_cancel(struct canceller *c, const struct job *j, bool delayed)
{
	hf_completion_init(&c->begun);
	c->job = j;
	c->delayed = delayed;
	c->over = 0;
	hf_test_spawn(&c->thread, cancel, c);
	hf_completion_wait(&c->begun);
	let_others_run();
	HF_EXPECT_EQ(hf_sys_read_once(&c->over), 0);
}

static void end_cancel(struct canceller *c)
{
	hf_test_join(&c->thread);
	HF_EXPECT_EQ(c->over, 1);
	hf_completion_fini(&c->begun);
}

/* Of one that runs, queued again or not.  Nobody can queue it in the meantime, not even its callback. */
HF_TEST(work, cancel_waits_for_the_callback)
{
	static struct canceller c;

	destroyed = 0;
	for (int delayed = 0; delayed < 2; delayed++) {
		for (int queued = 0; queued < 2; queued++) {
			hf_let_arc(job, j, new_job(0));

			hf_set((queue), new_queue(2));
			set_blocks(hf_ref(j));
			set_again(hf_ref(j), 1);
			for (int i = 0; i <= queued; i++) {
				if (delayed)
					HF_EXPECT_EQ(hf_work_queue(later, hf_ref((queue)), hf_clone(j)), 0);
				else
					HF_EXPECT_EQ(hf_work_queue(shared, hf_ref((queue)), hf_clone(j)), 0);
				if (!i)
					hf_completion_wait(&hf_ref(j)->entered);
			}
			begin_cancel(&c, hf_ref(j), delayed);
			hf_complete(&hf_ref(j)->leave);
			end_cancel(&c);
			HF_EXPECT_EQ(c.err, queued ? 0 : -ENOENT);
			HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
			HF_EXPECT_EQ(err_of(hf_ref(j)), -EEXIST);
			hf_workqueue_own_drop(&queue);
		}
	}
	HF_EXPECT_EQ(destroyed, 4);
}

/* --- delays -------------------------------------------------------------------------------------- */

HF_TEST(work, delayed_item_runs)
{
	destroyed = 0;
	{
		hf_let(hf_workqueue, wq, new_queue(1));
		hf_let_arc(job, j, new_job(0));
		hf_let(job, u, new_unique());

		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref(wq), hf_clone(j), 1), 0);
		HF_EXPECT_EQ(hf_work_queue_in(unique_later, hf_ref(wq), hf_move(u), 1), 0);
		hf_completion_wait(&hf_ref(j)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
		hf_drop(hf_workqueue, wq);
		HF_EXPECT_EQ(destroyed, 1);
	}
	HF_EXPECT_EQ(destroyed, 2);
}

#ifdef HF_TEST_CLOCK

HF_TEST(work, delayed_item_waits_for_its_time)
{
	hf_user_clock_stop(NULL, NULL);
	{
		hf_let_arc(job, a, new_job(0));
		hf_let_arc(job, b, new_job(1));

		hf_set((queue), new_queue(2));
		set_again(hf_ref(a), 1);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref((queue)), hf_clone(b), 30), 0);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref((queue)), hf_clone(a), 10), 0);
		hf_user_clock_sync(1);
		hf_user_clock_advance(9);
		hf_user_clock_sync(1);
		let_others_run();
		HF_EXPECT_EQ(runs_of(hf_ref(a)), 0);
		hf_user_clock_advance(1);
		hf_completion_wait(&hf_ref(a)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(a)), 1);
		/* It asked for 10 ms more: at 20. */
		hf_user_clock_sync(1);
		hf_user_clock_advance(9);
		hf_user_clock_sync(1);
		let_others_run();
		HF_EXPECT_EQ(runs_of(hf_ref(a)), 1);
		hf_user_clock_advance(1);
		hf_completion_wait(&hf_ref(a)->left);
		HF_EXPECT_EQ(runs_of(hf_ref(a)), 2);
		HF_EXPECT_EQ(runs_of(hf_ref(b)), 0);
		hf_user_clock_sync(1);
		hf_user_clock_advance(10);
		hf_completion_wait(&hf_ref(b)->left);
		hf_workqueue_own_drop(&queue);
	}
	hf_user_clock_start();
}

#endif

/* --- the end of a workqueue ---------------------------------------------------------------------- */

/* What waits for a far time runs now, and what is queued again does not get in. */
HF_TEST(work, drop_runs_what_is_queued)
{
	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(0));

		/* One thread, which ends them all. */
		hf_set((queue), new_queue(1));
		for (int i = 0; i < 20; i++)
			HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref((queue)), new_job(i), 1000000), 0);
		HF_EXPECT_EQ(hf_work_queue_in(later, hf_ref((queue)), hf_clone(j), 1000000), 0);
		set_again(hf_ref(j), 1);
		hf_workqueue_own_drop(&queue);
		HF_EXPECT_EQ(destroyed, 20);
		HF_EXPECT_EQ(runs_at_end, 1);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
		HF_EXPECT_EQ(err_of(hf_ref(j)), -ESHUTDOWN);
	}
	HF_EXPECT_EQ(destroyed, 21);
}

struct dropper {
	struct hf_test_thread thread;
	struct hf_workqueue_own wq;
	struct hf_completion begun;
	int over;		/* by hf_sys_write_once() */
};

static void drop(void *arg)
{
	struct dropper *d = arg;

	hf_complete(&d->begun);
	hf_workqueue_own_drop(&d->wq);
	hf_sys_write_once(&d->over, 1);
}

HF_TEST(work, drop_waits_for_the_callback)
{
	static struct dropper d;

	destroyed = 0;
	hf_completion_init(&d.begun);
	d.over = 0;
	{
		hf_let_arc(job, j, new_job(0));

		set_blocks(hf_ref(j));
		hf_set(d.wq, new_queue(1));
		HF_EXPECT_EQ(hf_work_queue(shared, hf_ref(d.wq), hf_clone(j)), 0);
		hf_completion_wait(&hf_ref(j)->entered);
		hf_test_spawn(&d.thread, drop, &d);
		hf_completion_wait(&d.begun);
		let_others_run();
		HF_EXPECT_EQ(hf_sys_read_once(&d.over), 0);
		hf_complete(&hf_ref(j)->leave);
		hf_test_join(&d.thread);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), 1);
	}
	hf_completion_fini(&d.begun);
	HF_EXPECT_EQ(destroyed, 1);
}

/* --- many threads -------------------------------------------------------------------------------- */

struct racer {
	struct hf_test_thread thread;
	const struct hf_workqueue *wq;
	const struct job *job;
	int queued, cancelled;
};

static void race(void *arg)
{
	struct racer *r = arg;

	for (int i = 0; i < 300; i++) {
		if (i % 3 == 0)
			r->queued += !hf_work_queue(shared, r->wq, hf_arc_from(job, r->job));
		else if (i % 3 == 1)
			r->queued += !hf_work_queue_in(later, r->wq, hf_arc_from(job, r->job), (unsigned int)i % 2);
		else
			r->cancelled += !cancel_both(r->job, i % 2);
	}
}

static void begin_race(struct racer *r, const struct hf_workqueue *wq, const struct job *j)
{
	r->wq = wq;
	r->job = j;
	r->queued = r->cancelled = 0;
	hf_test_spawn(&r->thread, race, r);
}

/* Each queueing is a run or a cancel. */
HF_TEST(work, queued_and_cancelled_by_all)
{
	int balance = 0;

	destroyed = 0;
	{
		hf_let(hf_workqueue, wq, new_queue(2));
		hf_let_arc(job, j, new_job(0));
		struct racer racers[3];

		for (size_t i = 0; i < HF_TEST_COUNT(racers); i++)
			begin_race(&racers[i], hf_ref(wq), hf_ref(j));
		for (size_t i = 0; i < HF_TEST_COUNT(racers); i++) {
			hf_test_join(&racers[i].thread);
			balance += racers[i].queued - racers[i].cancelled;
		}
		hf_drop(hf_workqueue, wq);
		HF_EXPECT_EQ(runs_of(hf_ref(j)), balance);
		HF_EXPECT(balance > 0);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

/* --- failures ------------------------------------------------------------------------------------ */

static int make_queues(void *unused)
{
	hf_let(hf_workqueue, wq, hf_try(hf_workqueue_new("holdfast_test", 1, GFP_KERNEL)));
	hf_let(hf_workqueue, other, hf_try(hf_workqueue_new_reclaim("holdfast_test", 1, GFP_KERNEL)));

	(void)unused;
	return 0;
}

HF_TEST(work, nothing_leaks_when_a_queue_cannot_be_made)
{
	HF_EXPECT_EQ(hf_test_fail_each_alloc(make_queues, NULL), 4);
}

#ifdef HF_TEST_CLOCK

static int make_wide_queue(void *unused)
{
	hf_let(hf_workqueue, wq, hf_try(hf_workqueue_new("holdfast_test", 100, GFP_KERNEL)));

	(void)unused;
	return 0;
}

/* Here each of its threads may be the one that cannot be made. */
HF_TEST(work, some_threads_of_a_queue_cannot_be_made)
{
	HF_EXPECT_EQ(hf_test_fail_each_alloc(make_wide_queue, NULL), 9);
}

#endif

HF_TEST_UNANALYZED(work, nothing_to_queue)
{
	struct job_arc none = hf_empty(job_arc);

	(void)none;
	HF_EXPECT_VIOLATION(HF_MOVED) {
		HF_EXPECT_EQ(hf_work_queue(shared, hf_system_workqueue(), hf_take(none)), 0);
	}
}
