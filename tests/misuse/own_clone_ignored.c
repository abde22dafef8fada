// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference cloned for nobody
// rule: owner-ignored
// flags: -Werror=unused-value
// compilers: gcc
// expect: value computed is not used|ignoring return value|statement with no effect|unused
// coccinelle: what 'n' owned is leaked
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(void);
void attach(struct node_arc n);

void f(void);
void f(void)
{
	hf_let_arc(node, n, lookup());

#ifdef MISUSE
	hf_clone(n); /* E */
#else
	attach(hf_clone(n));
#endif
}
