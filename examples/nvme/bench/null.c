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

	/* The driver runs on the same thread, so no memory ordering is needed. */
	cqe->dw[0] = hf_le32(result);
	cqe->dw[2] = hf_le32(dw2);
	cqe->dw[NVME_CQE_DW_PHASE] = hf_le32(dw3);
	if (++q->cq_tail == q->cq_size) {
		q->cq_tail = 0;
		q->phase ^= 1;
	}
}

/* ---- Admin commands: those of the initialisation ---- */

static void null_describe(struct nvme_id_ctrl *id)
{
	memset(id->sn, ' ', sizeof(id->sn));
	memset(id->mn, ' ', sizeof(id->mn));
	memset(id->fr, ' ', sizeof(id->fr));
	id->mdts = hf_untrusted_u8(5);
	id->ver = hf_le32(NVME_VS(1, 4, 0));
	id->cntrltype = hf_untrusted_u8(NVME_CNTRLTYPE_IO);
	id->sqes = hf_untrusted_u8(0x66);
	id->cqes = hf_untrusted_u8(0x44);
	id->nn = hf_le32(1);
}

static void null_describe_namespace(struct nvme_id_ns *id)
{
	id->nsze = id->ncap = id->nuse = hf_le64(NULL_BLOCKS);
	id->lbaf[0].lbads = hf_untrusted_u8(9);
}

static u16 null_identify(struct null_controller *c, const struct nvme_sqe *s)
{
	void *page = null_sees(c->dev, hf_accept_any(hf_from_le(s->prp1)), NVME_IDENTIFY_SIZE);

	if (!page)
		return NVME_SC_DATA_TRANSFER | NVME_STATUS_DNR;
	memset(page, 0, NVME_IDENTIFY_SIZE);
	if (c->answer) {
		c->answer(c->answer_arg, s, page, NULL);
		return 0;
	}
	switch (NVME_FIELD(le32(s->cdw10), NVME_IDENTIFY_CNS)) {
	case NVME_CNS_CONTROLLER:
		null_describe(page);
		return 0;
	case NVME_CNS_NAMESPACE:
		null_describe_namespace(page);
		return 0;
	case NVME_CNS_ACTIVE_LIST:
		*(struct hf_le32 *)page = hf_le32(1);
		return 0;
	default:
		return NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
	}
}

static u16 null_create(struct null_controller *c, const struct nvme_sqe *s, bool completion)
{
	u32 cdw10 = le32(s->cdw10), qid = NVME_FIELD(cdw10, NVME_QUEUE_QID);
	u32 size = NVME_FIELD(cdw10, NVME_QUEUE_QSIZE) + 1;
	u64 at = hf_accept_any(hf_from_le(s->prp1));
	struct null_queue *q;

	if (!qid || qid > NULL_QUEUES)
		return NVME_SC_QID_INVALID | NVME_STATUS_DNR;
	q = &c->queues[qid];
	if (completion) {
		q->cq = null_sees(c->dev, at, (size_t)size << NVME_CQE_SHIFT);
		q->cq_size = size;
		q->cq_tail = 0;
		q->phase = 1;
		return q->cq ? 0 : NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
	}
	q->sq = null_sees(c->dev, at, (size_t)size << NVME_SQE_SHIFT);
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
		if (c->answer)
			c->answer(c->answer_arg, s, NULL, result);
		return 0;
	case NVME_ADMIN_DELETE_CQ:
	case NVME_ADMIN_DELETE_SQ:
		return 0;
	default:
		return NVME_SC_INVALID_OPCODE | NVME_STATUS_DNR;
	}
}

/* ---- Registers ---- */

/* Heads of completion queues are ignored: a queue cannot be full. */
void null_run(struct null_controller *c, u32 qid)
{
	const u32 tail = c->regs.words[NVME_REG_SQ_TAIL(qid, 0) / 4];
	struct null_queue *q = &c->queues[qid];

	if (!q->sq)
		return;
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

static u32 null_enable(struct null_controller *c)
{
	const u32 aqa = c->regs.words[NVME_REG_AQA / 4];
	struct null_queue *q = &c->queues[0];

	*q = (struct null_queue) {
		.sq_size = NVME_FIELD(aqa, NVME_AQA_ASQS) + 1,
		.cq_size = NVME_FIELD(aqa, NVME_AQA_ACQS) + 1,
		.phase = 1,
	};
	q->sq = null_sees(c->dev, c->regs.longs[NVME_REG_ASQ / 8],
			  (size_t)q->sq_size << NVME_SQE_SHIFT);
	q->cq = null_sees(c->dev, c->regs.longs[NVME_REG_ACQ / 8],
			  (size_t)q->cq_size << NVME_CQE_SHIFT);
	return q->sq && q->cq ? NVME_PUT(NVME_CSTS_RDY, 1u) : NVME_PUT(NVME_CSTS_CFS, 1u);
}

static void null_disable(struct null_controller *c)
{
	memset(c->queues, 0, sizeof(c->queues));
	memset(&c->regs.words[NVME_REG_DOORBELLS / 4], 0, NULL_BAR_SIZE - NVME_REG_DOORBELLS);
}

static void null_set_cc(struct null_controller *c, u32 cc)
{
	bool was = NVME_FIELD(c->cc, NVME_CC_EN), is = NVME_FIELD(cc, NVME_CC_EN);
	u32 *csts = &c->regs.words[NVME_REG_CSTS / 4];

	c->cc = cc;
	if (!was && is)
		*csts = null_enable(c);
	if (was && !is) {
		null_disable(c);
		*csts = 0;
	}
	if (NVME_FIELD(cc, NVME_CC_SHN))
		*csts |= NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE);
}

void null_init(struct null_controller *c, struct hf_device *dev)
{
	memset(c, 0, sizeof(*c));
	c->dev = dev;
	c->regs.longs[NVME_REG_CAP / 8] =
		NVME_PUT(NVME_CAP_MQES, (u64)NULL_ENTRIES - 1) | NVME_PUT(NVME_CAP_CQR, 1ull) |
		NVME_PUT(NVME_CAP_TO, 10ull) | NVME_PUT(NVME_CAP_CSS, (u64)NVME_CAP_CSS_NVM);
	c->regs.words[NVME_REG_VS / 4] = NVME_VS(1, 4, 0);
}

/* ---- The host ---- */

static u64 host_now_ms(void *host)
{
	struct null_controller *c = host;
	const u32 cc = c->regs.words[NVME_REG_CC / 4];

	if (cc != c->cc)
		null_set_cc(c, cc);
	null_run(c, 0);
	return 0;
}

static void host_sleep_ms(void *host, unsigned int ms)
{
	(void)host;
	(void)ms;
}

static void host_disable_dma(void *host)
{
	(void)host;
}

const struct nvme_host_ops null_host_ops = {
	.now_ms = host_now_ms, .sleep_ms = host_sleep_ms, .disable_dma = host_disable_dma,
};
