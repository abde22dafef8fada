/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The NVM command set (NVMe 1.4, 6), PRPs (4.3) and the medium.
 *
 * Data is copied through a buffer. A write is gathered completely before the medium changes, so
 * that a command with invalid memory leaves the blocks unchanged.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model_impl.h"

/* ---- The medium ---- */

int model_medium_open(struct nvme_model *m)
{
	struct stat st;
	u64 size = m->config.memory_size;

	if (!m->config.memory) {
		if (fstat(m->config.fd, &st))
			return -errno;
		size = (u64)st.st_size;
	}
	m->size = size;
	return 0;
}

static bool medium_error(struct nvme_model *m)
{
	model_count(&m->count.medium_errors, 1);
	return false;
}

static bool medium_read(struct nvme_model *m, u64 offset, u8 *buf, size_t len)
{
	if (m->config.memory) {
		memcpy(buf, (u8 *)m->config.memory + offset, len);
		return true;
	}
	while (len) {
		ssize_t n = pread(m->config.fd, buf, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		/* 0: somebody truncated the image. */
		if (n <= 0)
			return medium_error(m);
		buf += n;
		offset += (u64)n;
		len -= (size_t)n;
	}
	return true;
}

static bool medium_write(struct nvme_model *m, u64 offset, const u8 *buf, size_t len)
{
	if (m->config.memory) {
		memcpy((u8 *)m->config.memory + offset, buf, len);
		return true;
	}
	while (len) {
		ssize_t n = pwrite(m->config.fd, buf, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return medium_error(m);
		buf += n;
		offset += (u64)n;
		len -= (size_t)n;
	}
	return true;
}

static bool medium_zero(struct nvme_model *m, u64 offset, u64 len, bool deallocate)
{
	static const u8 zeroes[65536];

	if (m->config.memory) {
		memset((u8 *)m->config.memory + offset, 0, len);
		return true;
	}
	/* Where the file system does not support holes, write zeroes. */
	if (deallocate && len &&
	    fallocate(m->config.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
		      (off_t)len) == 0)
		return true;
	while (len) {
		size_t n = len < sizeof(zeroes) ? (size_t)len : sizeof(zeroes);

		if (!medium_write(m, offset, zeroes, n))
			return false;
		offset += n;
		len -= n;
	}
	return true;
}

bool model_medium_flush(struct nvme_model *m)
{
	model_count(&m->count.flushes, 1);
	if (m->config.memory)
		return true;
	while (fdatasync(m->config.fd))
		if (errno != EINTR)
			return medium_error(m);
	return true;
}

/* ---- PRPs ---- */

/*
 * Iterate over the pages of a transfer: PRP1, then PRP2, or the entries of the list at PRP2. The
 * last entry in a page of the list links to the next page of the list, if more entries follow
 * (4.3).
 */
struct prp_walk {
	struct nvme_model *m;
	const struct model_cmd *cmd;
	size_t left;		/* bytes that follow */
	bool started;
	u64 list;		/* address of the next entry; 0: no list */
};

static u16 prp_list_entry(struct prp_walk *w, u64 *entry)
{
	struct nvme_model *m = w->m;
	size_t page = (size_t)1 << m->page_shift;
	struct hf_le64 raw;

	for (;;) {
		bool last = (w->list & (page - 1)) == page - NVME_PRP_BYTES;

		if (hf_user_iommu_access(m->iommu, w->list, &raw, sizeof(raw), false))
			return model_reject(m, w->cmd, NVME_SC_DATA_TRANSFER,
					    "PRP list is not readable memory");
		*entry = model_le64(raw);
		if (*entry & (page - 1))
			return model_reject(m, w->cmd, NVME_SC_PRP_OFFSET,
					    "PRP list entry is not on a page boundary");
		w->list += NVME_PRP_BYTES;
		if (!last || w->left <= page)
			return 0;
		w->list = *entry;
	}
}

/* The address and the length of the next segment. */
static u16 prp_next(struct prp_walk *w, u64 *addr, size_t *len)
{
	struct nvme_model *m = w->m;
	u64 page = 1ull << m->page_shift;
	u64 prp2 = model_le64(w->cmd->sqe.prp2);
	u16 status;

	if (!w->started) {
		w->started = true;
		*addr = model_le64(w->cmd->sqe.prp1);
		if (*addr & 3)
			return model_reject(m, w->cmd, NVME_SC_PRP_OFFSET,
					    "PRP1 is not a multiple of 4");
		*len = (size_t)(page - (*addr & (page - 1)));
		if (w->left <= *len && prp2)
			return model_reject(m, w->cmd, NVME_SC_INVALID_FIELD,
					    "PRP2 is set and not needed");
		if (w->left > *len && w->left - *len > page) {
			w->list = prp2;
			if (prp2 & (NVME_PRP_BYTES - 1))
				return model_reject(m, w->cmd, NVME_SC_PRP_OFFSET,
						    "PRP list is not a multiple of 8");
		}
	} else if (w->list) {
		status = prp_list_entry(w, addr);
		if (status)
			return status;
		*len = (size_t)page;
	} else {
		*addr = prp2;
		*len = (size_t)page;
		if (prp2 & (page - 1))
			return model_reject(m, w->cmd, NVME_SC_PRP_OFFSET,
					    "PRP2 is not on a page boundary");
	}
	if (*len > w->left)
		*len = w->left;
	w->left -= *len;
	return 0;
}

/* One data block is the only supported kind of SGL (4.4.1). */
static u16 sgl_transfer(struct nvme_model *m, const struct model_cmd *cmd, void *buf, size_t len,
			bool to_host)
{
	const struct nvme_sgl *sgl = &cmd->sqe.sgl;

	if (sgl->type)
		return model_reject(m, cmd, NVME_SC_SGL_TYPE, "SGL is not a data block");
	if (sgl->rsvd12[0] | sgl->rsvd12[1] | sgl->rsvd12[2])
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "SGL: reserved byte is set");
	if (model_le32(sgl->len) != len)
		return model_reject(m, cmd, NVME_SC_SGL_LENGTH,
				    "SGL length is not the length of the data");
	if (hf_user_iommu_access(m->iommu, model_le64(sgl->addr), buf, len, to_host))
		return model_reject(m, cmd, NVME_SC_DATA_TRANSFER,
				    "data is not mapped for this access");
	return 0;
}

static bool uses_sgl(const struct nvme_sqe *sqe)
{
	return sqe->flags == NVME_PUT(NVME_SQE_PSDT, NVME_SQE_PSDT_SGL);
}

u16 model_transfer(struct nvme_model *m, const struct model_cmd *cmd, void *buf, size_t len,
		   bool to_host)
{
	struct prp_walk walk = { .m = m, .cmd = cmd, .left = len };
	u8 *at = buf;

	if (uses_sgl(&cmd->sqe))
		return sgl_transfer(m, cmd, buf, len, to_host);
	while (walk.left) {
		u64 addr = 0;
		size_t n = 0;
		u16 status = prp_next(&walk, &addr, &n);

		if (status)
			return status;
		if (hf_user_iommu_access(m->iommu, addr, at, n, to_host))
			return model_reject(m, cmd, NVME_SC_DATA_TRANSFER,
					    "data is not mapped for this access");
		at += n;
	}
	return 0;
}

/* ---- Format of commands ---- */

u16 model_check_format(struct nvme_model *m, const struct model_cmd *cmd,
		       const struct model_format *formats, size_t count)
{
	const struct nvme_sqe *s = &cmd->sqe;
	const struct model_format *f = formats;
	const u32 cdw[6] = {
		model_le32(s->cdw10), model_le32(s->cdw11), model_le32(s->cdw12),
		model_le32(s->cdw13), model_le32(s->cdw14), model_le32(s->cdw15),
	};

	while (f < formats + count && f->opcode != s->opcode)
		f++;
	if (f == formats + count)
		return model_reject(m, cmd, NVME_SC_INVALID_OPCODE, "opcode is not supported");
	/* Admin commands use PRPs (4.2). */
	if (s->flags && !(uses_sgl(s) && m->sgls && cmd->sq->qid && f->data))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "FUSE or PSDT is not allowed");
	if (model_le32(s->cdw2) || model_le32(s->cdw3) || model_le64(s->mptr))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "reserved dword 2 to 5 is set");
	if (!f->data && (model_le64(s->prp1) || model_le64(s->prp2)))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "no data, but a PRP is set");
	if (!f->nsid && model_le32(s->nsid))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "NSID is not used, but is set");
	for (size_t i = 0; i < 6; i++)
		if (cdw[i] & ~f->cdw[i])
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
					    "reserved bits of dword 10 to 15 are set");
	return 0;
}

