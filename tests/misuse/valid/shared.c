// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Shared owners, weak references and what hangs on them.
#include <holdfast/arc.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct counters {
	int hits;
};

HF_LOCKED_DEFINE(locked_counters, spinlock, struct counters);

struct node {
	struct hf_refs refs;
	struct locked_counters counters;
	struct hf_link link;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_LIST_DEFINE(tree, node_arc, struct node, link);

void keep(struct node_arc n);
int peek(const struct node *n);

struct node_arc_result node_new(int id);
struct node_arc_result node_new(int id)
{
	hf_let_arc(node, n, hf_try_in(node_arc, hf_new_arc(node, GFP_KERNEL)));

	struct node *alone = hf_try_in(node_arc, hf_arc_unique(n));

	alone->id = id;
	hf_lock_init(&alone->counters);
	return hf_ok(node_arc, hf_move(n));
}

/* A shared borrow is enough to lock. */
int hit(const struct node *n);
int hit(const struct node *n)
{
	hf_lock(c, &n->counters);
	return c->hits++;
}

int share(int c);
int share(int c)
{
	hf_let_arc(node, n, hf_try(node_new(1)));
	hf_let_arc(node, m, hf_clone(n));
	{
		hf_borrow(r, n);
		hf_borrow(s, n);

		if (peek(r) != peek(s))
			return -1;
	}
	keep(hf_move(m));
	if (c)
		keep(hf_clone(n));
	hf_let_weak(node, w, hf_downgrade(node, n));
	hf_drop_arc(node, n);
	hf_let_arc(node, again, hf_try(hf_upgrade(node, w)));
	return hit(hf_ref(again));
}

void list_them(struct tree *l, struct node_arc arg);
void list_them(struct tree *l, struct node_arc arg)
{
	hf_let_arc(node, n, arg);

	tree_push_back(l, hf_clone(n));
	tree_push_front(l, hf_move(n));
	{
		hf_list_cursor(c, l);
		for (const struct node *x; (x = tree_next(&c));)
			(void)hit(x);
	}
	tree_clear(l);
}
