// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* thread.h: threads that own their data, how they are stopped, and what that does to their waits. */
#include <holdfast/arc.h>
#include <holdfast/pin.h>
#include <holdfast/thread.h>
#include <holdfast/wait.h>

#include "harness.h"

HF_CONDVAR_DEFINE(locked_state);

struct state {
	bool ready;
	int turns;		/* waits that ended */
	int err;		/* of the last wait */
	struct locked_state_condvar changed;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct job {
	struct hf_refs refs;
	struct locked_state state;
	struct hf_completion entered, leave;
	int value;
};

static int destroyed, turns_at_end, err_at_end;

static int job_init(struct job *j, int value)
{
	hf_lock_init(&j->state);
	/* SAFETY: not shared yet. */
	hf_cond_init(&hf_lock_get_mut_unchecked(&j->state)->changed);
	hf_completion_init(&j->entered);
	hf_completion_init(&j->leave);
	j->value = value;
	return 0;
}

static void job_destroy(struct job *j)
{
	destroyed++;
	hf_completion_fini(&j->leave);
	hf_completion_fini(&j->entered);
	{
		hf_lock(s, &j->state);
		turns_at_end = s->turns;
		err_at_end = s->err;
		hf_cond_fini(&s->changed);
	}
	hf_lock_fini(&j->state);
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

HF_THREAD_DEFINE(adder, job_own, add_one);
HF_THREAD_DEFINE(idler, job_arc, idle);
HF_THREAD_DEFINE(finisher, job_arc, finish_first);
HF_THREAD_DEFINE(blocker, job_arc, block);
HF_THREAD_DEFINE(killable, job_arc, idle_interruptibly);

static struct job_arc new_job(int value)
{
	return hf_expect(hf_new_arc_with(job, GFP_KERNEL, job_init, value), "there is memory");
}

/* The data of a unique owner is the thread's alone. */
static int add_one(struct job *j HF_NOESCAPE)
{
	return ++j->value;
}

static int idle(const struct job *j HF_NOESCAPE)
{
	hf_lock(s, &j->state);

	hf_complete(&j->entered);
	while (!hf_thread_should_stop())
		hf_wait(&s->changed, s);
	return j->value;
}

static int idle_interruptibly(const struct job *j HF_NOESCAPE)
{
	hf_lock(s, &j->state);

	hf_complete(&j->entered);
	while (!hf_thread_should_stop())
		if (hf_wait_interruptible(&s->changed, s))
			return -EIO;
	s->err = hf_wait_interruptible(&s->changed, s);
	return 0;
}

/* What is under way is finished, whoever asks to stop. */
static int finish_first(const struct job *j HF_NOESCAPE)
{
	hf_lock(s, &j->state);

	hf_complete(&j->entered);
	while (!s->ready) {
		hf_wait(&s->changed, s);
		s->turns++;
	}
	while (!hf_thread_should_stop())
		hf_wait(&s->changed, s);
	return 0;
}

static int block(const struct job *j HF_NOESCAPE)
{
	hf_complete(&j->entered);
	hf_completion_wait(&j->leave);
	hf_lock(s, &j->state);
	s->turns = 100;
	return 0;
}

/* --- begin and end ------------------------------------------------------------------------------- */

HF_TEST(thread, join_gives_the_value)
{
	destroyed = 0;
	{
		hf_let(adder, t, hf_expect(hf_thread_spawn(adder, "adder",
				hf_expect(hf_new_with(job, GFP_KERNEL, job_init, 41), "there is memory"), GFP_KERNEL),
				"a thread can be made"));

		HF_EXPECT_EQ(hf_thread_join(adder, hf_move(t)), 42);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

HF_TEST(thread, drop_stops_a_thread_that_waits)
{
	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(1));
		hf_let(idler, t, hf_expect(hf_thread_spawn(idler, "idler", hf_clone(j), GFP_KERNEL), "a thread can be made"));

		hf_completion_wait(&hf_ref(j)->entered);
		/* Held until the wait: now the thread waits. */
		{
			hf_borrow(r, j);
			hf_lock(s, &r->state);
		}
		hf_drop(idler, t);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
}

/* Wherever the request meets the thread: before it began, before its wait, in it. */
HF_TEST(thread, no_request_is_lost)
{
	destroyed = 0;
	for (int i = 0; i < 300; i++) {
		hf_let(idler, t, hf_expect(hf_thread_spawn(idler, "idler", new_job(i), GFP_KERNEL), "a thread can be made"));

		for (int n = 0; n < i % 7; n++)
			hf_test_yield();
	}
	HF_EXPECT_EQ(destroyed, 300);
}

HF_TEST(thread, only_a_thread_is_asked)
{
	HF_EXPECT(!hf_thread_should_stop());
}

static int spawn(void *unused)
{
	hf_let_arc(job, j, hf_try(hf_new_arc_with(job, GFP_KERNEL, job_init, 1)));
	hf_let(idler, t, hf_try(hf_thread_spawn(idler, "idler", hf_move(j), GFP_KERNEL)));

	(void)unused;
	return 0;
}

HF_TEST(thread, nothing_leaks_when_it_cannot_begin)
{
	destroyed = 0;
	HF_EXPECT_EQ(hf_test_fail_each_alloc(spawn, NULL), 3);
	/* Of the later failures, and of the success. */
	HF_EXPECT_EQ(destroyed, 3);
}

HF_TEST_UNANALYZED(thread, nothing_to_join)
{
	struct adder_own none = hf_empty(adder_own);

	(void)none;
	HF_EXPECT_VIOLATION(HF_MOVED) {
		HF_EXPECT_EQ(hf_thread_join(adder, hf_take(none)), 0);
	}
}

/* --- waits --------------------------------------------------------------------------------------- */

/* In the field of an object that two threads see. */
struct dropper {
	struct hf_test_thread thread;
	struct finisher_own finisher;
	struct blocker_own blocker;
	struct hf_completion begun;
	int over;		/* by hf_sys_write_once() */
};

static void drop_both(void *arg)
{
	struct dropper *d = arg;

	hf_complete(&d->begun);
	finisher_own_drop(&d->finisher);
	blocker_own_drop(&d->blocker);
	hf_sys_write_once(&d->over, 1);
}

static void begin_drop(struct dropper *d)
{
	hf_completion_init(&d->begun);
	d->over = 0;
	hf_test_spawn(&d->thread, drop_both, d);
	hf_completion_wait(&d->begun);
	/* A drop that does not wait has every chance to be over, and a loop that does not sleep to be seen. */
	for (int i = 0; i < 200; i++)
		hf_test_yield();
	HF_EXPECT_EQ(hf_sys_read_once(&d->over), 0);
}

static void end_drop(struct dropper *d)
{
	hf_test_join(&d->thread);
	HF_EXPECT_EQ(d->over, 1);
	hf_completion_fini(&d->begun);
}

HF_TEST(thread, request_ends_one_wait)
{
	static struct dropper d;

	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(0));

		hf_set(d.finisher, hf_expect(hf_thread_spawn(finisher, "finisher", hf_clone(j), GFP_KERNEL),
					     "a thread can be made"));
		hf_completion_wait(&hf_ref(j)->entered);
		begin_drop(&d);
		{
			hf_borrow(r, j);
			hf_lock(s, &r->state);
			s->ready = true;
			hf_notify_all(&s->changed);
		}
		end_drop(&d);
	}
	HF_EXPECT_EQ(destroyed, 1);
	/* For the request, if it came in time, for the wake-up that belongs to it, and for the news. */
	HF_EXPECT(turns_at_end >= 1 && turns_at_end <= 3);
}

HF_TEST(thread, interruptible_wait_is_interrupted_later)
{
	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(0));
		hf_let(killable, t, hf_expect(hf_thread_spawn(killable, "killable", hf_clone(j), GFP_KERNEL),
					      "a thread can be made"));

		hf_completion_wait(&hf_ref(j)->entered);
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(err_at_end, -EINTR);
}

HF_TEST(thread, drop_waits_for_the_thread)
{
	static struct dropper d;

	destroyed = 0;
	{
		hf_let_arc(job, j, new_job(0));

		hf_set(d.blocker, hf_expect(hf_thread_spawn(blocker, "blocker", hf_clone(j), GFP_KERNEL),
					    "a thread can be made"));
		hf_completion_wait(&hf_ref(j)->entered);
		begin_drop(&d);
		hf_complete(&hf_ref(j)->leave);
		end_drop(&d);
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(turns_at_end, 100);
}
