// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of what an arc refers to, through a shared borrow of its holder
// rule: write-to-shared
// compilers: any
// expect: is reached through a shared borrow \(const\)
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

#ifdef MISUSE
int rename_context(const struct proc *p, int id);
int rename_context(const struct proc *p, int id)
#else
int rename_context(struct proc *p, int id);
int rename_context(struct proc *p, int id)
#endif
{
	hf_try(hf_arc_unique(p->context))->id = id; /* E */
	return 0;
}
