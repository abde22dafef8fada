// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference in a field copied instead of cloned
// rule: owner-copied
// compilers: none
// query: 'p->node' is copied, and stays an owner as well: hf_clone
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

struct node_arc f(const struct proc *p);
struct node_arc f(const struct proc *p)
{
#ifdef MISUSE
	return p->node; /* E */
#else
	return hf_clone(p->node);
#endif
}
