// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a destroy function of a counted object that drops a member on one way only
// rule: member-not-dropped
// compilers: none
// query: the function ends, but on one way not what its member 'buf'
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct node {
	struct hf_refs refs;
	struct buf_own buf;
	bool mapped;
};

static void node_destroy(struct node *n)
{
#ifdef MISUSE
	if (n->mapped)
		buf_own_drop(&n->buf); /* E */
#else
	buf_own_drop(&n->buf);
#endif
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
