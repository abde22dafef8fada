// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* arc.h: shared ownership whose counts neither wrap nor come back from zero. */
#include <holdfast/arc.h>

#include "harness.h"

/* The counts are not the first member, so that a test notices a wrong offset. */
struct node {
	u64 head;
	int id;
	struct hf_refs refs;
	u64 tail;
};

/* What happened, in order: for each event the node's id, then 1 for destroyed or 2 for released. */
static u64 order;
static int destroyed, released;

static void node_destroy(struct node *n)
{
	destroyed++;
	order = order * 100 + (u64)n->id * 10 + 1;
	HF_EXPECT_EQ(n->head + n->tail, 0);
}

static void node_release(struct node *n)
{
	released++;
	order = order * 100 + (u64)n->id * 10 + 2;
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

/* SAFETY: the tests set the counts that they cannot reach by cloning. */
static __attribute__((__unused__)) hf_sys_atomic *strong(struct node *n)
{
	return &n->refs.strong_;
}

/* SAFETY: as above. */
static __attribute__((__unused__)) hf_sys_atomic *weak(struct node *n)
{
	return &n->refs.weak_;
}

static void start(void)
{
	order = 0;
	destroyed = released = 0;
}

static struct node_arc_result node_new(int id)
{
	hf_let_arc(node, n, hf_try_in(node_arc, hf_new_arc(node, GFP_KERNEL)));

	hf_expect(hf_arc_unique(n), "it is new")->id = id;
	return hf_ok(node_arc, hf_move(n));
}

static struct node_arc node_of(int id)
{
	return hf_expect(node_new(id), "no failure is injected");
}

/* --- handles ------------------------------------------------------------------------------------ */

HF_TEST(arc, handles_are_one_register)
{
	if (HF_DEBUG)
		return;
	HF_EXPECT_EQ(sizeof(struct node_arc), sizeof(void *));
	HF_EXPECT_EQ(sizeof(struct node_weak), sizeof(void *));
	HF_EXPECT_EQ(sizeof(struct node_arc_result), sizeof(void *));
}

HF_TEST(arc, new_without_memory_is_an_error)
{
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(hf_new_arc(node, GFP_KERNEL), -ENOMEM);
	hf_test_fail_alloc(0);
}

static int make_two(void *arg)
{
	hf_let_arc(node, a, hf_try(node_new(1)));
	hf_let_arc(node, b, hf_try(node_new(2)));
	hf_let_arc(node, c, hf_clone(a));
	hf_let_weak(node, w, hf_downgrade(node, b));

	(void)arg;
	return hf_ref(c)->id - 1;
}

HF_TEST(arc, nothing_leaks_when_memory_runs_out)
{
	HF_EXPECT_EQ(hf_test_fail_each_alloc(make_two, NULL), 2);
}

/* --- strong ------------------------------------------------------------------------------------- */

HF_TEST(arc, the_last_owner_destroys_then_releases)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		{
			hf_let_arc(node, b, hf_clone(a));
			hf_let_arc(node, c, hf_clone(b));

			HF_EXPECT_PTR_EQ(hf_ref(a), hf_ref(c));
			HF_EXPECT_EQ(hf_ref(b)->id, 1);
		}
		HF_EXPECT_EQ(order, 0);
	}
	HF_EXPECT_EQ(order, 1112);
}

HF_TEST(arc, order_of_owners_does_not_matter)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_arc(node, b, hf_clone(a));

		hf_drop_arc(node, a);
		HF_EXPECT(hf_is_empty(a));
		HF_EXPECT_EQ(order, 0);
		HF_EXPECT_EQ(hf_ref(b)->id, 1);
		hf_drop_arc(node, b);
		HF_EXPECT_EQ(order, 1112);
	}
	HF_EXPECT_EQ(order, 1112);
}

HF_TEST(arc, move_passes_the_reference_on)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_arc(node, b, hf_move(a));

		HF_EXPECT(hf_is_empty(a));
		HF_EXPECT(hf_is_ok(hf_arc_unique(b)));
	}
	HF_EXPECT_EQ(destroyed, 1);
}

struct holder {
	struct node_arc node;
};

