// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference cloned as if it were an owner
// rule: weak-as-owner
// expect: hf_clone: \\?'w\\?' is a weak reference: use hf_upgrade\(\)
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

void f(struct node_weak arg);
void f(struct node_weak arg)
{
	hf_let_weak(node, w, arg);
#ifdef MISUSE
	hf_let_weak(node, v, hf_clone(w)); /* E */
#else
	hf_let_arc(node, n, hf_expect(hf_upgrade(node, w), "its owner waits"));
#endif
}
