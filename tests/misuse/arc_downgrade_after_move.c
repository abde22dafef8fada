// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference made from a shared owner that was moved
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'n.own'
// analyzer: use after 'hf_move' of 'n.own.moved_'
// coccinelle: 'n' was moved
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(int key);
void keep(struct node_arc n);

void f(void);
void f(void)
{
	hf_let_arc(node, n, lookup(1));

#ifdef MISUSE
	keep(hf_move(n));
#else
	keep(hf_clone(n));
#endif
	hf_let_weak(node, w, hf_downgrade(node, n)); /* E */
}
