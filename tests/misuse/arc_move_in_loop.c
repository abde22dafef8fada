// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a shared owner moved in a loop
// rule: move-in-loop
// compilers: none
// analyzer: use after 'hf_move' of 'n.own.moved_'
// explained: use-after-move
// coccinelle: 'n' is moved again by the loop that moved it
// checker: owns nothing here
// explained: use-after-move
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(void);
void attach(int i, struct node_arc n);

void f(int count);
void f(int count)
{
	hf_let_arc(node, n, lookup());

	for (int i = 0; i < count; i++)
#ifdef MISUSE
		attach(i, hf_move(n)); /* E */
#else
		attach(i, hf_clone(n));
#endif
}
