// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference in a field copied
// rule: owner-copied
// compilers: none
// query: 'p->parent' is copied, and stays an owner as well: hf_take
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

struct proc {
	struct node_arc node;
	struct node_weak parent;
};
void forget(struct node_weak w);

void f(struct proc *p);
void f(struct proc *p)
{
#ifdef MISUSE
	forget(p->parent); /* E */
#else
	forget(hf_take(p->parent));
#endif
}
