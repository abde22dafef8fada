// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* revocable.h: who gets in, who waits for whom, and that what is inside is dropped once. */
#include <holdfast/arc.h>
#include <holdfast/revocable.h>

#include "harness.h"

struct window {
	int value;
	int copy;		/* always as value: read by guards, changed by the drop, without atomics */
};

/* Each test starts these; threads of a test share them. */
static hf_sys_atomic dropped, inside;

static void window_unmap(struct window *w)
{
	HF_EXPECT_EQ(hf_sys_atomic_read(&inside), 0);
	w->value = w->copy = -1;
	hf_sys_atomic_fetch_add_relaxed(&dropped, 1);
	hf_free(w);
}

HF_OWN_DEFINE(window, struct window, window_unmap);
HF_REVOCABLE_DEFINE(srcu_window, srcu, window_own);

static struct window_own window_of(int value)
{
	struct window_own w = hf_expect(hf_new(window, GFP_KERNEL), "no failure is injected");

	hf_bind_(&w.own);
	hf_mut(w)->value = hf_mut(w)->copy = value;
	return hf_move(w);
}

static void start(void)
{
	hf_sys_atomic_init(&dropped, 0);
	hf_sys_atomic_init(&inside, 0);
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

/* The value, or that it is gone. */
static int srcu_read(const struct srcu_window *r)
{
	hf_access_else(w, r, return -ENODEV);

	return w->value;
}

HF_TEST(revocable, gives_what_is_inside_until_it_is_revoked)
{
	static struct srcu_window r;

	start();
	/* Before init it is refused as well. */
	HF_EXPECT_EQ(srcu_read(&r), -ENODEV);
	HF_EXPECT(!srcu_window_revoke(&r));
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(7)), 0);
	HF_EXPECT_EQ(srcu_read(&r), 7);
	HF_EXPECT_EQ(srcu_read(&r), 7);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	HF_EXPECT(srcu_window_revoke(&r));
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	HF_EXPECT_EQ(srcu_read(&r), -ENODEV);
	HF_EXPECT(!srcu_window_revoke(&r));
	srcu_window_fini(&r);
	HF_EXPECT_EQ(srcu_read(&r), -ENODEV);
	HF_EXPECT(!srcu_window_revoke(&r));
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
}

HF_TEST(revocable, fini_revokes_and_a_second_one_does_nothing)
{
	static struct srcu_window r;

	start();
	srcu_window_fini(&r);
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(7)), 0);
	srcu_window_fini(&r);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	srcu_window_fini(&r);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	/* And it can be used again. */
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(8)), 0);
	HF_EXPECT_EQ(srcu_read(&r), 8);
	srcu_window_fini(&r);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2);
}

static int init_and_fini(void *revocable)
{
	struct srcu_window *r = revocable;

	hf_let(window, w, hf_try(hf_new(window, GFP_KERNEL)));
	hf_mut(w)->value = 9;
	hf_try_errno(srcu_window_init(r, hf_move(w)));
	HF_EXPECT_EQ(srcu_read(r), 9);
	srcu_window_fini(r);
	return 0;
}

HF_TEST(revocable, init_that_fails_drops_the_handle)
{
	static struct srcu_window r;

	start();
	HF_EXPECT_EQ(hf_test_fail_each_alloc(init_and_fini, &r), 2);
	/* Once because the domain had no memory, once by fini. */
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2);
	HF_EXPECT_EQ(srcu_read(&r), -ENODEV);
	HF_EXPECT(!srcu_window_revoke(&r));
	srcu_window_fini(&r);
}

HF_TEST(revocable, init_refuses_an_empty_handle)
{
	static struct srcu_window r;

	HF_EXPECT_VIOLATION(HF_MOVED) {
		HF_EXPECT_EQ(srcu_window_init(&r, hf_empty(window_own)), 0);
	}
	HF_EXPECT_EQ(srcu_read(&r), -ENODEV);
}

HF_TEST(revocable, guards_nest)
{
	static struct srcu_window r;

	start();
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(3)), 0);
	{
		hf_access_else(a, &r, return);
		hf_access_else(b, &r, return);

		HF_EXPECT_PTR_EQ(a, b);
		HF_EXPECT_EQ(srcu_read(&r), 3);
	}
	HF_EXPECT(srcu_window_revoke(&r));
	srcu_window_fini(&r);
}

