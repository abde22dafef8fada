// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference of another type made from an owner
// rule: owner-of-other-type
// expect: hf_downgrade: \\?'n\\?' is no struct proc_arc
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

struct proc {
	int id;
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
void proc_destroy(struct proc *p);
void proc_release(struct proc *p);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_ARC_DEFINE(proc, struct proc, refs, proc_destroy, proc_release);
struct node_arc lookup(int key);

void f(void);
void f(void)
{
	hf_let_arc(node, n, lookup(1));
#ifdef MISUSE
	hf_let_weak(proc, w, hf_downgrade(proc, n)); /* E */
#else
	hf_let_weak(node, w, hf_downgrade(node, n));
#endif
}
