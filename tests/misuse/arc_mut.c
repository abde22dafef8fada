// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of what is shared
// rule: write-to-shared
// expect: hf_mut: \\?'n\\?' is a shared owner, which gives no exclusive borrow
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(int key);

void f(void);
void f(void)
{
	hf_let_arc(node, n, lookup(1));

#ifdef MISUSE
	hf_mut(n)->id = 2; /* E */
#else
	hf_expect(hf_arc_unique(n), "nobody else has it yet")->id = 2;
#endif
}
