// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a weak reference in an array is assigned
// rule: owner-overwritten
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
#include <holdfast/holdfast.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

void remember(struct node_weak *seen, struct node_arc arg);
void remember(struct node_weak *seen, struct node_arc arg)
{
	hf_let_arc(node, n, arg);

#ifdef MISUSE
	seen[0] = hf_downgrade(node, n); /* E */
#else
	hf_set(seen[0], hf_downgrade(node, n));
#endif
}