HF_TEST(arc, fields_take_put_and_replace)
{
	struct holder h = { .node = hf_empty(node_arc) };

	start();
	{
		hf_let_arc(node, a, node_of(1));

		hf_set(h.node, hf_clone(a));
		HF_EXPECT_EQ(hf_errno(hf_arc_unique(a)), -EBUSY);
		{
			hf_let_arc(node, old, hf_replace(h.node, node_of(2)));
			HF_EXPECT_PTR_EQ(hf_ref(old), hf_ref(a));
		}
		HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
		hf_let_arc(node, b, hf_take(h.node));
		HF_EXPECT(hf_is_empty(h.node));
		HF_EXPECT_EQ(hf_ref(b)->id, 2);
		node_arc_drop(&h.node);
	}
	HF_EXPECT_EQ(order, 21221112);
}

HF_TEST_UNANALYZED(arc, moved_owner_is_refused_by_every_door)
{
	hf_let_arc(node, a, node_of(1));
	hf_let_arc(node, b, hf_move(a));
	static int reached;

	hf_test_escape(&a);
	hf_test_escape(&b);
	reached = 0;
	HF_EXPECT_VIOLATION(HF_MOVED) {
		struct node_arc c = hf_move(a);
		reached += !hf_is_empty(c) + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		struct node_arc c = hf_clone(a);
		reached += !hf_is_empty(c) + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		struct node_weak w = hf_downgrade(node, a);
		reached += !hf_is_empty(w) + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		reached += hf_ref(a)->id + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_borrow(r, a);
		reached += r->id + 1;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		reached += hf_is_ok(hf_arc_unique(a));
		reached++;
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_drop_arc(node, a);
		reached++;
	}
	HF_EXPECT_EQ(reached, 0);
	HF_EXPECT(hf_is_ok(hf_arc_unique(b)));
}

HF_TEST_UNANALYZED(arc, put_over_a_live_owner_is_refused)
{
	struct holder h = { .node = node_of(1) };
	static int reached;

	hf_test_escape(&h);
	start();
	reached = 0;
	HF_EXPECT_VIOLATION(HF_LEAK) {
		hf_set(h.node, hf_empty(node_arc));
		reached++;
	}
	HF_EXPECT_EQ(reached + destroyed, 0);
	HF_EXPECT_EQ(hf_ref(h.node)->id, 1);
	node_arc_drop(&h.node);
}

HF_TEST(arc, borrows_are_shared_and_const)
{
	hf_let_arc(node, a, node_of(3));
	{
		hf_borrow(r, a);
		hf_borrow(s, a);
		hf_let_arc(node, b, hf_clone(a));
		hf_borrow(t, b);

		HF_EXPECT_EQ(r->id + s->id + t->id, 9);
		HF_EXPECT(__builtin_types_compatible_p(__typeof__(&*r), const struct node *));
		HF_EXPECT(__builtin_types_compatible_p(__typeof__(hf_ref(a)), const struct node *));
	}
}

#if HF_DEBUG && HF_TEST_CHECKED
HF_TEST_UNANALYZED(arc, lent_handle_cannot_be_moved_or_dropped)
{
	hf_let_arc(node, a, node_of(1));
	static int reached;

	hf_test_escape(&a);
	reached = 0;
	{
		hf_borrow(r, a);

		HF_EXPECT_VIOLATION(HF_LOAN) {
			struct node_arc b = hf_move(a);
			reached += !hf_is_empty(b) + 1;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			hf_drop_arc(node, a);
			reached++;
		}
		HF_EXPECT_VIOLATION(HF_LOAN) {
			reached += hf_is_ok(hf_arc_unique(a));
			reached++;
		}
		/* It can still be cloned. */
		hf_let_arc(node, b, hf_clone(a));
		HF_EXPECT_EQ(hf_ref(b)->id, r->id);
	}
	HF_EXPECT_EQ(reached, 0);
	HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
}
#endif

/* --- unique ------------------------------------------------------------------------------------- */