/* ---- Commands ---- */

static const struct model_format io_formats[] = {
	{ NVME_IO_FLUSH, false, true, { 0 } },
	{ NVME_IO_WRITE, true, true, { ~0u, ~0u, 0xfc00ffff, 0xff, ~0u, ~0u } },
	{ NVME_IO_READ, true, true, { ~0u, ~0u, 0xfc00ffff, 0xff, ~0u, ~0u } },
	{ NVME_IO_WRITE_ZEROES, false, true, { ~0u, ~0u, 0xfe00ffff, 0, ~0u, ~0u } },
	{ NVME_IO_DSM, true, true, { 0xff, 0x7 } },
};

static bool lba_in_range(const struct nvme_model_namespace *ns, u64 slba, u64 nlb)
{
	return slba <= ns->blocks && nlb <= ns->blocks - slba;
}

/* Where a block is on the medium. */
static u64 place_of(const struct nvme_model_namespace *ns, u64 slba)
{
	return ns->offset + (slba << model_block_shift(ns));
}

static u16 io_write(struct nvme_model *m, struct model_cmd *cmd, u64 slba, u32 nlb, bool durable)
{
	size_t len = (size_t)nlb << model_block_shift(cmd->ns);
	u16 status = model_transfer(m, cmd, m->bounce, len, false);

	if (status)
		return status;
	if (!medium_write(m, place_of(cmd->ns, slba), m->bounce, len))
		return NVME_SC_WRITE_FAULT;
	model_count(&m->count.blocks_written, nlb);
	return durable && !model_medium_flush(m) ? NVME_SC_WRITE_FAULT : 0;
}

