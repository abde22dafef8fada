// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a goto in a loop over a cursor of the same turn
// rule: jump-over-binding
// expect-gcc: (?:jump into scope|switch jumps into scope) of identifier with variably modified type
// expect-clang: cannot jump from (?:this goto|switch) statement to (?:its|this case) label
#include <holdfast/list.h>

struct entry {
	struct hf_link link;
	int key;
};
void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_LIST_DEFINE(entries, entry_own, struct entry, link);
int sum(struct entries *l, const int *skip, int n);

int sum(struct entries *l, const int *skip, int n)
{
	int total = 0;

	for (int i = 0; i < n; i++) {
#ifdef MISUSE
		if (skip[i])
			goto next; /* E */
#else
		if (skip[i])
			continue;
#endif
		hf_list_cursor(c, l);

		for (struct entry *e; (e = entries_next(&c));)
			total += e->key;
#ifdef MISUSE
next:
#endif
		total++;
	}
	return total;
}
