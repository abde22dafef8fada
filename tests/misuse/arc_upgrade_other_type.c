// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference upgraded to an owner of another type
// rule: owner-of-other-type
// expect: hf_upgrade: \\?'w\\?' is no struct proc_weak
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

void f(struct node_weak arg);
void f(struct node_weak arg)
{
	hf_let_weak(node, w, arg);
#ifdef MISUSE
	hf_let_arc(proc, p, hf_upgrade(proc, w)); /* E */
#else
	hf_let_arc(node, n, hf_expect(hf_upgrade(node, w), "its owner waits"));
#endif
}
