// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: memset() by a helper over a structure in use that owns something
// rule: owner-overwritten
// compilers: none
// checker: memset\(\) overwrites 'page', which may own something here
#include <holdfast/holdfast.h>

struct page {
	u8 bytes[4096];
};

void page_free(struct page *p);
HF_OWN_DEFINE(page, struct page, page_free);

struct lane {
	u32 head, tail;
	struct {
		struct page_own page;
	} ring;
};

static void lane_clear(struct lane *l)
{
#ifdef MISUSE
	memset(l, 0, sizeof(*l)); /* E */
#else
	page_own_drop(&l->ring.page);
	l->head = 0;
	l->tail = 0;
#endif
}

int lane_recover(struct lane *l, u32 stalled);
int lane_recover(struct lane *l, u32 stalled)
{
	if (l->tail != stalled)
		return -EAGAIN;
	lane_clear(l);
	return hf_set_ok(l->ring.page, hf_new(page, GFP_KERNEL));
}
