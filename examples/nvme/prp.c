// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * How a command says where its data is: Physical Region Pages (NVMe 1.4, 4.3), or, where the device
 * knows them and the data is one piece, a Scatter Gather List (4.4) of that.
 *
 * PRP1 is the first page, with an offset.  PRP2 is nothing, or the second page, or, where there are
 * more, a list of all but the first.  A list ends at the end of a page; if more pages follow, its
 * last entry is not one of them but the address of the next part of the list.
 */
#include "core.h"

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

int nvme_prp_check(struct nvme_segment_cslice data, u64 len)
{
	u64 total = 0, end = 0;

	hf_for_each(s, data) {
		if (total ? nvme_place_in_page(s->addr) || nvme_place_in_page(end) : s->addr % 4)
			return -EINVAL;
		if (!s->len)
			return -EINVAL;
		end = hf_try(hf_add_u64(s->addr, s->len));
		total += s->len;
	}
	return total == len ? 0 : -EINVAL;
}

int nvme_data_prepare_large(struct nvme_request *req, const struct nvme_namespace *ns,
			    struct nvme_segment_cslice data, u64 len)
{
	hf_try_errno(nvme_prp_check(data, len));
	req->data = data;
	if (ns->can_sgl && hf_len(data) == 1) {
		const struct nvme_segment *s = &hf_at(data, 0);

		req->sqe.flags = NVME_PUT(NVME_SQE_PSDT, NVME_SQE_PSDT_SGL);
		req->sqe.sgl = (struct nvme_sgl){
			.addr = hf_le64(s->addr), .len = hf_le32(s->len),
		};
		req->data = nvme_no_data;
	}
	return 0;
}

/* Pages that a segment touches. */
static u32 pages_of(const struct nvme_segment *s)
{
	const u64 end = (u64)nvme_place_in_page(s->addr) + s->len;

	return (u32)((end + NVME_PAGE_SIZE - 1) / NVME_PAGE_SIZE);
}

/*
 * Fill in PRP1 and PRP2 of @sqe for @data, which nvme_prp_check() found good; -EINVAL if it is more
 * than the @room entries of @lists from @first on can hold.
 */
int nvme_prp_build(const struct nvme_prps *lists, size_t first, size_t room,
		   struct nvme_segment_cslice data, struct nvme_sqe *sqe)
{
	size_t entries = 0, left, at = first;
	u64 last = 0;
	bool started = false;

	hf_for_each(s, data)
		entries += pages_of(s);
	/* The first page is in PRP1; each part of a list but the last ends with a link. */
	if (entries)
		entries--;
	if (entries + (entries > 1 ? (entries - 2) / (NVME_PRPS_PER_PAGE - 1) : 0) > room)
		return -EINVAL;

	left = entries;
	hf_for_each(s, data) {
		u64 addr = s->addr;
		u32 pages = pages_of(s);

		if (!started && pages) {
			sqe->prp1 = hf_le64(addr);
			addr += NVME_PAGE_SIZE - nvme_place_in_page(addr);
			pages--;
			started = true;
		}
		for (; pages; pages--, left--) {
			if (HF_UNLIKELY((at + 1) % NVME_PRPS_PER_PAGE == 0 && left > 1)) {
				const u64 next = nvme_prps_addr(lists) + (at + 1) * NVME_PRP_BYTES;

				nvme_prps_write(lists, at++, hf_le64(next));
			}
			nvme_prps_write(lists, at++, hf_le64(addr));
			last = addr;
			addr += NVME_PAGE_SIZE;
		}
	}
	if (entries > 1)
		last = nvme_prps_addr(lists) + first * NVME_PRP_BYTES;
	sqe->prp2 = hf_le64(last);
	return 0;
}
