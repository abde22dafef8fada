// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

struct node {
	struct hf_refs refs;
};

static void node_end(struct node *n)
{
	(void)n;
}

HF_ARC_DEFINE(node, struct node, refs, node_end, node_end);

int main(void)
{
	static struct node n;

	hf_refs_init(&n.refs);
	{
		/* SAFETY: none: it puts one reference twice. */
		struct node_arc a = hf_adopt_arc_unchecked(node, &n), copy = a;

		node_arc_drop(&a);
		node_arc_drop(&copy);
	}
	return 0;
}
