// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to an element of a map of arcs, which others share
// rule: write-to-shared
// expect-gcc: assignment of member 'weight' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
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

int f(struct by_ptr *m, u64 ptr);
int f(struct by_ptr *m, u64 ptr)
{
#ifdef MISUSE
	hf_try(by_ptr_find_mut(m, ptr))->weight = 1; /* E */
#endif
	return hf_try(by_ptr_find(m, ptr))->weight;
}
