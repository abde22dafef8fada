// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function's shared owner is ignored, and leaks
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(int key);

int f(void);
int f(void)
{
#ifdef MISUSE
	lookup(1); /* E */
#else
	hf_let_arc(node, n, lookup(1));
#endif
	return 0;
}
