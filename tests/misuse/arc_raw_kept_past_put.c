// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer kept past the put of its reference
// rule: borrow-outlives-owner
// compilers: none
// analyzer: use after 'hf_move' of 'raw'
// coccinelle: 'raw' borrows from 'n', which was moved
// checker: uses a pointer to what belongs to
#include <holdfast/arc.h>

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
struct node_arc lookup(void);

int f(void);
int f(void)
{
	hf_let_arc(node, n, lookup());
	const struct node *const raw = hf_ref(n);
	const int id = raw->id;

	hf_drop_arc(node, n);
#ifdef MISUSE
	return id + raw->id; /* E */
#else
	return id;
#endif
}