HF_TEST(arc, unique_only_while_there_is_nobody_else)
{
	hf_let_arc(node, a, node_of(1));

	HF_EXPECT_PTR_EQ(hf_expect(hf_arc_unique(a), "it is alone"), hf_ref(a));
	{
		hf_let_arc(node, b, hf_clone(a));
		HF_EXPECT_EQ(hf_errno(hf_arc_unique(a)), -EBUSY);
		HF_EXPECT_EQ(hf_errno(hf_arc_unique(b)), -EBUSY);
	}
	HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
	{
		/* A weak reference excludes a unique owner, as it could be upgraded at any time. */
		hf_let_weak(node, w, hf_downgrade(node, a));
		HF_EXPECT_EQ(hf_errno(hf_arc_unique(a)), -EBUSY);
	}
	HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
}

/* --- a reference from a borrow ------------------------------------------------------------------ */

HF_TEST(arc, borrow_gives_one_more_reference)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_arc(node, b, hf_arc_from(node, hf_ref(a)));

		HF_EXPECT_EQ(hf_errno(hf_arc_unique(a)), -EBUSY);
		hf_drop_arc(node, a);
		HF_EXPECT_EQ(order, 0);
		HF_EXPECT_EQ(hf_ref(b)->id, 1);
	}
	HF_EXPECT_EQ(order, 1112);
}

#if HF_TEST_CHECKED
HF_TEST_UNANALYZED(arc, borrow_of_what_no_arc_owns_is_a_violation)
{
	struct node n = { .id = 1 };

	HF_EXPECT_REPORT(HF_REFCOUNT) {
		struct node_arc a = hf_arc_from(node, &n);

		HF_EXPECT(!hf_is_empty(a));
	}
}
#endif

/* --- in place ------------------------------------------------------------------------------------ */

static int node_init(struct node *n, int id)
{
	n->id = id;
	return id < 0 ? id : 0;
}

HF_TEST(arc, object_is_initialised_in_place)
{
	start();
	{
		hf_let_arc(node, a, hf_expect(hf_new_arc_with(node, GFP_KERNEL, node_init, 7), "memory is there"));

		HF_EXPECT_EQ(hf_ref(a)->id, 7);
		HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(released, 1);
}

HF_TEST(arc, object_whose_initialisation_fails_is_freed_and_not_destroyed)
{
	start();
	HF_EXPECT_ERR(hf_new_arc_with(node, GFP_KERNEL, node_init, -EINVAL), -EINVAL);
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(hf_new_arc_with(node, GFP_KERNEL, node_init, 7), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(destroyed + released, 0);
}

/* --- weak --------------------------------------------------------------------------------------- */

HF_TEST(arc, weak_keeps_the_memory_but_not_the_object)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_weak(node, w, hf_downgrade(node, a));

		hf_drop_arc(node, a);
		HF_EXPECT_EQ(order, 11);
		{
			HF_EXPECT_ERR(hf_upgrade(node, w), -ENOENT);
		}
		HF_EXPECT_EQ(order, 11);
	}
	HF_EXPECT_EQ(order, 1112);
}

HF_TEST(arc, weak_upgrades_while_somebody_owns)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_weak(node, w, hf_downgrade(node, a));
		hf_let_arc(node, b, hf_expect(hf_upgrade(node, w), "a owns it"));

		HF_EXPECT_PTR_EQ(hf_ref(b), hf_ref(a));
		hf_drop_arc(node, a);
		HF_EXPECT_EQ(order, 0);
		/* b still owns the object, so w can be upgraded. */
		hf_let_arc(node, c, hf_expect(hf_upgrade(node, w), "b owns it"));
		HF_EXPECT_PTR_EQ(hf_ref(c), hf_ref(b));
	}
	HF_EXPECT_EQ(order, 1112);
}

HF_TEST(arc, weak_dropped_first_releases_nothing)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		{
			hf_let_weak(node, w, hf_downgrade(node, a));
			hf_let_weak(node, v, hf_downgrade(node, a));
		}
		HF_EXPECT_EQ(order, 0);
	}
	HF_EXPECT_EQ(order, 1112);
}

HF_TEST(arc, empty_weak_upgrades_to_nothing)
{
	hf_let_weak(node, w, hf_empty(node_weak));

	HF_EXPECT_ERR(hf_upgrade(node, w), -ENOENT);
	HF_EXPECT(hf_is_empty(w));
}

