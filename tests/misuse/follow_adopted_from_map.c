// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element that a map still has becomes an owner
// rule: owner-copied
// compilers: none
// checker: flows' has this element still, and owns it
#include <holdfast/map.h>

struct flow {
	const u32 id;
	struct hf_map_link link;
	u64 packets;
};

void flow_free(struct flow *f);
HF_OWN_DEFINE(flow, struct flow, flow_free);
HF_MAP_DEFINE(flows, flow_own, struct flow, link, id, hf_compare);

struct flow_table {
	struct flows flows;
	u64 evicted;
};

static struct flow *table_find(struct flow_table *t, u32 id)
{
	struct flow *f = NULL;

	return hf_store_ok(f, flows_find_mut(&t->flows, id)) ? NULL : f;
}

int table_evict(struct flow_table *t, u32 id);
int table_evict(struct flow_table *t, u32 id)
{
	struct flow *const f = table_find(t, id);

	if (!f)
		return -ENOENT;
	t->evicted += f->packets;
#ifdef MISUSE
	/* SAFETY: nobody finds it any more. */
	hf_let(flow, gone, hf_adopt_unchecked(flow, f)); /* E */
#else
	hf_let(flow, gone, hf_try(flows_remove(&t->flows, f)));
#endif
	return 0;
}
