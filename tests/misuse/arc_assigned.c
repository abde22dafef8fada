// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an arc is assigned: one reference, two owners
// rule: owner-overwritten
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
#include <holdfast/holdfast.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

struct proc {
	struct node_arc context;
};

void inherit(struct proc *child, const struct proc *parent);
void inherit(struct proc *child, const struct proc *parent)
{
#ifdef MISUSE
	child->context = parent->context; /* E */
#else
	hf_set(child->context, hf_clone(parent->context));
#endif
}