HF_TEST(arc, weak_moves_like_any_owner)
{
	start();
	{
		hf_let_arc(node, a, node_of(1));
		hf_let_weak(node, w, hf_downgrade(node, a));
		hf_let_weak(node, v, hf_move(w));

		HF_EXPECT(hf_is_empty(w));
		hf_drop_arc(node, a);
		HF_EXPECT_EQ(released, 0);
		node_weak_drop(&v);
		HF_EXPECT_EQ(released, 1);
	}
	HF_EXPECT_EQ(released, 1);
}

/* A parent owns its child, which knows its parent without owning it. */
struct child {
	struct hf_refs refs;
	struct node_weak parent;
	bool parent_was_gone;
};

static bool parent_was_gone;

static void child_destroy(struct child *c)
{
	hf_let_arc(node, parent, hf_empty(node_arc));

	parent_was_gone = hf_set_ok(parent, hf_upgrade(node, c->parent)) == -ENOENT;
	node_weak_drop(&c->parent);
}

static void child_release(struct child *c)
{
	hf_free(c);
}

HF_ARC_DEFINE(child, struct child, refs, child_destroy, child_release);

HF_TEST(arc, weak_breaks_cycles)
{
	start();
	parent_was_gone = false;
	{
		hf_let_arc(child, c, hf_expect(hf_new_arc(child, GFP_KERNEL), "no failure"));
		hf_let_arc(node, p, node_of(1));

		hf_set(hf_expect(hf_arc_unique(c), "it is new")->parent, hf_downgrade(node, p));
	}
	HF_EXPECT_EQ(order, 1112);
	HF_EXPECT(parent_was_gone);
}

/* --- operands ----------------------------------------------------------------------------------- */

HF_TEST_UNANALYZED(arc, operands_are_evaluated_once)
{
	struct node_arc a[6] = { [0] = hf_empty(node_arc) };
	struct node_weak w[2] = { [0] = hf_empty(node_weak) };
	size_t i = 0, j = 0;

	start();
	for (size_t k = 0; k < 3; k++)
		hf_set(a[k], node_of((int)k));
	HF_EXPECT_EQ(hf_ref(a[i++])->id, 0);
	HF_EXPECT(hf_is_ok(hf_arc_unique(a[i++])));
	HF_EXPECT_EQ(i, 2);
	hf_set(a[3], hf_clone(a[--i]));
	HF_EXPECT_EQ(i, 1);
	HF_EXPECT_EQ(hf_ref(a[3])->id, 1);
	hf_set(w[0], hf_downgrade(node, a[++i]));
	HF_EXPECT_EQ(i, 2);
	/* SAFETY: the place is empty. */
	hf_set(w[1], hf_move(w[j++]));
	HF_EXPECT_EQ(j, 1);
	HF_EXPECT_EQ(hf_set_ok(a[4], hf_upgrade(node, w[j++])), 0);
	HF_EXPECT_EQ(j, 2);
	HF_EXPECT_EQ(hf_ref(a[4])->id, 2);
	/* SAFETY: the place is empty. */
	hf_set(a[5], hf_move(a[i++]));
	HF_EXPECT_EQ(i, 3);
	for (size_t k = 0; k < 6; k++)
		node_arc_drop(&a[k]);
	node_weak_drop(&w[1]);
	HF_EXPECT_EQ(destroyed * 10 + released, 33);
}

/* --- counts at their limits --------------------------------------------------------------------- */

#define MAX_COUNT	0x7fffffff	/* the largest that is not saturated */

HF_TEST_UNANALYZED(arc, the_largest_count_is_an_ordinary_one)
{
	struct node_arc a = node_of(1), b = hf_empty(node_arc);
	struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");

	hf_test_escape(&a);
	hf_test_escape(&b);
	start();
	hf_sys_atomic_set(strong(n), MAX_COUNT - 1);
	hf_set(b, hf_clone(a));
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), MAX_COUNT);
	node_arc_drop(&b);
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), MAX_COUNT - 1);
	hf_sys_atomic_set(strong(n), 1);
	node_arc_drop(&a);
	HF_EXPECT_EQ(destroyed * 10 + released, 11);
}

