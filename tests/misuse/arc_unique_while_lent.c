// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of a lone shared owner while it is borrowed
// rule: loan-conflict
// compilers: clang>=22
// expect: cannot call function 'hf_arc_unique_' while loan of 'n.own.loan' is held
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(int key);
int peek(const struct node *n);
void poke(struct node *n);

int f(void);
int f(void)
{
	hf_let_arc(node, n, lookup(1));
	hf_borrow(r, n);

#ifdef MISUSE
	poke(hf_try(hf_arc_unique(n))); /* E */
#endif
	return peek(r);
}
