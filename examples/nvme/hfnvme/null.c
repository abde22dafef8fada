/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The null controller. See null.h.
 */
#include "null.h"

static u32 le32(struct hf_le32 v)
{
	return hf_accept_any(hf_from_le(v));
}

static void null_post(struct null_queue *q, u32 qid, u16 cid, u16 status, u32 result)
{
	struct nvme_cqe *cqe = &q->cq[q->cq_tail];
	u32 dw2 = q->sq_head | NVME_PUT(NVME_CQE_SQID, qid);
	u32 dw3 = cid | NVME_PUT(NVME_CQE_STATUS, (u32)status) | NVME_PUT(NVME_CQE_PHASE, q->phase);

	/* The driver is this very thread: no order is needed. */
	cqe->dw[0] = hf_le32(result);
	cqe->dw[2] = hf_le32(dw2);
	cqe->dw[NVME_CQE_DW_PHASE] = hf_le32(dw3);
	if (++q->cq_tail == q->cq_size) {
		q->cq_tail = 0;
		q->phase ^= 1;
	}
}

/* ---- Admin commands: what bring-up needs ---- */

static u16 null_identify(struct null_controller *c, const struct nvme_sqe *s)
{
	union {
		struct nvme_id_ctrl ctrl;
		struct nvme_id_ns ns;
		struct hf_le32 list[NVME_IDENTIFY_SIZE / 4];
	} page;

	memset(&page, 0, sizeof(page));
	switch (NVME_FIELD(le32(s->cdw10), NVME_IDENTIFY_CNS)) {
	case NVME_CNS_CONTROLLER:
		memset(page.ctrl.sn, ' ', sizeof(page.ctrl.sn));
		memset(page.ctrl.mn, ' ', sizeof(page.ctrl.mn));
		memset(page.ctrl.fr, ' ', sizeof(page.ctrl.fr));
		page.ctrl.mdts = hf_untrusted_u8(5);
		page.ctrl.ver = hf_le32(NVME_VS(1, 4, 0));
		page.ctrl.cntrltype = hf_untrusted_u8(NVME_CNTRLTYPE_IO);
		page.ctrl.sqes = hf_untrusted_u8(0x66);
		page.ctrl.cqes = hf_untrusted_u8(0x44);
		page.ctrl.nn = hf_le32(1);
		break;
	case NVME_CNS_NAMESPACE:
		page.ns.nsze = page.ns.ncap = page.ns.nuse = hf_le64(NULL_BLOCKS);
		page.ns.lbaf[0].lbads = hf_untrusted_u8(9);
		break;
	case NVME_CNS_ACTIVE_LIST:
		page.list[0] = hf_le32(1);
		break;
	default:
		return NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
	}
	return hf_user_iommu_access(c->iommu, hf_accept_any(hf_from_le(s->prp1)), &page, sizeof(page),
				    true) ?
		NVME_SC_DATA_TRANSFER | NVME_STATUS_DNR : 0;
}

static u16 null_create(struct null_controller *c, const struct nvme_sqe *s, bool completion)
{
	u32 cdw10 = le32(s->cdw10), qid = NVME_FIELD(cdw10, NVME_QUEUE_QID);
	u32 size = NVME_FIELD(cdw10, NVME_QUEUE_QSIZE) + 1;
	struct null_queue *q;

	if (!qid || qid > NULL_QUEUES)
		return NVME_SC_QID_INVALID | NVME_STATUS_DNR;
	q = &c->queues[qid];
	if (completion) {
		q->cq = hf_user_iommu_resolve(c->iommu, hf_accept_any(hf_from_le(s->prp1)),
					      (size_t)size << NVME_CQE_SHIFT, HF_USER_DMA_WRITE);
		q->cq_size = size;
		q->cq_tail = 0;
		q->phase = 1;
		return q->cq ? 0 : NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
	}
	q->sq = hf_user_iommu_resolve(c->iommu, hf_accept_any(hf_from_le(s->prp1)),
				      (size_t)size << NVME_SQE_SHIFT, HF_USER_DMA_READ);
	q->sq_size = size;
	q->sq_head = 0;
	return q->sq ? 0 : NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
}

static u16 null_admin(struct null_controller *c, const struct nvme_sqe *s, u32 *result)
{
	switch (s->opcode) {
	case NVME_ADMIN_IDENTIFY:
		return null_identify(c, s);
	case NVME_ADMIN_CREATE_CQ:
		return null_create(c, s, true);
	case NVME_ADMIN_CREATE_SQ:
		return null_create(c, s, false);
	case NVME_ADMIN_SET_FEATURES:
		*result = NVME_PUT(NVME_FEAT_NSQ, NULL_QUEUES - 1) |
			  NVME_PUT(NVME_FEAT_NCQ, NULL_QUEUES - 1);
		return 0;
	case NVME_ADMIN_DELETE_CQ:
	case NVME_ADMIN_DELETE_SQ:
		return 0;
	default:
		return NVME_SC_INVALID_OPCODE | NVME_STATUS_DNR;
	}
}

