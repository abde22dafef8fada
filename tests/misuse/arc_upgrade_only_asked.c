// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_upgrade() to ask whether the object is there: the reference is never put
// rule: owner-ignored
// compilers: none
// query: is lost, as it is only asked for its error
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int n;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

int f(const struct node_weak *w);
int f(const struct node_weak *w)
{
#ifdef MISUSE
	return hf_is_ok(hf_upgrade(node, *w)) ? 1 : 0; /* E */
#else
	hf_let_arc(node, n, hf_try_or(hf_upgrade(node, *w), 0));

	return hf_ref(n)->n;
#endif
}
