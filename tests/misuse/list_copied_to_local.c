// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list copied to a local variable
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/list.h>

struct item {
	struct hf_link link;
};

void item_free(struct item *i);
HF_OWN_DEFINE(item, struct item, item_free);
HF_LIST_DEFINE(item_list, item_own, struct item, link);
bool has_items(const struct item_list *l);

bool f(const struct item_list *from);
bool f(const struct item_list *from)
{
#ifdef MISUSE
	const struct item_list copy = *from; /* E */

	return has_items(&copy);
#else
	return has_items(from);
#endif
}
