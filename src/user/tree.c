// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Balanced trees by libbsd's <sys/tree.h>, of which this is the only user.  Empty where there is no such header, so
 * that the library builds without it.
 */
#include <holdfast/sys/compiler.h>
#include <holdfast/sys/sys.h>

#if defined(__has_include) && __has_include(<bsd/sys/tree.h>)
#include <bsd/sys/tree.h>

struct node {
	RB_ENTRY(node) e;
};

RB_HEAD(tree, node);

_Static_assert(sizeof(struct hf_sys_tree_node) == sizeof(struct node) &&
	       offsetof(struct hf_sys_tree_node, left_) == offsetof(struct node, e.rbe_left) &&
	       offsetof(struct hf_sys_tree_node, right_) == offsetof(struct node, e.rbe_right) &&
	       sizeof(struct hf_sys_tree) == sizeof(struct tree), "the structures of user.h are libbsd's");

/* Who goes down the tree compares; libbsd's own functions for that are not called. */
static int order(const struct node *a, const struct node *b)
{
	(void)a;
	(void)b;
	return 0;
}

RB_GENERATE_INTERNAL(tree, node, e, order, static __attribute__((unused)))

void hf_user_tree_insert_(struct hf_sys_tree *t, struct hf_sys_tree_node *parent, struct hf_sys_tree_node **place,
			  struct hf_sys_tree_node *x)
{
	struct node *n = (struct node *)(void *)x;

	RB_SET(n, (struct node *)(void *)parent, e);
	*place = x;
	tree_RB_INSERT_COLOR((struct tree *)(void *)t, n);
}

void hf_user_tree_remove_(struct hf_sys_tree *t, struct hf_sys_tree_node *x)
{
	RB_REMOVE(tree, (struct tree *)(void *)t, (struct node *)(void *)x);
}

struct hf_sys_tree_node *hf_user_tree_next_(const struct hf_sys_tree_node *x)
{
	return (struct hf_sys_tree_node *)(void *)RB_NEXT(tree, NULL, (struct node *)(unsigned long)x);
}

struct hf_sys_tree_node *hf_user_tree_prev_(const struct hf_sys_tree_node *x)
{
	return (struct hf_sys_tree_node *)(void *)RB_PREV(tree, NULL, (struct node *)(unsigned long)x);
}
#endif