static u16 io_read(struct nvme_model *m, struct model_cmd *cmd, u64 slba, u32 nlb)
{
	size_t len = (size_t)nlb << model_block_shift(cmd->ns);

	if (!medium_read(m, place_of(cmd->ns, slba), m->bounce, len))
		return NVME_SC_READ_ERROR;
	model_count(&m->count.blocks_read, nlb);
	return model_transfer(m, cmd, m->bounce, len, true);
}

static u16 io_zero(struct nvme_model *m, const struct nvme_model_namespace *ns, u64 slba, u32 nlb,
		   bool deallocate, bool durable)
{
	if (!medium_zero(m, place_of(ns, slba), (u64)nlb << model_block_shift(ns), deallocate))
		return NVME_SC_WRITE_FAULT;
	model_count(&m->count.blocks_zeroed, nlb);
	return durable && !model_medium_flush(m) ? NVME_SC_WRITE_FAULT : 0;
}

/* Read, Write, Write Zeroes (6.9, 6.15, 6.17) */
static u16 io_blocks(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw12 = model_le32(cmd->sqe.cdw12);
	u64 slba = model_le32(cmd->sqe.cdw10) | (u64)model_le32(cmd->sqe.cdw11) << 32;
	u32 nlb = NVME_FIELD(cdw12, NVME_RW_NLB) + 1;
	bool durable = (cdw12 & NVME_RW_FUA) || !m->write_cache;

	if (!lba_in_range(cmd->ns, slba, nlb))
		return model_reject(m, cmd, NVME_SC_LBA_RANGE, "blocks past the end");
	if (cmd->sqe.opcode == NVME_IO_WRITE_ZEROES && m->config.wzsl &&
	    (u64)nlb << model_block_shift(cmd->ns) > 1ull << (m->config.page_shift_min + m->config.wzsl))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "blocks exceed WZSL");
	if (cmd->sqe.opcode == NVME_IO_WRITE_ZEROES)
		return io_zero(m, cmd->ns, slba, nlb, cdw12 & NVME_RW_DEAC, durable);
	if ((size_t)nlb << model_block_shift(cmd->ns) > m->max_transfer)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "transfer exceeds MDTS");
	return cmd->sqe.opcode == NVME_IO_READ ? io_read(m, cmd, slba, nlb)
					       : io_write(m, cmd, slba, nlb, durable);
}

