// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an arc behind an interface that lends exclusive borrows
// rule: write-to-shared
// expect: HF_IMPL_DEFINE: node_arc is a shared owner, so HF_DYN_DEFINE.* must have a const structure
#include <holdfast/arc.h>
#include <holdfast/dyn.h>

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
};

struct shape {
	const struct shape_ops *const ops;
};

#ifdef MISUSE
HF_DYN_DEFINE(shape, struct shape);
#else
HF_DYN_DEFINE(shape, const struct shape);
#endif

struct node {
	struct hf_refs refs;
	struct shape base;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_IMPL_DEFINE(node_shape, shape, node_arc, struct node, base); /* E */
