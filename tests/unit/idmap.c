// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* idmap.h: numbers are reserved, filled and given back; nothing is found before; memory that fails. */
#include <holdfast/arc.h>
#include <holdfast/idmap.h>

#include "harness.h"

#ifndef HF_USER_NO_IDMAP

struct ref {
	u32 handle;
	u32 salt;		/* tells two objects of one number apart */
};

/* Each test starts it. */
static hf_sys_atomic dropped;

static void ref_free(struct ref *r)
{
	hf_sys_atomic_fetch_add_relaxed(&dropped, 1);
	hf_free(r);
}

HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

static struct ref_own ref_of(u32 handle, u32 salt)
{
	hf_let(ref, r, hf_expect(hf_new(ref, GFP_KERNEL), "no failure is injected"));

	hf_mut(r)->handle = handle;
	hf_mut(r)->salt = salt;
	return hf_move(r);
}

/* Fills the lowest free number, and returns it. */
static u32 add(struct handles *m, u32 salt)
{
	hf_owe(handles, slot, hf_expect(hf_reserve_id(handles, &m->ids, GFP_KERNEL), "no failure is injected"));
	const u32 id = hf_token_value(slot).id;

	handles_fill(m, hf_pass(slot), ref_of(id, salt));
	return id;
}

static int salt_of(const struct handles *m, u64 id)
{
	const struct ref *r = hf_try(handles_find(m, id));

	HF_EXPECT_EQ(r->handle, id);
	return (int)r->salt;
}

static int drop_at(struct handles *m, u64 id)
{
	hf_let(ref, r, hf_try(handles_remove(m, id)));

	HF_EXPECT_EQ(hf_ref(r)->handle, id);
	return 0;
}

static void begin(struct handles *m, u32 first, u32 last)
{
	hf_sys_atomic_init(&dropped, 0);
	handles_init(m, first, last);
}

HF_TEST(idmap, gives_the_lowest_free_number)
{
	struct handles m;

	begin(&m, 1, 1000);
	HF_EXPECT_EQ(add(&m, 0), 1);
	HF_EXPECT_EQ(add(&m, 0), 2);
	HF_EXPECT_EQ(add(&m, 0), 3);
	HF_EXPECT_EQ(drop_at(&m, 2), 0);
	HF_EXPECT_EQ(drop_at(&m, 1), 0);
	HF_EXPECT_EQ(add(&m, 0), 1);
	HF_EXPECT_EQ(add(&m, 0), 2);
	HF_EXPECT_EQ(add(&m, 0), 4);
	handles_clear(&m);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 6);
	HF_EXPECT_EQ(add(&m, 0), 1);
	handles_clear(&m);
	handles_fini(&m);
}

HF_TEST(idmap, nothing_is_found_before_it_is_filled)
{
	struct handles m;
	u64 at = 0;

	begin(&m, 0, 10);
	HF_EXPECT(handles_empty(&m));
	{
		hf_owe(handles, slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));

		HF_EXPECT_EQ(hf_token_value(slot).id, 0);
		HF_EXPECT_ERR(handles_find(&m, 0), -ENOENT);
		HF_EXPECT_ERR(handles_find_mut(&m, 0), -ENOENT);
		HF_EXPECT_EQ(drop_at(&m, 0), -ENOENT);
		HF_EXPECT_PTR_EQ(handles_next(&m, &at), NULL);
		HF_EXPECT_EQ(at, 0);
		HF_EXPECT(handles_empty(&m));
		/* The removal that found nothing left it reserved. */
		HF_EXPECT_EQ(add(&m, 1), 1);
		HF_EXPECT_EQ(drop_at(&m, 1), 0);

		handles_fill(&m, hf_pass(slot), ref_of(0, 7));
	}
	HF_EXPECT_EQ(salt_of(&m, 0), 7);
	HF_EXPECT(!handles_empty(&m));
	HF_EXPECT_EQ(drop_at(&m, 0), 0);
	HF_EXPECT_ERR(handles_find(&m, 0), -ENOENT);
	HF_EXPECT_EQ(drop_at(&m, 0), -ENOENT);
	handles_fini(&m);
}

