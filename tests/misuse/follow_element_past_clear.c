// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element that a cursor gave, used after the list was cleared by another function
// rule: borrow-outlives-owner
// compilers: none
// analyzer: use after 'hf_drop' of 'e'
// checker: uses a pointer to what belongs to
#include <holdfast/list.h>

struct entry {
	struct hf_link link;
	u32 size;
};

void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_LIST_DEFINE(entries, entry_own, struct entry, link);

struct cache {
	struct entries entries;
	u32 bytes;
};

static void flush(struct cache *c)
{
	c->bytes = 0;
#ifdef MISUSE
	entries_clear(&c->entries);
#endif
}

u32 f(struct cache *c);
u32 f(struct cache *c)
{
	hf_list_cursor(at, &c->entries);
	struct entry *e = entries_next(&at);

	if (!e)
		return 0;
	flush(c);
	return e->size; /* E */
}