/* Dataset Management (6.7): all ranges are checked before any is touched. */
static u16 io_dsm(struct nvme_model *m, struct model_cmd *cmd)
{
	struct nvme_dsm_range ranges[NVME_DSM_MAX_RANGES] = { 0 };
	u32 count = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_DSM_NR) + 1;
	u64 all = 0;
	u16 status = model_transfer(m, cmd, ranges, count * sizeof(ranges[0]), false);

	if (status)
		return status;
	for (u32 i = 0; i < count; i++)
		if (!lba_in_range(cmd->ns, model_le64(ranges[i].slba), model_le32(ranges[i].nlb)))
			return model_reject(m, cmd, NVME_SC_LBA_RANGE, "range past the end");
	if (!(model_le32(cmd->sqe.cdw11) & NVME_DSM_AD))
		return 0;
	if (m->config.dmrl && count > m->config.dmrl)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "ranges exceed DMRL");
	for (u32 i = 0; i < count; i++)
		all += model_le32(ranges[i].nlb);
	if (m->config.dmsl && all > m->config.dmsl)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "blocks exceed DMSL");
	for (u32 i = 0; i < count && !status; i++) {
		/* As some controllers do: the range is ignored. */
		if (m->config.dmrsl && model_le32(ranges[i].nlb) > m->config.dmrsl) {
			model_driver_error(m, "queue %u: a range exceeds DMRSL", cmd->sq->qid);
			continue;
		}
		status = io_zero(m, cmd->ns, model_le64(ranges[i].slba), model_le32(ranges[i].nlb),
				 true, !m->write_cache);
	}
	return status;
}

u16 model_io(struct nvme_model *m, struct model_cmd *cmd)
{
	u16 status = model_check_format(m, cmd, io_formats,
					sizeof(io_formats) / sizeof(io_formats[0]));
	u32 nsid = model_le32(cmd->sqe.nsid);

	if (status)
		return status;
	cmd->ns = model_namespace(m, nsid);
	if (!cmd->ns && !(nsid == NVME_NSID_ALL && cmd->sqe.opcode == NVME_IO_FLUSH)) {
		/* It may have been detached since the host found it. */
		if (nsid && nsid <= m->config.nn)
			return NVME_SC_INVALID_NAMESPACE | NVME_STATUS_DNR;
		return model_reject(m, cmd, NVME_SC_INVALID_NAMESPACE, "no such namespace");
	}
	if (cmd->ns && (cmd->ns->csi || cmd->ns->metadata))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
				    "the namespace has metadata or another command set");
	switch (cmd->sqe.opcode) {
	case NVME_IO_FLUSH:
		return model_medium_flush(m) ? 0 : NVME_SC_WRITE_FAULT;
	case NVME_IO_DSM:
		return io_dsm(m, cmd);
	default:
		return io_blocks(m, cmd);
	}
}
