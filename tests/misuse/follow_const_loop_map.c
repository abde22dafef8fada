// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over a const map, whose element is moved to a list meanwhile
// rule: borrow-outlives-owner
// compilers: none
// checker: give hf_map_cursor\(\) a pointer that is not const
#include <holdfast/list.h>
#include <holdfast/map.h>

struct page {
	const u64 index;
	struct hf_map_link link;
	struct hf_link in_list;
	u32 dirty;
};

static void page_free(struct page *p)
{
	hf_link_fini(&p->link);
	hf_link_fini(&p->in_list);
	hf_free(p);
}

HF_OWN_DEFINE(page, struct page, page_free);
HF_MAP_DEFINE(pages, page_own, struct page, link, index, hf_compare);
HF_LIST_DEFINE(page_list, page_own, struct page, in_list);

int pages_collect(struct pages *m, struct page_list *to);
int pages_collect(struct pages *m, struct page_list *to)
{
#ifdef MISUSE
	const struct pages *const view = m;
#else
	struct pages *const view = m;
#endif

	hf_map_cursor(c, view);
	for (const struct page *p; (p = pages_next(&c));) {
		if (!p->dirty)
			continue;
		hf_let(page, out, hf_try(pages_remove(m, p))); /* E */
		page_list_push_back(to, hf_move(out));
	}
	return 0;
}