#if HF_TEST_CHECKED
HF_TEST_UNANALYZED(arc, strong_count_saturates_and_never_frees)
{
	struct node_arc a = node_of(1), c = hf_empty(node_arc);
	struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");

	hf_test_escape(&a);
	hf_test_escape(&c);
	start();
	hf_sys_atomic_set(strong(n), MAX_COUNT);
	struct node_arc b = hf_clone(a);
	/* Too many now; the next operation finds it. */
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), -MAX_COUNT - 1);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		hf_set(c, hf_clone(a));
	}
	/* The reference is usable. */
	HF_EXPECT_PTR_EQ(hf_ref(c), n);
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
	/* The count stays saturated, whether owners are added or dropped. */
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		struct node_arc d = hf_clone(a);
		HF_EXPECT(!hf_is_empty(d));
	}
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		node_arc_drop(&a);
	}
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		node_arc_drop(&b);
	}
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		node_arc_drop(&c);
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
	HF_EXPECT_EQ(destroyed + released, 0);
	hf_free(n);
}

HF_TEST_UNANALYZED(arc, put_of_a_saturated_count_does_not_lead_out_of_it)
{
	static const int counts[] = { -MAX_COUNT - 1, -MAX_COUNT, HF_REFS_SATURATED_, -1, 0 };

	for (size_t i = 0; i < HF_TEST_COUNT(counts); i++) {
		struct node_arc a = node_of(1);
		struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");

		hf_test_escape(&a);
		start();
		hf_sys_atomic_set(strong(n), counts[i]);
		HF_EXPECT_REPORT(HF_REFCOUNT) {
			node_arc_drop(&a);
		}
		HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
		HF_EXPECT_EQ(destroyed + released, 0);
		hf_free(n);
	}
}

HF_TEST_UNANALYZED(arc, nothing_comes_back_from_zero)
{
	struct node_arc a = node_of(1);
	struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");

	hf_test_escape(&a);
	start();
	hf_sys_atomic_set(strong(n), 0);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		struct node_arc b = hf_clone(a);
		HF_EXPECT(!hf_is_empty(b));
	}
	/* The count is saturated: the object is leaked instead of freed twice. */
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
	HF_EXPECT_EQ(destroyed + released, 0);
	hf_free(n);
}

HF_TEST_UNANALYZED(arc, weak_count_saturates_and_never_releases)
{
	struct node_arc a = node_of(1);
	struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");
	struct node_weak w = hf_empty(node_weak);

	hf_test_escape(&a);
	hf_test_escape(&w);
	start();
	hf_sys_atomic_set(weak(n), -MAX_COUNT - 1);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		hf_set(w, hf_downgrade(node, a));
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(weak(n)), HF_REFS_SATURATED_);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		node_weak_drop(&w);
	}
	/* The object is destroyed; its memory stays, as there may be weak references. */
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		node_arc_drop(&a);
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(released, 0);
	hf_free(n);
}

HF_TEST_UNANALYZED(arc, upgrade_of_a_saturated_count_stays_saturated)
{
	struct node_arc a = node_of(1), b = hf_empty(node_arc), c = hf_empty(node_arc);
	struct node *const n = hf_expect(hf_arc_unique(a), "it is alone");
	struct node_weak w = hf_downgrade(node, a);

	hf_test_escape(&b);
	start();
	hf_sys_atomic_set(strong(n), MAX_COUNT);
	HF_EXPECT(hf_is_ok(hf_upgrade(node, w)));
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), -MAX_COUNT - 1);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		HF_EXPECT_EQ(hf_set_ok(b, hf_upgrade(node, w)), 0);
	}
	HF_EXPECT_PTR_EQ(hf_ref(b), n);
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
	HF_EXPECT_REPORT(HF_REFCOUNT) {
		HF_EXPECT_EQ(hf_set_ok(c, hf_upgrade(node, w)), 0);
	}
	HF_EXPECT_EQ(hf_sys_atomic_read(strong(n)), HF_REFS_SATURATED_);
	HF_EXPECT_EQ(destroyed + released, 0);
	hf_free(n);
}
#endif

