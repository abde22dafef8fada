// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a named borrow through a weak reference
// rule: weak-as-owner
// expect: hf_borrow: \\?'w\\?' is a weak reference: use hf_upgrade\(\)
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

int f(struct node_weak arg);
int f(struct node_weak arg)
{
	hf_let_weak(node, w, arg);
#ifdef MISUSE
	hf_borrow(r, w); /* E */
#else
	hf_let_arc(node, n, hf_expect(hf_upgrade(node, w), "its owner waits"));
	hf_borrow(r, n);
#endif

	return r->id;
}
