// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow through a weak reference, whose object may be gone
// rule: weak-as-owner
// expect: hf_ref: \\?'w\\?' is a weak reference: use hf_upgrade\(\)
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
	hf_let_arc(node, n, hf_expect(hf_upgrade(node, w), "its owner waits"));

#ifdef MISUSE
	return hf_ref(w)->id; /* E */
#else
	return hf_is_empty(n) ? -1 : hf_ref(n)->id;
#endif
}
