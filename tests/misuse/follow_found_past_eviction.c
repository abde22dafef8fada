// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an entry of a cache is used after a helper made room, and may have dropped it
// rule: borrow-outlives-owner
// compilers: none
// checker: which dropped an element in line 31, and it may be this one
#include <holdfast/map.h>

struct entry {
	const u32 inode;
	struct hf_map_link link;
	u32 hits;
};

void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_MAP_DEFINE(entries, entry_own, struct entry, link, inode, hf_compare);

struct dcache {
	struct entries by_inode;
	u32 nr, limit;
};

static bool dcache_is_full(const struct dcache *c)
{
	return c->nr > c->limit;
}

static void dcache_shrink(struct dcache *c)
{
	while (dcache_is_full(c)) {
		hf_drop_ok(entry_own, entries_pop_first(&c->by_inode));
		c->nr--;
	}
}

int dcache_hit(struct dcache *c, u32 inode, u32 *hits);
int dcache_hit(struct dcache *c, u32 inode, u32 *hits)
{
	struct entry *e;

#ifdef MISUSE
	e = hf_try(entries_find_mut(&c->by_inode, inode));
	dcache_shrink(c);
	*hits = ++e->hits; /* E */
#else
	dcache_shrink(c);
	e = hf_try(entries_find_mut(&c->by_inode, inode));
	*hits = ++e->hits;
#endif
	return 0;
}
