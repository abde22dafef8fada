// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the functions of a counted object that forget the references in an array
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

struct proc {
	struct hf_refs refs;
	struct buf_own buf;
	struct {
		struct node_arc nodes[4];
	} table;
};

static void proc_destroy(struct proc *p)
{
	buf_own_drop(&p->buf);
#ifdef MISUSE
}
#else
	for (size_t i = 0; i < 4; i++)
		node_arc_drop(&hf_array_at(p->table.nodes, i));
}
#endif

static void proc_release(struct proc *p)
{
	hf_free(p); /* E */
}

HF_ARC_DEFINE(proc, struct proc, refs, proc_destroy, proc_release);
