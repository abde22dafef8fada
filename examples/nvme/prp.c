// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The data pointer of a command: Physical Region Pages (NVMe 1.4, 4.3), or, if the device supports
 * it and the data is one segment, a Scatter Gather List (4.4) of one descriptor.
 *
 * PRP1 is the address of the data in the first page.  PRP2 is unused, the address of the second
 * page, or the address of a list of all pages but the first.  A list occupies up to a page; if more
 * pages follow, its last entry links to the next part of the list.
 */
#include "core.h"

u32 nvme_prps_needed(u32 max_transfer)
{
	/* An unaligned start adds a page; but the first page is in PRP1, not in the list. */
	u32 pages = max_transfer / NVME_PAGE_SIZE;
	u32 each = 1;

	if (pages > NVME_PRPS_PER_PAGE) {
		/* Add the links, and round up to pages, so that all parts are page-aligned. */
		pages += pages / (NVME_PRPS_PER_PAGE - 1);
		return (pages + NVME_PRPS_PER_PAGE - 1) / NVME_PRPS_PER_PAGE * NVME_PRPS_PER_PAGE;
	}
	/* A power of two, so that a short list does not cross a page boundary. */
	while (each < pages)
		each *= 2;
	return each;
}

int nvme_prp_check(struct nvme_segment_cslice data, u64 len)
{
	u64 total = 0, end = 0;

	hf_for_each(s, data) {
		if (total ? nvme_page_offset(s->addr) || nvme_page_offset(end) : s->addr % 4)
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
	if (hf_sys_read_once(&ns->can_sgl) && hf_len(data) == 1) {
		const struct nvme_segment *s = &hf_at(data, 0);

		req->sqe.flags = NVME_PUT(NVME_SQE_PSDT, NVME_SQE_PSDT_SGL);
		req->sqe.sgl = (struct nvme_sgl){
			.addr = hf_le64(s->addr), .len = hf_le32(s->len),
		};
	}
	return 0;
}

/* How many pages a segment covers. */
static u32 pages_of(const struct nvme_segment *s)
{
	const u64 end = (u64)nvme_page_offset(s->addr) + s->len;

	return (u32)((end + NVME_PAGE_SIZE - 1) / NVME_PAGE_SIZE);
}

/* The part of a list from entry @at on: @left entries, or those before its link. */
static inline struct nvme_prps_result part(const struct nvme_prps *list, size_t at, size_t left)
{
	const size_t room = NVME_PRPS_PER_PAGE - at % NVME_PRPS_PER_PAGE;

	return nvme_prps_subarray(list, at, left <= room ? left : room - 1);
}

/*
 * Set PRP1 and PRP2 of @sqe to @data, which passed nvme_prp_check(); -EINVAL if @list, which is
 * page-aligned or within a page, is too short for it.
 */
int nvme_prp_build(const struct nvme_prps *list, struct nvme_segment_cslice data,
		   struct nvme_sqe *sqe)
{
	size_t left = 0, at = 0, n = 0;
	struct nvme_prps here;
	u64 last = 0;
	bool started = false;

	hf_for_each(s, data)
		left += pages_of(s);
	/* The first page is in PRP1. */
	if (left)
		left--;
	if (hf_store_ok(here, part(list, 0, left)))
		return -EINVAL;

	hf_for_each(s, data) {
		u64 addr = s->addr;
		u32 pages = pages_of(s);

		if (!started && pages) {
			sqe->prp1 = hf_le64(addr);
			addr += NVME_PAGE_SIZE - nvme_page_offset(addr);
			pages--;
			started = true;
		}
		for (; pages; pages--) {
			if (HF_UNLIKELY(nvme_prps_try_write(&here, n, hf_le64(addr)))) {
				/* This part is full; the entry behind it links to the next. */
				at += n + 1;
				left -= n;
				if (hf_store_ok(here, part(list, at, left)) ||
				    nvme_prps_try_write(list, at - 1,
							hf_le64(nvme_prps_addr(&here))) ||
				    nvme_prps_try_write(&here, 0, hf_le64(addr)))
					return -EINVAL;
				n = 0;
			}
			n++;
			last = addr;
			addr += NVME_PAGE_SIZE;
		}
	}
	/* The last part of several has at least two entries, so n > 1 for every list. */
	if (n > 1)
		last = nvme_prps_addr(list);
	sqe->prp2 = hf_le64(last);
	return 0;
}
