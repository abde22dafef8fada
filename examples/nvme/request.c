// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Requests: commands of the NVM command set (NVMe 1.4, 6), and status codes (4.6.1). */
#include "core.h"

void nvme_request_free(struct nvme_request *req)
{
	hf_link_fini(&req->link);
	if (req->release)
		req->release(req);
	else
		hf_free(req);
}

/* ---- Preparing ---- */

/* Naming all fields makes the compiler write each of them once, without clearing first. */
static inline int prepare(struct nvme_request *req, u8 opcode, const struct nvme_namespace *ns,
			  u64 cdw10_11, u32 cdw12, struct nvme_segment_cslice data, u64 len)
{
	req->sqe = (struct nvme_sqe){
		.opcode = opcode, .flags = 0, .cid = hf_le16(0), .nsid = hf_le32(ns->nsid),
		.cdw2 = hf_le32(0), .cdw3 = hf_le32(0), .mptr = hf_le64(0),
		.prp1 = hf_le64(0), .prp2 = hf_le64(0),
		.cdw10 = hf_le32((u32)cdw10_11), .cdw11 = hf_le32((u32)(cdw10_11 >> 32)),
		.cdw12 = hf_le32(cdw12), .cdw13 = hf_le32(0),
		.cdw14 = hf_le32(0), .cdw15 = hf_le32(0),
	};
	req->ns = ns;
	return nvme_data_prepare(req, ns, data, len);
}

static inline int check_blocks(const struct nvme_namespace *ns, u64 lba, u32 blocks)
{
	const u64 all = hf_sys_read_once(&ns->blocks);

	if (!blocks)
		return -EINVAL;
	return lba < all && blocks <= all - lba ? 0 : -ERANGE;
}

/* Dword 12 of Read, Write and Write Zeroes (6.9, 6.15, 6.17). */
static u32 rw_control(u32 blocks, unsigned int flags)
{
	return NVME_PUT(NVME_RW_NLB, blocks - 1) | (flags & NVME_FUA ? NVME_RW_FUA : 0) |
	       (flags & NVME_DEALLOCATE ? NVME_RW_DEAC : 0);
}

static inline int prepare_rw(struct nvme_request *req, u8 opcode, const struct nvme_namespace *ns,
			     u64 lba, u32 blocks, struct nvme_segment_cslice data,
			     unsigned int flags)
{
	hf_try_errno(check_blocks(ns, lba, blocks));
	if (blocks > hf_sys_read_once(&ns->max_blocks))
		return -EMSGSIZE;
	return prepare(req, opcode, ns, lba, rw_control(blocks, flags), data,
		       (u64)blocks << ns->block_shift);
}

int nvme_prep_read(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba, u32 blocks,
		   struct nvme_segment_cslice data)
{
	return prepare_rw(req, NVME_IO_READ, ns, lba, blocks, data, 0);
}

int nvme_prep_write(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba, u32 blocks,
		    struct nvme_segment_cslice data, unsigned int flags)
{
	return prepare_rw(req, NVME_IO_WRITE, ns, lba, blocks, data, flags & NVME_FUA);
}

int nvme_prep_flush(struct nvme_request *req, const struct nvme_namespace *ns)
{
	return prepare(req, NVME_IO_FLUSH, ns, 0, 0, nvme_no_data, 0);
}

int nvme_prep_write_zeroes(struct nvme_request *req, const struct nvme_namespace *ns, u64 lba,
			   u32 blocks, unsigned int flags)
{
	if (!hf_sys_read_once(&ns->can_write_zeroes))
		return -EOPNOTSUPP;
	hf_try_errno(check_blocks(ns, lba, blocks));
	/* No data moves, so the limit is not MDTS but the width of NLB (6.17), or WZSL. */
	if (blocks > hf_sys_read_once(&ns->max_zero_blocks))
		return -EMSGSIZE;
	if (!hf_sys_read_once(&ns->zeroes_may_deallocate))
		flags &= ~NVME_DEALLOCATE;
	return prepare(req, NVME_IO_WRITE_ZEROES, ns, lba, rw_control(blocks, flags),
		       nvme_no_data, 0);
}

int nvme_dsm_range_set(struct nvme_dsm_range *range, const struct nvme_namespace *ns, u64 lba,
		       u32 blocks)
{
	hf_try_errno(check_blocks(ns, lba, blocks));
	if (blocks > hf_sys_read_once(&ns->max_range_blocks))
		return -EMSGSIZE;
	*range = (struct nvme_dsm_range){ .nlb = hf_le32(blocks), .slba = hf_le64(lba) };
	return 0;
}

int nvme_prep_deallocate(struct nvme_request *req, const struct nvme_namespace *ns, u32 ranges,
			 struct nvme_segment_cslice data)
{
	if (!hf_sys_read_once(&ns->can_deallocate))
		return -EOPNOTSUPP;
	if (!ranges)
		return -EINVAL;
	if (ranges > hf_sys_read_once(&ns->max_ranges))
		return -EMSGSIZE;
	return prepare(req, NVME_IO_DSM, ns,
		       (u64)NVME_DSM_AD << 32 | NVME_PUT(NVME_DSM_NR, ranges - 1), 0, data,
		       (u64)ranges * sizeof(struct nvme_dsm_range));
}

/* ---- Status ---- */

static const struct {
	u16 code;
	s16 err;
} status_errors[] = {
	{ NVME_SC_INVALID_OPCODE,	-EOPNOTSUPP },
	{ NVME_SC_INVALID_FIELD,	-EINVAL },
	{ NVME_SC_INVALID_NAMESPACE,	-ENXIO },
	{ NVME_SC_NAMESPACE_NOT_READY,	-EBUSY },
	{ NVME_SC_PRP_OFFSET,		-EINVAL },
	/* The core aborts only what timed out. */
	{ NVME_SC_ABORT_REQUESTED,	-ETIMEDOUT },
	{ NVME_SC_LBA_RANGE,		-ERANGE },
	{ NVME_SC_CAPACITY_EXCEEDED,	-ENOSPC },
	{ NVME_SC_READ_ONLY,		-EROFS },
	{ NVME_SC_READ_ERROR,		-ENODATA },
	{ NVME_SC_COMPARE_FAILED,	-EILSEQ },
	{ NVME_SC_ACCESS_DENIED,	-EACCES },
	{ NVME_SC_UNWRITTEN,		-ENODATA },
};

int nvme_status_to_errno(u16 status)
{
	u16 code = status & NVME_STATUS_CODE;

	if (HF_LIKELY(code == NVME_SC_SUCCESS))
		return 0;
	for (size_t i = 0; i < sizeof(status_errors) / sizeof(status_errors[0]); i++)
		if (hf_array_at(status_errors, i).code == code)
			return hf_array_at(status_errors, i).err;
	return -EIO;
}