HF_TEST(revocable, the_statement_may_go_on_with_a_loop)
{
	static struct srcu_window r[3];
	int sum = 0;

	start();
	HF_EXPECT_EQ(srcu_window_init(&r[0], window_of(1)), 0);
	HF_EXPECT_EQ(srcu_window_init(&r[2], window_of(2)), 0);
	for (size_t i = 0; i < HF_TEST_COUNT(r); i++) {
		hf_access_else(w, &r[i], continue);
		sum += w->value;
	}
	HF_EXPECT_EQ(sum, 3);
	for (size_t i = 0; i < HF_TEST_COUNT(r); i++)
		srcu_window_fini(&r[i]);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2);
}

/* --- a shared owner inside ---------------------------------------------------------------------- */

struct node {
	struct hf_refs refs;
	int id;
};

static void node_destroy(struct node *n)
{
	(void)n;
	hf_sys_atomic_fetch_add_relaxed(&dropped, 1);
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_REVOCABLE_DEFINE(node_access, srcu, node_arc);

/* What a guard lends can be kept by a reference: that outlives the revocation. */
static struct node_arc_result node_of(const struct node_access *r)
{
	hf_access_else(n, r, return hf_err(node_arc, -ENODEV));

	return hf_ok(node_arc, hf_arc_from(node, n));
}

HF_TEST_UNANALYZED(revocable, a_reference_from_inside_outlives_the_revocation)
{
	static struct node_access r;
	struct node_arc a = hf_empty(node_arc);

	start();
	HF_EXPECT_EQ(node_access_init(&r, hf_expect(hf_new_arc(node, GFP_KERNEL), "no failure is injected")), 0);
	hf_set(a, hf_expect(node_of(&r), "it is not revoked"));
	HF_EXPECT(node_access_revoke(&r));
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	HF_EXPECT_EQ(hf_ref(a)->id, 0);
	node_arc_drop(&a);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	node_access_fini(&r);
}

/* --- guards and revocations of several threads --------------------------------------------------- */

#define READERS	3
#define ROUNDS	40

/*
 * Of each kind: a guard that is inside holds the revocation up until it leaves; guards of many threads and two
 * revocations at once.
 */
#define KIND(kind)									\
	struct kind##_meeting {								\
		struct kind##_window r;							\
		hf_sys_atomic entered, leave, left, reads;				\
	};										\
	static struct kind##_meeting kind##_m;						\
											\
	static void kind##_stay(void *meeting)						\
	{										\
		struct kind##_meeting *m = meeting;					\
											\
		hf_access_else(w, &m->r, return);					\
		signal_one(&inside);							\
		signal_one(&m->entered);						\
		HF_TEST_SPIN_UNTIL(hf_sys_atomic_read_acquire(&m->leave), 60000);	\
		HF_EXPECT_EQ(w->value, 5);						\
		hf_sys_atomic_set(&m->left, 1);						\
		(void)hf_sys_atomic_fetch_sub_acq_rel(&inside, 1);			\
	}										\
											\
	static void kind##_revoke(void *meeting)					\
	{										\
		struct kind##_meeting *m = meeting;					\
											\
		(void)kind##_window_revoke(&m->r);					\
		/* Whoever did it: it is done. */					\
		HF_EXPECT_EQ(hf_sys_atomic_read_acquire(&dropped), 1);			\
	}										\
											\
	static bool kind##_refused(const struct kind##_window *r)			\
	{										\
		hf_access_else(w, r, return true);					\
		return false;								\
	}										\
											\
	HF_TEST(revocable, kind##_guard_holds_the_revocation_up)			\
	{										\
		struct hf_test_thread reader, revoker;					\
		struct kind##_meeting *const m = &kind##_m;				\
											\
		start();								\
		hf_sys_atomic_init(&m->entered, 0);					\
		hf_sys_atomic_init(&m->leave, 0);					\
		hf_sys_atomic_init(&m->left, 0);					\
		HF_EXPECT_EQ(kind##_window_init(&m->r, window_of(5)), 0);		\
		hf_test_spawn(&reader, kind##_stay, m);					\
		await(&m->entered, 1);							\
		hf_test_spawn(&revoker, kind##_revoke, m);				\
		/* From here on it is revoked, and the reader is still inside. */	\
		while (!kind##_refused(&m->r))						\
			hf_test_yield();						\
		for (int i = 0; i < 100; i++)						\
			hf_test_yield();						\
		HF_EXPECT_EQ(hf_sys_atomic_read(&m->left), 0);				\
		HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);				\
		signal_one(&m->leave);							\
		hf_test_join(&revoker);							\
		HF_EXPECT_EQ(hf_sys_atomic_read(&m->left), 1);				\
		hf_test_join(&reader);							\
		HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);				\
		kind##_window_fini(&m->r);						\
	}										\
											\
	static bool kind##_look(struct kind##_meeting *m)				\
	{										\
		hf_access_else(w, &m->r, return false);					\
		HF_EXPECT_EQ(w->value, w->copy);					\
		HF_EXPECT_EQ(w->value, 6);						\
		signal_one(&m->reads);							\
		return true;								\
	}										\
											\
	static void kind##_look_on(void *meeting)					\
	{										\
		while (kind##_look(meeting))						\
			hf_test_yield();						\
	}										\
											\
	HF_TEST(revocable, kind##_guards_and_revocations_at_once)			\
	{										\
		struct hf_test_thread readers[READERS], revokers[2];			\
		struct kind##_meeting *const m = &kind##_m;				\
											\
		for (int round = 0; round < ROUNDS; round++) {				\
			start();							\
			hf_sys_atomic_init(&m->reads, 0);				\
			HF_EXPECT_EQ(kind##_window_init(&m->r, window_of(6)), 0);	\
			for (int i = 0; i < READERS; i++)				\
				hf_test_spawn(&readers[i], kind##_look_on, m);		\
			await(&m->reads, 1 + round % 8);				\
			for (int i = 0; i < 2; i++)					\
				hf_test_spawn(&revokers[i], kind##_revoke, m);		\
			for (int i = 0; i < 2; i++)					\
				hf_test_join(&revokers[i]);				\
			for (int i = 0; i < READERS; i++)				\
				hf_test_join(&readers[i]);				\
			HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);			\
			kind##_window_fini(&m->r);					\
		}									\
	}

KIND(srcu)

#ifndef HF_USER_NO_RCU
HF_REVOCABLE_DEFINE(rcu_window, rcu, window_own);
KIND(rcu)

HF_TEST(revocable, rcu_needs_no_domain_of_its_own)
{
	static struct rcu_window r;

	start();
	HF_EXPECT(rcu_refused(&r));
	HF_EXPECT_EQ(rcu_window_init(&r, window_of(1)), 0);
	HF_EXPECT(!rcu_refused(&r));
	HF_EXPECT(rcu_window_revoke(&r));
	HF_EXPECT(!rcu_window_revoke(&r));
	HF_EXPECT(rcu_refused(&r));
	rcu_window_fini(&r);
	rcu_window_fini(&r);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
}
#endif

/* A guard of kind srcu sleeps, here until another thread has come and gone. */
static struct hf_completion come, gone;

static void come_and_go(void *revocable)
{
	hf_completion_wait(&come);
	HF_EXPECT_EQ(srcu_read(revocable), 4);
	hf_complete(&gone);
}

HF_TEST(revocable, srcu_guard_may_sleep)
{
	static struct srcu_window r;
	struct hf_test_thread other;

	start();
	hf_completion_init(&come);
	hf_completion_init(&gone);
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(4)), 0);
	hf_test_spawn(&other, come_and_go, &r);
	{
		hf_access_else(w, &r, return);
		hf_complete(&come);
		hf_completion_wait(&gone);
		HF_EXPECT_EQ(w->value, 4);
	}
	hf_test_join(&other);
	srcu_window_fini(&r);
	hf_completion_fini(&come);
	hf_completion_fini(&gone);
}

/* --- a thread that would wait for itself --------------------------------------------------------- */

#if HF_DEBUG
HF_TEST_UNANALYZED(revocable, revocation_inside_a_guard_is_found)
{
	static struct srcu_window r;

	start();
	HF_EXPECT_EQ(srcu_window_init(&r, window_of(2)), 0);
	{
		hf_access_else(w, &r, return);

		HF_EXPECT_VIOLATION(HF_LOCK) {
			(void)srcu_window_revoke(&r);
		}
		/* Nothing has happened. */
		HF_EXPECT_EQ(w->value, 2);
		HF_EXPECT_EQ(srcu_read(&r), 2);
		HF_EXPECT_VIOLATION(HF_LOCK) {
			srcu_window_fini(&r);
		}
	}
	HF_EXPECT(srcu_window_revoke(&r));
	srcu_window_fini(&r);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
}
#endif
