// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a list, read when its owner's scope has ended
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'gone', whose scope has ended
#include <holdfast/list.h>

struct entry {
	struct hf_link link;
	u64 expires;
	u32 size;
};

void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_LIST_DEFINE(entries, entry_own, struct entry, link);

u32 f(struct entries *l, u64 now);
u32 f(struct entries *l, u64 now)
{
	u32 bytes = 0;
	hf_list_cursor(at, l);

	for (struct entry *e; (e = entries_next(&at));) {
		if (e->expires > now)
			continue;
#ifdef MISUSE
		{
			hf_let(entry, gone, hf_expect(entries_remove(l, e), "the loop is at it"));
		}
#endif
		bytes += e->size; /* E */
	}
	return bytes;
}
