// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a shared owner moved twice
// rule: use-after-move
// compilers: clang>=22
// expect: releasing ownership of 'n.own' that was not held
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
	keep(hf_move(n)); /* E */
#else
	keep(hf_clone(n));
	keep(hf_move(n));
#endif
}