HF_TEST(idmap, what_is_given_back_is_free)
{
	struct handles m;

	begin(&m, 5, 6);
	for (int i = 0; i < 3; i++) {
		hf_owe(handles, slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));

		HF_EXPECT_EQ(hf_token_value(slot).id, 5);
		handles_give_back(hf_pass(slot));
	}
	HF_EXPECT(handles_empty(&m));
	handles_fini(&m);
}

HF_TEST(idmap, lends_for_writing_and_removes_the_owner)
{
	struct handles m;
	u32 id;

	begin(&m, 1, 9);
	id = add(&m, 1);
	hf_expect(handles_find_mut(&m, id), "it is there")->salt = 2;
	HF_EXPECT_EQ(salt_of(&m, id), 2);
	{
		hf_let(ref, r, hf_expect(handles_remove(&m, id), "it is there"));

		HF_EXPECT(handles_empty(&m));
		HF_EXPECT_EQ(hf_ref(r)->salt, 2);
		HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 0);
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
	handles_fini(&m);
}

HF_TEST(idmap, ends_with_its_last_number)
{
	const u32 last = ~(u32)0;
	struct handles m;
	u64 at = 0;

	begin(&m, last - 1, last);
	HF_EXPECT_EQ(add(&m, 1), last - 1);
	HF_EXPECT_EQ(add(&m, 2), last);
	HF_EXPECT_ERR(hf_reserve_id(handles, &m.ids, GFP_KERNEL), -ENOSPC);
	HF_EXPECT_EQ(salt_of(&m, last), 2);
	/* No number of any width is taken for another. */
	HF_EXPECT_ERR(handles_find(&m, (u64)last + (u64)last + 1), -ENOENT);
	HF_EXPECT_EQ(drop_at(&m, ~(u64)0), -ENOENT);
	HF_EXPECT_ERR(handles_find(&m, 0), -ENOENT);

	HF_EXPECT_EQ(handles_next(&m, &at)->salt, 1);
	HF_EXPECT_EQ(handles_next(&m, &at)->salt, 2);
	HF_EXPECT_EQ(at, (u64)last + 1);
	HF_EXPECT_PTR_EQ(handles_next(&m, &at), NULL);
	HF_EXPECT_EQ(at, (u64)last + 1);

	HF_EXPECT_EQ(drop_at(&m, last - 1), 0);
	HF_EXPECT_EQ(add(&m, 3), last - 1);
	handles_clear(&m);
	handles_fini(&m);
}

HF_TEST(idmap, a_map_of_one_number)
{
	struct handles m;

	begin(&m, 0, 0);
	HF_EXPECT_EQ(add(&m, 1), 0);
	HF_EXPECT_ERR(hf_reserve_id(handles, &m.ids, GFP_KERNEL), -ENOSPC);
	HF_EXPECT_EQ(drop_at(&m, 0), 0);
	HF_EXPECT_EQ(add(&m, 2), 0);
	HF_EXPECT_EQ(drop_at(&m, 0), 0);
	handles_fini(&m);
}

HF_TEST(idmap, a_loop_sees_all_in_order_while_they_go)
{
	struct handles m;
	const struct ref *r;
	u32 removed = 0, expected = 10;

	begin(&m, 10, 400);
	for (u32 i = 0; i < 300; i++)
		HF_EXPECT_EQ(add(&m, i), 10 + i);
	for (u64 at = 0; (r = handles_next(&m, &at));) {
		HF_EXPECT_EQ(r->handle, at - 1);
		HF_EXPECT_EQ(r->handle, expected);
		/* This one goes, and sometimes the one that the loop would come to next. */
		HF_EXPECT_EQ(drop_at(&m, at - 1), 0);
		removed++;
		expected++;
		if (at % 4 == 0) {
			HF_EXPECT_EQ(drop_at(&m, at), 0);
			removed++;
			expected++;
		}
	}
	HF_EXPECT_EQ(removed, 300);
	HF_EXPECT(handles_empty(&m));
	handles_fini(&m);
}

HF_TEST(idmap, pops_the_lowest_first)
{
	struct handles m;

	begin(&m, 0, 100);
	for (u32 i = 0; i < 70; i++)
		HF_EXPECT_EQ(add(&m, i), i);
	HF_EXPECT_EQ(drop_at(&m, 0), 0);
	for (u32 i = 1; i < 70; i++) {
		hf_let(ref, r, hf_expect(handles_pop_first(&m), "objects are left"));

		HF_EXPECT_EQ(hf_ref(r)->handle, i);
	}
	HF_EXPECT_ERR(handles_pop_first(&m), -ENODATA);
	handles_fini(&m);
}

