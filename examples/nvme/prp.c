// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Physical Region Pages (NVMe 1.4, 4.3): how a command says where its data is.
 *
 * PRP1 is the first page, with an offset.  PRP2 is nothing, or the second page, or, where there are
 * more, a list of all but the first.  A list ends at the end of a page; if more pages follow, its
 * last entry is not one of them but the address of the next part of the list.
 */
#include "core.h"

static u32 place_in_page(u64 addr)
{
	return (u32)(addr & (NVME_PAGE_SIZE - 1));
}

u32 nvme_prps_needed(u32 max_transfer)
{
	/* With an unaligned start there is one page more than this; but the first is in PRP1. */
	u32 pages = max_transfer / NVME_PAGE_SIZE;
	u32 each = 1;

	if (pages > NVME_PRPS_PER_PAGE) {
		/* And links to further parts; whole pages, so that parts start where pages do. */
		pages += pages / (NVME_PRPS_PER_PAGE - 1);
		return (pages + NVME_PRPS_PER_PAGE - 1) / NVME_PRPS_PER_PAGE * NVME_PRPS_PER_PAGE;
	}
	/* A power of two divides a page, so a short list lies in one. */
	while (each < pages)
		each *= 2;
	return each;
}

/* Whether PRPs can express @data, of @len bytes: only at its two ends may it stop within a page. */
int nvme_prp_check(struct nvme_segment_cslice data, u64 len)
{
	u64 total = 0, end = 0;

	hf_for_each(s, data) {
		if (total ? place_in_page(s->addr) || place_in_page(end) : s->addr % 4)
			return -EINVAL;
		if (!s->len)
			return -EINVAL;
		end = hf_try(hf_add_u64(s->addr, s->len));
		total += s->len;
	}
	return total == len ? 0 : -EINVAL;
}

/* A PRP list under construction. */
struct prp_list {
	const struct nvme_prps *prps;
	size_t at, end;		/* the next place, and the one after the last of this slot */
	u64 held;		/* an entry whose place depends on whether another follows */
	u32 pages;		/* added, the one that is held included */
};

static int prps_put(struct prp_list *l, u64 addr)
{
	if (HF_UNLIKELY(l->at == l->end))
		return -EINVAL;
	nvme_prps_write(l->prps, l->at++, hf_le64(addr));
	return 0;
}

/* Put the entry held in its place; if another follows, the last place of a page is for the link. */
static int prps_flush(struct prp_list *l, bool more)
{
	if (more && l->at % NVME_PRPS_PER_PAGE == NVME_PRPS_PER_PAGE - 1)
		hf_try_errno(prps_put(l, nvme_prps_addr(l->prps) + (l->at + 1) * NVME_PRP_BYTES));
	return prps_put(l, l->held);
}

static int prps_add(struct prp_list *l, u64 addr)
{
	if (l->pages++)
		hf_try_errno(prps_flush(l, true));
	l->held = addr;
	return 0;
}

/*
 * Fill in PRP1 and PRP2 of @sqe for @data, which nvme_prp_check() found good; -EINVAL if it is more
 * than the @room entries of @lists from @first on can hold.
 */
int nvme_prp_build(const struct nvme_prps *lists, size_t first, size_t room,
		   struct nvme_segment_cslice data, struct nvme_sqe *sqe)
{
	struct prp_list l = { .prps = lists, .at = first, .end = first + room };
	bool started = false;

	hf_for_each(s, data) {
		u64 addr = s->addr;
		u32 left = s->len;

		while (left) {
			u32 piece = NVME_PAGE_SIZE - place_in_page(addr);

			if (piece > left)
				piece = left;
			if (started)
				hf_try_errno(prps_add(&l, addr));
			else
				sqe->prp1 = hf_le64(addr);
			started = true;
			addr += piece;
			left -= piece;
		}
	}
	if (l.pages <= 1) {
		sqe->prp2 = hf_le64(l.held);
		return 0;
	}
	sqe->prp2 = hf_le64(nvme_prps_addr(lists) + first * NVME_PRP_BYTES);
	return prps_flush(&l, false);
}
