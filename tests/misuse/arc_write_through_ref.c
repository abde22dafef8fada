// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to what is shared
// rule: write-to-shared
// expect-gcc: assignment of member 'id' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(int key);

int f(void);
int f(void)
{
	hf_let_arc(node, n, lookup(1));

#ifdef MISUSE
	hf_ref(n)->id = 2; /* E */
#endif
	return hf_ref(n)->id;
}