/* --- threads ------------------------------------------------------------------------------------ */

#define ROUNDS	20000

static HF_UNANALYZED void clone_often(void *arc)
{
	const struct node_arc *a = arc;

	for (int i = 0; i < ROUNDS; i++) {
		hf_let_arc(node, b, hf_clone(*a));
		hf_let_weak(node, w, hf_downgrade(node, b));
		hf_let_arc(node, c, hf_empty(node_arc));

		if (hf_set_ok(c, hf_upgrade(node, w)) || hf_ref(c)->id != 1)
			hf_test_fail_(__FILE__, __LINE__, "lost a node that is owned");
	}
}

HF_TEST_UNANALYZED(arc, many_threads_leave_the_counts_as_they_were)
{
	struct node_arc a = node_of(1);
	struct hf_test_thread t[4];

	start();
	for (size_t i = 0; i < HF_TEST_COUNT(t); i++)
		hf_test_spawn(&t[i], clone_often, &a);
	for (size_t i = 0; i < HF_TEST_COUNT(t); i++)
		hf_test_join(&t[i]);
	HF_EXPECT_EQ(order, 0);
	HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
	node_arc_drop(&a);
	HF_EXPECT_EQ(order, 1112);
}

#define NODES	2000

static void count_destroy(struct node *n)
{
	__atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
	/* The last drop sees what the other owners wrote before theirs. */
	if (n->head != 1 || n->tail != 1)
		hf_test_fail_(__FILE__, __LINE__, "destroyed before its last use");
}

static void count_release(struct node *n)
{
	__atomic_fetch_add(&released, 1, __ATOMIC_RELAXED);
	hf_free(n);
}

HF_ARC_DEFINE(shared, struct node, refs, count_destroy, count_release);

/* Each thread drops one of the two owners of every node; the last drop destroys the node. */
struct racer {
	struct shared_arc arcs[NODES];
	bool second;
};

static HF_UNANALYZED void use_and_drop(void *racer)
{
	struct racer *r = racer;

	for (int i = 0; i < NODES; i++) {
		/* SAFETY: the arc keeps the node alive; each thread writes a field of its own. */
		struct node *n = r->arcs[i].own.ptr_;

		if (r->second)
			n->tail = 1;
		else
			n->head = 1;
		shared_arc_drop(&r->arcs[i]);
	}
}

HF_TEST_UNANALYZED(arc, the_last_of_two_threads_destroys_after_both)
{
	static struct racer r[2];
	struct hf_test_thread t[2];

	start();
	for (int i = 0; i < NODES; i++) {
		hf_set(r[0].arcs[i], hf_expect(hf_new_arc(shared, GFP_KERNEL), "no failure is injected"));
		hf_set(r[1].arcs[i], hf_clone(r[0].arcs[i]));
	}
	r[1].second = true;
	hf_test_spawn(&t[0], use_and_drop, &r[0]);
	hf_test_spawn(&t[1], use_and_drop, &r[1]);
	hf_test_join(&t[0]);
	hf_test_join(&t[1]);
	HF_EXPECT_EQ(destroyed, NODES);
	HF_EXPECT_EQ(released, NODES);
}

/* An upgrade that races with the last drop gives an owner or an error, never a destroyed object. */
struct upgrader {
	struct shared_weak weak[NODES];
	int won, lost;
};

static HF_UNANALYZED void upgrade_all(void *upgrader)
{
	struct upgrader *u = upgrader;

	for (int i = 0; i < NODES; i++) {
		struct shared_arc a = hf_empty(shared_arc);

		if (hf_set_ok(a, hf_upgrade(shared, u->weak[i]))) {
			u->lost++;
		} else {
			u->won++;
			/* SAFETY: a owns the node; ThreadSanitizer reports a race with the end. */
			((struct node *)a.own.ptr_)->head = 1;
			shared_arc_drop(&a);
		}
		shared_weak_drop(&u->weak[i]);
	}
}

static HF_UNANALYZED void drop_all(void *arcs)
{
	struct shared_arc *a = arcs;

	for (int i = 0; i < NODES; i++)
		shared_arc_drop(&a[i]);
}