HF_TEST(idmap, clearing_leaves_what_is_reserved)
{
	struct handles m;

	begin(&m, 0, 10);
	{
		hf_owe(handles, slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));

		HF_EXPECT_EQ(add(&m, 1), 1);
		handles_clear(&m);
		HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 1);
		HF_EXPECT_EQ(add(&m, 1), 1);
		handles_fill(&m, hf_pass(slot), ref_of(0, 0));
	}
	handles_clear(&m);
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 3);
	handles_fini(&m);
}

/* --- what breaks a promise ---------------------------------------------------------------------- */

/* The analysis would refuse most of these. */
HF_TEST_UNANALYZED(idmap, a_map_ends_empty)
{
	static struct handles m;
	static struct handles_token slot;

	begin(&m, 1, 10);
	hf_token_set(slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));
	HF_EXPECT_VIOLATION(HF_TOKEN)
		handles_fini(&m);
	handles_fill(&m, hf_token_take(slot), ref_of(1, 0));
	HF_EXPECT_VIOLATION(HF_LEAK)
		handles_fini(&m);
	HF_EXPECT_EQ(drop_at(&m, 1), 0);
	handles_fini(&m);
}

HF_TEST_UNANALYZED(idmap, a_reservation_is_of_one_map_and_used_once)
{
	static struct handles m, other;
	static struct handles_token slot;
	static struct ref_own r;

	begin(&m, 1, 10);
	handles_init(&other, 1, 10);
	hf_set(r, ref_of(1, 0));
	hf_token_set(slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));
	HF_EXPECT_VIOLATION(HF_TOKEN)
		handles_fill(&other, (struct handles_token){ .val_ = slot.val_, .due = { .owed_ = true } },
			     (struct ref_own){ .own = { .ptr_ = r.own.ptr_ } });
	HF_EXPECT_ERR(handles_find(&other, 1), -ENOENT);
	HF_EXPECT_VIOLATION(HF_MOVED)
		handles_fill(&m, (struct handles_token){ .val_ = slot.val_, .due = { .owed_ = true } },
			     hf_empty(ref_own));
	HF_EXPECT_ERR(handles_find(&m, 1), -ENOENT);
	handles_fill(&m, hf_token_take(slot), hf_take(r));
	HF_EXPECT_VIOLATION(HF_TOKEN)
		handles_give_back(hf_token_take(slot));
	HF_EXPECT_VIOLATION(HF_TOKEN)
		handles_fill(&m, hf_token_take(slot), (struct ref_own){ .own = { .ptr_ = &slot } });
	HF_EXPECT_EQ(drop_at(&m, 1), 0);
	handles_fini(&m);
	handles_fini(&other);
}

HF_TEST(idmap, a_range_is_not_empty)
{
	static struct handles m;

	HF_EXPECT_VIOLATION(HF_BOUNDS)
		handles_init(&m, hf_test_hide(2u), 1);
}

#if HF_DEBUG
HF_TEST_UNANALYZED(idmap, a_map_stays_where_it_is)
{
	static struct handles m, never;
	static char copy[sizeof(m)] __attribute__((aligned(8)));

	begin(&m, 1, 10);
	memcpy(copy, &m, sizeof(m));
	HF_EXPECT_VIOLATION(HF_PIN)
		(void)hf_errno(handles_find((const struct handles *)(const void *)copy, 1));
	HF_EXPECT_VIOLATION(HF_PIN)
		(void)handles_empty(&never);
	handles_fini(&m);
}
#endif

/* --- memory that fails -------------------------------------------------------------------------- */

#ifdef HF_TEST_JUDY
/*
 * Judy's memory fails, and is counted, as that of other objects is.  Judy 1.0.5 forgets up to two blocks, and no entry,
 * if memory fails while the leaf that a small array is becomes a tree: it is known which, and they are freed here.
 */
static void *recent[8];

unsigned long JudyMalloc(unsigned long words);
unsigned long JudyMallocVirtual(unsigned long words);
void JudyFree(void *p, unsigned long words);
void JudyFreeVirtual(void *p, unsigned long words);