/* ---- Registers ---- */

static void null_doorbell(struct null_controller *c, u32 qid, u32 tail)
{
	struct null_queue *q = &c->queues[qid];

	while (q->sq_head != tail) {
		const struct nvme_sqe *s = &q->sq[q->sq_head];
		u16 cid = hf_accept_any(hf_from_le(s->cid)), status = 0;
		u32 result = 0;

		if (++q->sq_head == q->sq_size)
			q->sq_head = 0;
		if (!qid)
			status = null_admin(c, s, &result);
		null_post(q, qid, cid, status, result);
	}
}

static void null_enable(struct null_controller *c)
{
	struct null_queue *q = &c->queues[0];

	*q = (struct null_queue) {
		.sq_size = NVME_FIELD(c->aqa, NVME_AQA_ASQS) + 1,
		.cq_size = NVME_FIELD(c->aqa, NVME_AQA_ACQS) + 1,
		.phase = 1,
	};
	q->sq = hf_user_iommu_resolve(c->iommu, c->asq, (size_t)q->sq_size << NVME_SQE_SHIFT,
				      HF_USER_DMA_READ);
	q->cq = hf_user_iommu_resolve(c->iommu, c->acq, (size_t)q->cq_size << NVME_CQE_SHIFT,
				      HF_USER_DMA_WRITE);
	c->csts = q->sq && q->cq ? NVME_PUT(NVME_CSTS_RDY, 1u) : NVME_PUT(NVME_CSTS_CFS, 1u);
}

static void null_set_cc(struct null_controller *c, u32 cc)
{
	bool was = NVME_FIELD(c->cc, NVME_CC_EN), is = NVME_FIELD(cc, NVME_CC_EN);

	c->cc = cc;
	if (!was && is)
		null_enable(c);
	if (was && !is) {
		memset(c->queues, 0, sizeof(c->queues));
		c->csts = 0;
	}
	if (NVME_FIELD(cc, NVME_CC_SHN))
		c->csts |= NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE);
}

static u64 null_read(void *ctx, size_t offset, unsigned int width)
{
	struct null_controller *c = ctx;
	u64 cap = NVME_PUT(NVME_CAP_MQES, (u64)NULL_ENTRIES - 1) | NVME_PUT(NVME_CAP_CQR, 1ull) |
		  NVME_PUT(NVME_CAP_TO, 10ull) | NVME_PUT(NVME_CAP_CSS, (u64)NVME_CAP_CSS_NVM);

	switch (offset) {
	case NVME_REG_CAP:
		return width == 8 ? cap : (u32)cap;
	case NVME_REG_CAP + 4:
		return cap >> 32;
	case NVME_REG_VS:
		return NVME_VS(1, 4, 0);
	case NVME_REG_CC:
		return c->cc;
	case NVME_REG_CSTS:
		return c->csts;
	case NVME_REG_AQA:
		return c->aqa;
	default:
		return 0;
	}
}

/* The half of a 64-bit register that is written, or all of it. */
static void null_set_part(u64 *reg, size_t half, unsigned int width, u64 value)
{
	if (width == 8)
		*reg = value;
	else if (half)
		*reg = (*reg & 0xffffffffu) | value << 32;
	else
		*reg = (*reg & ~0xffffffffull) | (u32)value;
}

static void null_write(void *ctx, size_t offset, unsigned int width, u64 value)
{
	struct null_controller *c = ctx;

	if (offset >= NVME_REG_DOORBELLS) {
		u32 index = (u32)((offset - NVME_REG_DOORBELLS) / 4);

		/* Completion queue heads are of no interest: the queue cannot be full. */
		if (!(index & 1))
			null_doorbell(c, index / 2, (u32)value);
		return;
	}
	switch (offset) {
	case NVME_REG_CC:
		null_set_cc(c, (u32)value);
		break;
	case NVME_REG_AQA:
		c->aqa = (u32)value;
		break;
	case NVME_REG_ASQ:
	case NVME_REG_ASQ + 4:
		null_set_part(&c->asq, offset & 4, width, value);
		break;
	case NVME_REG_ACQ:
	case NVME_REG_ACQ + 4:
		null_set_part(&c->acq, offset & 4, width, value);
		break;
	}
}

const struct hf_user_io_ops null_io_ops = {
	.read = null_read,
	.write = null_write,
};