HF_TEST_UNANALYZED(arc, upgrade_races_with_the_last_drop)
{
	static struct shared_arc a[NODES];
	static struct upgrader u;
	struct hf_test_thread t[2];

	start();
	u.won = u.lost = 0;
	for (int i = 0; i < NODES; i++) {
		hf_set(a[i], hf_expect(hf_new_arc(shared, GFP_KERNEL), "no failure is injected"));
		struct node *const n = hf_expect(hf_arc_unique(a[i]), "it is new");

		n->head = n->tail = 1;
		hf_set(u.weak[i], hf_downgrade(shared, a[i]));
	}
	hf_test_spawn(&t[0], drop_all, a);
	hf_test_spawn(&t[1], upgrade_all, &u);
	hf_test_join(&t[0]);
	hf_test_join(&t[1]);
	HF_EXPECT_EQ(u.won + u.lost, NODES);
	HF_EXPECT_EQ(destroyed, NODES);
	HF_EXPECT_EQ(released, NODES);
}

/*
 * Another thread switches between a second owner and a weak reference.  It always has one of them, so
 * hf_arc_unique() must never succeed.
 */
static hf_sys_atomic stop;

static HF_UNANALYZED void be_weak_or_strong(void *weak)
{
	struct node_weak *w = weak;

	for (int i = 0; i < 10 * ROUNDS; i++) {
		struct node_arc a = hf_expect(hf_upgrade(node, *w), "there is another owner");

		node_weak_drop(w);
		hf_set(*w, hf_downgrade(node, a));
		node_arc_drop(&a);
	}
	hf_sys_atomic_set(&stop, 1);
}

HF_TEST_UNANALYZED(arc, unique_is_not_fooled_by_a_race)
{
	struct node_arc a = node_of(1);
	struct node_weak w = hf_downgrade(node, a);
	struct hf_test_thread t;
	int alone = 0;

	hf_sys_atomic_init(&stop, 0);
	hf_test_spawn(&t, be_weak_or_strong, &w);
	while (!hf_sys_atomic_read(&stop))
		alone += hf_is_ok(hf_arc_unique(a));
	hf_test_join(&t);
	HF_EXPECT_EQ(alone, 0);
	node_weak_drop(&w);
	HF_EXPECT(hf_is_ok(hf_arc_unique(a)));
	node_arc_drop(&a);
}

/* ---- Types that refer to each other ---- */

HF_ARC_TYPES(bus, struct bus);
HF_ARC_TYPES(card, struct card);

struct card {
	int id;
	struct bus_weak bus;
	struct hf_refs refs;
};

struct bus {
	struct hf_refs refs;
	struct card_arc card;
};

static int buses_gone, cards_gone;

static void card_destroy(struct card *c)
{
	cards_gone++;
	bus_weak_drop(&c->bus);
}

static void card_release(struct card *c)
{
	hf_free(c);
}

static void bus_destroy(struct bus *p)
{
	buses_gone++;
	card_arc_drop(&p->card);
}

static void bus_release(struct bus *p)
{
	hf_free(p);
}

HF_ARC_FUNCTIONS(card, struct card, refs, card_destroy, card_release);
HF_ARC_FUNCTIONS(bus, struct bus, refs, bus_destroy, bus_release);

HF_TEST(arc, types_refer_to_each_other)
{
	buses_gone = cards_gone = 0;
	{
		hf_let_arc(bus, p, hf_expect(hf_new_arc(bus, GFP_KERNEL), "no failure is injected"));
		hf_let_arc(card, c, hf_expect(hf_new_arc(card, GFP_KERNEL), "no failure is injected"));

		struct bus *const alone = hf_expect(hf_arc_unique(p), "it is new");

		hf_set(hf_expect(hf_arc_unique(c), "it is new")->bus, hf_downgrade(bus, p));
		hf_set(alone->card, hf_clone(c));
		hf_drop_arc(bus, p);
		HF_EXPECT_EQ(buses_gone, 1);
		HF_EXPECT_EQ(cards_gone, 0);
		HF_EXPECT_ERR(hf_upgrade(bus, hf_ref(c)->bus), -ENOENT);
	}
	HF_EXPECT_EQ(cards_gone, 1);
}