unsigned long JudyMalloc(unsigned long words)
{
	void *p = hf_sys_alloc(words * sizeof(long), GFP_KERNEL);

	for (u32 i = 0; i < HF_TEST_COUNT(recent) && p; i++)
		if (!recent[i]) {
			recent[i] = p;
			break;
		}
	return (unsigned long)p;
}

unsigned long JudyMallocVirtual(unsigned long words)
{
	return JudyMalloc(words);
}

void JudyFree(void *p, unsigned long words)
{
	(void)words;
	for (u32 i = 0; i < HF_TEST_COUNT(recent); i++)
		if (recent[i] == p)
			recent[i] = NULL;
	hf_sys_free(p);
}

void JudyFreeVirtual(void *p, unsigned long words)
{
	JudyFree(p, words);
}

static void back_end_begins(void)
{
	memset(recent, 0, sizeof(recent));
}

/* Frees what the call that has just failed left allocated: nothing refers to it. */
static void back_end_failed(void)
{
	for (u32 i = 0; i < HF_TEST_COUNT(recent); i++)
		hf_sys_free(recent[i]);
	back_end_begins();
}
#else
#define back_end_begins()	((void)0)
#define back_end_failed()	((void)0)
#endif

/* Whether the failure that hf_test_fail_alloc(1) set has come. */
static bool has_failed(void)
{
	void *p = hf_sys_alloc(1, GFP_KERNEL);

	hf_sys_free(p);
	hf_test_fail_alloc(0);
	return p;
}

#define MANY	300u

static struct ref_own given[MANY];

/* How many of these objects get a number, which they also have as their salt, before memory fails. */
static u32 add_given(struct handles *m, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		back_end_begins();
		struct handles_token_result r = hf_reserve_id(handles, &m->ids, GFP_KERNEL);
		if (!hf_is_ok(r)) {
			HF_EXPECT_EQ(hf_errno(r), -ENOMEM);
			back_end_failed();
			return i;
		}
		hf_owe(handles, slot, hf_expect(r, "it was asked"));
		HF_EXPECT_EQ(hf_token_value(slot).id, i);
		handles_fill(m, hf_pass(slot), hf_take(given[i]));
	}
	return n;
}

HF_TEST(idmap, each_allocation_may_fail)
{
	/* More than fit into the smallest arrays of the back ends.  Each turn adds all of them. */
	enum { SOME = 80 };
	struct handles m;
	u32 n = 0, failures = 0;

	for (unsigned long nth = 1; n < SOME; nth++) {
		const size_t live = hf_test_live();

		begin(&m, 0, SOME - 1);
		for (u32 i = 0; i < SOME; i++)
			hf_set(given[i], ref_of(i, i));
		hf_test_fail_alloc(nth);
		n = add_given(&m, SOME);
		hf_test_fail_alloc(0);
		if (n < SOME) {
			failures++;
			/* What was there before stays, and the number is given next time. */
			for (u32 i = 0; i < n; i++)
				HF_EXPECT_EQ(salt_of(&m, i), i);
			HF_EXPECT_ERR(handles_find(&m, n), -ENOENT);
			HF_EXPECT_EQ(add(&m, 0), n);
		}
		handles_clear(&m);
		handles_fini(&m);
		for (u32 i = 0; i < SOME; i++)
			ref_own_drop(&given[i]);
		HF_EXPECT_EQ(hf_test_live(), live);
	}
	HF_EXPECT(failures > 10);
}

/* To delete an entry, a back end may want memory. */
HF_TEST(idmap, removal_does_not_fail)
{
	/* As each of these is below MANY, the steps reach every number. */
	static const u32 steps[] = { 1, MANY - 1, 7, 113 };
	struct handles m;
	u32 failures = 0;

	begin(&m, 0, MANY - 1);
	for (u32 round = 0; round < HF_TEST_COUNT(steps); round++) {
		for (u32 i = 0; i < MANY; i++)
			HF_EXPECT_EQ(add(&m, i + round), i);
		HF_EXPECT_ERR(hf_reserve_id(handles, &m.ids, GFP_KERNEL), -ENOSPC);
		for (u32 i = 0, at = 0; i < MANY; i++, at = (at + steps[round]) % MANY) {
			HF_EXPECT_EQ(salt_of(&m, at), at + round);
			hf_test_fail_alloc(1);
			HF_EXPECT_EQ(drop_at(&m, at), 0);
			failures += has_failed();
			HF_EXPECT_ERR(handles_find(&m, at), -ENOENT);
		}
		HF_EXPECT(handles_empty(&m));
	}
#ifdef HF_TEST_JUDY
	HF_EXPECT(failures > 0);
#else
	HF_EXPECT_EQ(failures, 0);
#endif
	handles_fini(&m);
}

