// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: use of a shared owner after it was moved
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
int peek(const struct node *n);

int f(void);
int f(void)
{
	hf_let_arc(node, n, lookup(1));

#ifdef MISUSE
	keep(hf_move(n));
	return peek(hf_ref(n)); /* E */
#else
	keep(hf_clone(n));
	return peek(hf_ref(n));
#endif
}
