// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element inserted again, after an attempt that took it
// rule: list-twice
// compilers: clang>=22
// expect: releasing ownership of 'n.own' that was not held
// explained: use-after-move
// analyzer: use after 'hf_move' of 'n.own.moved_'
// coccinelle: 'n' was moved
#include <holdfast/arc.h>
#include <holdfast/map.h>

struct node {
	struct hf_refs refs;
	const u64 ptr;
	struct hf_map_link link;
	int weight;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_MAP_DEFINE(by_ptr, node_arc, struct node, link, ptr, hf_compare);

int f(struct by_ptr *a, struct by_ptr *b, struct node_arc arg);
int f(struct by_ptr *a, struct by_ptr *b, struct node_arc arg)
{
	hf_let_arc(node, n, arg);

#ifdef MISUSE
	if (by_ptr_insert(a, hf_move(n)))
		return by_ptr_insert(b, hf_move(n)); /* E */
#else
	if (by_ptr_insert(a, hf_clone(n)))
		return by_ptr_insert(b, hf_move(n));
#endif
	return 0;
}