HF_TEST(idmap, filling_and_giving_back_do_not_allocate)
{
	struct handles m;
	size_t live;

	begin(&m, 0, MANY);
	for (u32 i = 0; i < MANY; i++)
		hf_set(given[i], ref_of(i, i));
	for (u32 i = 0; i < MANY; i++) {
		hf_owe(handles, slot, hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "no failure is injected"));
		live = hf_test_live();
		hf_test_fail_alloc(1);
		handles_fill(&m, hf_pass(slot), hf_take(given[i]));
		HF_EXPECT(!has_failed());
		HF_EXPECT_EQ(hf_test_live(), live);
	}
	handles_clear(&m);
	handles_fini(&m);
}

/* --- against a plain array ---------------------------------------------------------------------- */

HF_TEST(idmap, agrees_with_an_array)
{
	enum { FIRST = 3, LAST = 230, NONE = -1, RESERVED = -2 };
	static struct handles_token slots[LAST + 1];
	static int model[LAST + 1];	/* a salt, or one of these */
	struct hf_test_random random = { .state = 20261130 };
	struct handles m;

	begin(&m, FIRST, LAST);
	for (int i = FIRST; i <= LAST; i++)
		model[i] = NONE;
	for (int n = 0; n < 20000; n++) {
		const u64 r = hf_test_random(&random);
		const u32 at = FIRST + (u32)(r >> 32) % (LAST - FIRST + 1);
		/* Full and empty in turns. */
		const u32 grows = n / 2000 % 2 ? 3 : 5;
		u32 lowest = FIRST;

		switch (r % 8 < grows ? r / 8 % 2 : 2 + r / 8 % 3) {
		case 0:		/* reserve */
			while (lowest <= LAST && model[lowest] != NONE)
				lowest++;
			if (lowest > LAST) {
				HF_EXPECT_ERR(hf_reserve_id(handles, &m.ids, GFP_KERNEL), -ENOSPC);
				break;
			}
			hf_token_set(slots[lowest],
				     hf_expect(hf_reserve_id(handles, &m.ids, GFP_KERNEL), "one is free"));
			HF_EXPECT_EQ(hf_token_value(slots[lowest]).id, lowest);
			model[lowest] = RESERVED;
			break;
		case 1:		/* fill */
			if (model[at] != RESERVED)
				break;
			model[at] = n;
			handles_fill(&m, hf_token_take(slots[at]), ref_of(at, (u32)n));
			break;
		case 2:		/* give back */
			if (model[at] != RESERVED)
				break;
			model[at] = NONE;
			handles_give_back(hf_token_take(slots[at]));
			break;
		case 3:		/* remove */
			HF_EXPECT_EQ(drop_at(&m, at), model[at] < 0 ? -ENOENT : 0);
			if (model[at] >= 0)
				model[at] = NONE;
			break;
		default: {	/* find, and the next one */
			u64 next = at;
			const struct ref *x = handles_next(&m, &next);
			u32 wanted = at;

			HF_EXPECT_EQ(salt_of(&m, at), model[at] < 0 ? -ENOENT : model[at]);
			while (wanted <= LAST && model[wanted] < 0)
				wanted++;
			if (wanted > LAST)
				HF_EXPECT_PTR_EQ(x, NULL);
			else
				HF_EXPECT_EQ(x ? x->handle : 0, wanted);
			HF_EXPECT_EQ(next, x ? wanted + 1 : at);
		}
		}
	}
	handles_clear(&m);
	for (int i = FIRST; i <= LAST; i++)
		if (model[i] == RESERVED)
			handles_give_back(hf_token_take(slots[i]));
	handles_fini(&m);
}

/* --- shared by threads, behind a lock ------------------------------------------------------------ */

struct node {
	struct hf_refs refs;
	u32 handle;
	hf_sys_atomic uses;
};

