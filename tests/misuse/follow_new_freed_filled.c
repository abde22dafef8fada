// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a member that was filled, and is lost where the object is freed on an error
// rule: member-not-dropped
// compilers: none
// checker: the object is freed, and with it what its member 'page' got on this path
#include <holdfast/holdfast.h>

struct page_buf {
	u8 bytes[512];
};

void page_buf_free(struct page_buf *b);
HF_OWN_DEFINE(page_buf, struct page_buf, page_buf_free);

struct query {
	struct page_buf_own page;
	u32 id;
};

int query_start(struct query *q);

/* It frees the query if that cannot be started. */
int query_begin(struct query *q);
int query_begin(struct query *q)
{
	hf_try_errno(hf_set_ok(q->page, hf_new(page_buf, GFP_KERNEL)));
	if (q->id > 64) {
#ifdef MISUSE
		hf_free(q); /* E */
#else
		page_buf_own_drop(&q->page);
		hf_free(q);
#endif
		return -ERANGE;
	}
	return query_start(q);
}
