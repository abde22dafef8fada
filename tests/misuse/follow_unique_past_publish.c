// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive pointer to an arc in a member, after another function gave a reference away
// rule: borrow-outlives-owner
// compilers: none
// checker: 'b->raw' was borrowed earlier, from 'b->table', which was moved or dropped in line
#include <holdfast/arc.h>

struct table {
	struct hf_refs refs;
	u32 entry[16], n;
};

void table_destroy(struct table *t);
void table_release(struct table *t);
HF_ARC_DEFINE(table, struct table, refs, table_destroy, table_release);

void readers_publish(struct table_arc t);

struct builder {
	struct table_arc table;
	struct table *raw;
};

int builder_begin(struct builder *b);
int builder_begin(struct builder *b)
{
	b->raw = hf_try(hf_arc_unique(b->table));
	return 0;
}

static int builder_add(struct builder *b, u32 v)
{
	if (!b->raw || b->raw->n == 16) /* E */
		return -ENOSPC;
	b->raw->entry[b->raw->n++] = v;
	return 0;
}

int builder_publish(struct builder *b);
int builder_publish(struct builder *b)
{
#ifdef MISUSE
	readers_publish(hf_clone(b->table));
	return builder_add(b, ~0U);
#else
	hf_try_errno(builder_add(b, ~0U));
	b->raw = NULL;
	readers_publish(hf_clone(b->table));
	return 0;
#endif
}