static void node_destroy(struct node *n)
{
	hf_sys_atomic_fetch_add_relaxed(&dropped, 1);
	n->handle = 0;
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_IDMAP_DEFINE(node_map, node_arc);

struct table {
	struct node_map by_handle;
	u32 filled;
};

HF_LOCKED_DEFINE(locked_table, spinlock_irq, struct table);

#define EACH	2000

static int node_init(struct node *n, u32 handle)
{
	n->handle = handle;
	return 0;
}

static int publish(const struct locked_table *t)
{
	hf_owe(node_map, slot, hf_try(hf_reserve_id(node_map, hf_idmap_of(t, by_handle), GFP_KERNEL)));
	const u32 id = hf_token_value(slot).id;
	struct node_arc_result r = hf_new_arc_with(node, GFP_KERNEL, node_init, id);

	if (!hf_is_ok(r)) {
		node_map_give_back(hf_pass(slot));
		return hf_errno(r);
	}
	hf_let_arc(node, n, hf_expect(r, "it was asked"));
	hf_lock(g, t);
	HF_EXPECT_ERR(node_map_find(&g->by_handle, id), -ENOENT);
	node_map_fill(&g->by_handle, hf_pass(slot), hf_move(n));
	g->filled++;
	return (int)id;
}

static struct node_arc_result node_find(const struct locked_table *t, u64 id)
{
	hf_lock(g, t);

	return hf_ok(node_arc, hf_arc_from(node, hf_try_in(node_arc, node_map_find(&g->by_handle, id))));
}

static struct node_arc_result node_remove(const struct locked_table *t, u64 id)
{
	hf_lock(g, t);

	return node_map_remove(&g->by_handle, id);
}

static int use(const struct locked_table *t, u64 id)
{
	hf_let_arc(node, n, hf_try(node_find(t, id)));

	/* It has not ended, whatever others remove meanwhile. */
	HF_EXPECT_EQ(hf_ref(n)->handle, id);
	return 0;
}

static int end(const struct locked_table *t, u64 id)
{
	hf_let_arc(node, n, hf_try(node_remove(t, id)));

	HF_EXPECT_EQ(hf_ref(n)->handle, id);
	return 0;
}

static void publish_and_end(void *table)
{
	const struct locked_table *t = table;

	for (int i = 0; i < EACH; i++) {
		const int id = publish(t);

		HF_EXPECT(id >= 1);
		(void)use(t, (u64)id);
		(void)use(t, 1);
		/* A failure is another thread that was faster. */
		if (i % 3)
			(void)end(t, (u64)id);
		if (i % 7 == 0)
			(void)end(t, 1);
	}
}

HF_TEST(idmap, threads_reserve_and_fill)
{
	static struct locked_table t;
	struct hf_test_thread threads[2];

	hf_sys_atomic_init(&dropped, 0);
	hf_lock_init(&t);
	{
		hf_lock(g, &t);
		g->filled = 0;
		node_map_init(&g->by_handle, 1, 2 * EACH);
	}
	for (u32 i = 0; i < HF_TEST_COUNT(threads); i++)
		hf_test_spawn(&threads[i], publish_and_end, &t);
	for (u32 i = 0; i < HF_TEST_COUNT(threads); i++)
		hf_test_join(&threads[i]);
	{
		hf_lock(g, &t);
		HF_EXPECT_EQ(g->filled, 2 * EACH);
		node_map_clear(&g->by_handle);
		node_map_fini(&g->by_handle);
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(&dropped), 2 * EACH);
	hf_lock_fini(&t);
}

static int publish_in(void *table)
{
	const int id = publish(table);

	return id < 0 ? id : end(table, (u64)id);
}

HF_TEST(idmap, a_failure_gives_the_number_back)
{
	static struct locked_table t;

	hf_lock_init(&t);
	{
		hf_lock(g, &t);
		node_map_init(&g->by_handle, 1, 1);
	}
	/* The map's and the object's. */
	HF_EXPECT(hf_test_fail_each_alloc(publish_in, &t) >= 2);
	HF_EXPECT_EQ(publish_in(&t), 0);
	{
		hf_lock(g, &t);
		node_map_fini(&g->by_handle);
	}
	hf_lock_fini(&t);
}

#endif
