// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference bound as an owner
// rule: weak-as-owner
// expect-gcc: invalid initializer|incompatible types when initializing
// expect-clang: initializing 'struct node_arc' with an expression of incompatible type
// explained: owner-of-other-type
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
	hf_let_arc(node, n, hf_move(w)); /* E */
#else
	hf_let_arc(node, n, hf_expect(hf_upgrade(node, w), "its owner waits"));
#endif
}
