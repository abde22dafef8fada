/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Fault injection. model.h describes the faults.
 */
#include <errno.h>
#include <string.h>

#include "model_impl.h"

static const struct {
	const char *name;
	bool rejectable;
} kinds[NVME_MODEL_FAULT_COUNT] = {
	[NVME_MODEL_UNKNOWN_CID]	= { "unknown-cid", true },
	[NVME_MODEL_REPEATED_CID]	= { "repeated-cid", true },
	[NVME_MODEL_STALE_CID]		= { "stale-cid", true },
	[NVME_MODEL_WRONG_SQID]		= { "wrong-sqid", true },
	[NVME_MODEL_BAD_SQHD]		= { "bad-sq-head", true },
	[NVME_MODEL_EARLY_PHASE]	= { "early-phase", true },
	[NVME_MODEL_LATE_PHASE]		= { "late-phase", false },
	[NVME_MODEL_RESERVED_STATUS]	= { "reserved-status", true },
	[NVME_MODEL_TORN_ENTRY]		= { "torn-entry", true },
	[NVME_MODEL_LOST_COMMAND]	= { "lost-command", false },
	[NVME_MODEL_CONTROLLER_FATAL]	= { "controller-fatal", false },
	[NVME_MODEL_OUT_OF_ORDER]	= { "out-of-order", false },
	[NVME_MODEL_INVALID_IDENTIFY]	= { "invalid-identify", false },
};

const char *nvme_model_fault_name(enum nvme_model_fault kind)
{
	return kind < NVME_MODEL_FAULT_COUNT ? kinds[kind].name : NULL;
}

bool nvme_model_fault_rejectable(enum nvme_model_fault kind)
{
	return kind < NVME_MODEL_FAULT_COUNT && kinds[kind].rejectable;
}

/* ---- Choosing a fault ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
u64 model_random(struct model_rng *rng)
{
	u64 z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static struct model_rng rng_for(u64 seed, const struct model_sq *sq)
{
	struct model_rng rng = { seed };

	rng.state = model_random(&rng) + sq->qid;
	rng.state = model_random(&rng) + sq->fetched;
	return rng;
}

static bool is_identify(const struct model_cmd *cmd)
{
	return cmd->sq->qid == 0 && cmd->sqe.opcode == NVME_ADMIN_IDENTIFY &&
	       NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_IDENTIFY_CNS) <= NVME_CNS_CONTROLLER;
}

/* An event request does not complete, so it cannot be lost or delayed. */
static bool can_be_put_aside(const struct model_cmd *cmd)
{
	return cmd->sq->qid != 0 || cmd->sqe.opcode != NVME_ADMIN_ASYNC_EVENT;
}

static bool fault_applies(const struct nvme_model *m, const struct model_cmd *cmd,
		      enum nvme_model_fault fault)
{
	switch (fault) {
	case NVME_MODEL_INVALID_IDENTIFY:
		return is_identify(cmd);
	case NVME_MODEL_LOST_COMMAND:
	case NVME_MODEL_OUT_OF_ORDER:
		return can_be_put_aside(cmd) && (cmd->sq->qid || m->config.admin_faults);
	default:
		return cmd->sq->qid || m->config.admin_faults;
	}
}

/* Whether this variant of invalid Identify data applies to the command's CNS. */
static bool variant_applies(const struct model_cmd *cmd, u32 variant)
{
	u32 cns = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_IDENTIFY_CNS);

	if (variant == 0 || variant == NVME_MODEL_ID_ONES)
		return true;
	return (variant >= NVME_MODEL_ID_MDTS) == (cns == NVME_CNS_CONTROLLER);
}

static bool injection_matches(const struct nvme_model_injection *s, const struct model_cmd *cmd)
{
	u32 qid = cmd->sq->qid;

	if (s->fault == NVME_MODEL_INVALID_IDENTIFY)
		return is_identify(cmd) && variant_applies(cmd, s->variant);
	if (s->sqid == NVME_MODEL_ANY ? qid == 0 : s->sqid != qid)
		return false;
	if (s->opcode != NVME_MODEL_ANY && s->opcode != cmd->sqe.opcode)
		return false;
	return can_be_put_aside(cmd);
}

static bool choose_injected(struct nvme_model *m, struct model_cmd *cmd)
{
	bool chosen = false;

	if (!atomic_load(&m->injection_count))
		return false;
	pthread_mutex_lock(&m->lock);
	for (u32 i = 0; i < m->injection_count && !chosen; i++) {
		struct nvme_model_injection *s = &m->injections[i];

		if (!injection_matches(s, cmd))
			continue;
		if (s->skip) {
			s->skip--;
			continue;
		}
		cmd->fault = s->fault;
		cmd->variant = s->variant;
		chosen = true;
		if (--s->count == 0) {
			m->injection_count--;
			memmove(s, s + 1, (m->injection_count - i) * sizeof(*s));
		}
	}
	pthread_mutex_unlock(&m->lock);
	return chosen;
}

/* One random number selects no fault, or one of them: each has its share of 1,000,000. */
static void choose_at_random(struct nvme_model *m, struct model_cmd *cmd)
{
	u64 draw = model_random(&cmd->rng) % 1000000;

	for (unsigned int fault = 0; fault < NVME_MODEL_FAULT_COUNT; fault++) {
		if (draw < m->config.rate[fault]) {
			if (fault_applies(m, cmd, fault))
				cmd->fault = fault;
			return;
		}
		draw -= m->config.rate[fault];
	}
}

void model_choose_fault(struct nvme_model *m, struct model_cmd *cmd)
{
	cmd->fault = MODEL_NO_FAULT;
	cmd->rng = rng_for(m->config.seed, cmd->sq);
	if (!choose_injected(m, cmd))
		choose_at_random(m, cmd);
}

int nvme_model_inject(struct nvme_model *m, const struct nvme_model_injection *injection)
{
	int err = -ENOSPC;

	if (injection->fault >= NVME_MODEL_FAULT_COUNT)
		return -EINVAL;
	if (injection->fault == NVME_MODEL_INVALID_IDENTIFY &&
	    injection->variant >= NVME_MODEL_ID_COUNT)
		return -EINVAL;
	pthread_mutex_lock(&m->lock);
	if (m->injection_count < MODEL_INJECTIONS) {
		struct nvme_model_injection *s = &m->injections[m->injection_count++];

		*s = *injection;
		if (!s->count)
			s->count = 1;
		err = 0;
	}
	pthread_mutex_unlock(&m->lock);
	return err;
}

void nvme_model_inject_clear(struct nvme_model *m)
{
	pthread_mutex_lock(&m->lock);
	m->injection_count = 0;
	pthread_mutex_unlock(&m->lock);
}

/* ---- Before execution ---- */

static void count_fault(struct nvme_model *m, const struct model_cmd *cmd)
{
	model_count(&m->count.faults[cmd->fault], 1);
}

static u16 unknown_cid(const struct model_sq *sq, struct model_rng *rng)
{
	u16 start = (u16)model_random(rng), cid = start;

	do {
		if (!cids_has(&sq->seen, cid))
			return cid;
	} while (++cid != start);
	while (cids_has(&sq->outstanding, cid))
		cid++;
	return cid;
}

/* The oldest completed identifier that is remembered and not outstanding. */
static bool stale_cid(const struct model_sq *sq, u16 *cid)
{
	u64 oldest = sq->completed > MODEL_HISTORY ? sq->completed - MODEL_HISTORY : 0;

	if (sq->completed < 8)
		return false;
	for (u64 i = oldest; i < sq->completed; i++) {
		*cid = sq->history[i % MODEL_HISTORY];
		if (!cids_has(&sq->outstanding, *cid))
			return true;
	}
	return false;
}

static bool completes_at(const struct nvme_model *m, u32 qid, const struct model_cq *cq)
{
	return qid <= m->granted && model_sq_exists(&m->sqs[qid]) &&
	       &m->cqs[m->sqs[qid].cqid] == cq;
}

/* In half of the cases a queue that exists, but does not complete here. */
static u32 wrong_sqid(const struct nvme_model *m, const struct model_cq *cq,
		      struct model_rng *rng)
{
	for (unsigned int i = 0; i < 16; i++) {
		u64 draw = model_random(rng);
		u32 qid = draw & 1 ? (u32)(draw >> 1) % (m->granted + 1)
				    : (u32)(draw >> 1) & 0xffff;

		if (!completes_at(m, qid, cq))
			return qid;
	}
	return 0xffff;
}

static bool bad_sqhd(const struct model_cmd *cmd, struct model_rng *rng, u32 *head)
{
	u32 size = atomic_load_explicit(&cmd->sq->size, memory_order_relaxed);

	/* As if the command itself was not fetched yet. */
	if (cmd->variant == 2) {
		*head = cmd->slot;
		return true;
	}
	if (size > 0xffff)
		return false;
	*head = size + (u32)(model_random(rng) % (0x10000 - size));
	return true;
}

/* The entry of one lap ago at the tail, with a current SQ head. */
static bool old_entry(struct nvme_model *m, const struct model_cmd *cmd, struct model_cq *cq,
		      struct model_entry *e)
{
	u64 iova = cq->base +
		   ((u64)atomic_load_explicit(&cq->tail, memory_order_relaxed) << NVME_CQE_SHIFT);
	const struct model_sq *sq = cmd->sq;
	u32 *dw, sqid;
	u16 cid;

	if (!cq->lap)
		return false;
	dw = hf_user_iommu_pin(m->iommu, iova, sizeof(struct nvme_cqe), HF_USER_DMA_WRITE);
	if (!dw)
		return false;
	for (unsigned int i = 0; i < 4; i++)
		e->dw[i] = le32toh(__atomic_load_n(&dw[i], __ATOMIC_RELAXED));
	hf_user_iommu_unpin(m->iommu, iova);

	sqid = NVME_FIELD(e->dw[2], NVME_CQE_SQID);
	cid = (u16)NVME_FIELD(e->dw[3], NVME_CQE_CID);
	if (completes_at(m, sqid, cq))
		sq = &m->sqs[sqid];
	if (cids_has(&sq->outstanding, cid))
		return false;
	e->dw[2] = NVME_PUT(NVME_CQE_SQID, sqid) | sq->head;
	e->dw[3] &= ~NVME_PUT(NVME_CQE_PHASE, 1u);
	return true;
}

void model_inject_before(struct nvme_model *m, struct model_cmd *cmd)
{
	struct model_sq *sq = cmd->sq;
	struct model_cq *cq = model_cq_of(m, sq);
	struct model_entry e;
	u16 cid;
	u32 head;

	if (cmd->fault == MODEL_NO_FAULT || !model_cq_room(cq, 2))
		return;
	e = model_entry(sq, cmd->cid, NVME_SC_SUCCESS, 0);
	switch (cmd->fault) {
	case NVME_MODEL_UNKNOWN_CID:
		e = model_entry(sq, unknown_cid(sq, &cmd->rng), NVME_SC_SUCCESS, 0);
		break;
	case NVME_MODEL_STALE_CID:
		if (!stale_cid(sq, &cid))
			return;
		e = model_entry(sq, cid, NVME_SC_SUCCESS, 0);
		break;
	case NVME_MODEL_WRONG_SQID:
		e.dw[2] = sq->head | NVME_PUT(NVME_CQE_SQID, wrong_sqid(m, cq, &cmd->rng));
		break;
	case NVME_MODEL_BAD_SQHD:
		if (!bad_sqhd(cmd, &cmd->rng, &head))
			return;
		e.dw[2] = head | NVME_PUT(NVME_CQE_SQID, (u32)sq->qid);
		break;
	case NVME_MODEL_EARLY_PHASE:
		if (!old_entry(m, cmd, cq, &e))
			return;
		break;
	default:
		return;
	}
	count_fault(m, cmd);
	model_post(m, sq, &e);
}

/* ---- After execution ---- */

/* How long an entry is partly written, so that the driver can read it. */
#define HALF_WRITTEN_MS	1u

static void post_late(struct nvme_model *m, struct model_sq *sq, const struct model_entry *e)
{
	struct model_cq *cq = model_cq_of(m, sq);
	u32 phase, index = model_cq_advance(m, sq, &phase);

	model_cq_write(m, cq, index, e, !phase, 0xf);
	model_raise(m, cq);
	model_pause(m, HALF_WRITTEN_MS);
	model_cq_write(m, cq, index, e, phase, 1u << NVME_CQE_DW_PHASE);
	cq->irq_due = true;
}

static void post_torn(struct nvme_model *m, struct model_sq *sq, const struct model_entry *e)
{
	struct model_cq *cq = model_cq_of(m, sq);
	u32 phase, index = model_cq_advance(m, sq, &phase);
	struct model_entry torn = *e;

	torn.dw[2] = ~0u;
	model_cq_write(m, cq, index, &torn, phase, 0xf);
	model_raise(m, cq);
	model_pause(m, HALF_WRITTEN_MS);
	model_cq_write(m, cq, index, e, phase, 1u << 2);
}

void model_complete(struct nvme_model *m, struct model_cmd *cmd, u16 status)
{
	struct model_sq *sq = cmd->sq;
	struct model_entry e = model_entry(sq, cmd->cid, status, cmd->result), bad;
	bool room = model_cq_room(model_cq_of(m, sq), 2);

	if (status)
		model_count(&m->count.failures, 1);
	model_release_cid(sq, cmd->cid);
	switch (cmd->fault) {
	case NVME_MODEL_REPEATED_CID:
		model_post(m, sq, &e);
		if (!room)
			return;
		count_fault(m, cmd);
		break;
	case NVME_MODEL_LATE_PHASE:
		count_fault(m, cmd);
		post_late(m, sq, &e);
		return;
	case NVME_MODEL_RESERVED_STATUS:
		if (!room)
			break;
		count_fault(m, cmd);
		status = (u16)(NVME_PUT(NVME_STATUS_SCT, 4 + model_random(&cmd->rng) % 3) |
			       NVME_PUT(NVME_STATUS_SC, model_random(&cmd->rng)));
		bad = model_entry(sq, cmd->cid, status, cmd->result);
		model_post(m, sq, &bad);
		break;
	case NVME_MODEL_TORN_ENTRY:
		if (!room || cmd->has_result)
			break;
		count_fault(m, cmd);
		post_torn(m, sq, &e);
		break;
	default:
		break;
	}
	model_post(m, sq, &e);
}

/* ---- Identify ---- */

static void garble(struct hf_untrusted_u8 *field, size_t len, struct model_rng *rng)
{
	static const u8 nasty[] = { 0x00, 0x07, 0x08, 0x0a, 0x1b, '[', '2', 'J', 0x7f, 0x9b, 0xff };

	for (size_t i = 0; i < len; i++)
		field[i] = hf_untrusted_u8(nasty[model_random(rng) % sizeof(nasty)]);
}

static void corrupt_namespace(struct nvme_id_ns *id, u32 variant)
{
	switch (variant) {
	case NVME_MODEL_ID_NSZE_ZERO:
		id->nsze = id->ncap = id->nuse = hf_le64(0);
		break;
	case NVME_MODEL_ID_NSZE_HUGE:
		id->nsze = hf_le64(~0ull);
		break;
	case NVME_MODEL_ID_NCAP:
		id->ncap = hf_le64(~0ull);
		break;
	case NVME_MODEL_ID_LBADS_ZERO:
		id->lbaf[0].lbads = hf_untrusted_u8(0);
		break;
	case NVME_MODEL_ID_LBADS_HUGE:
		id->lbaf[0].lbads = hf_untrusted_u8(63);
		break;
	case NVME_MODEL_ID_NLBAF:
		id->nlbaf = hf_untrusted_u8(255);
		break;
	case NVME_MODEL_ID_FLBAS:
		id->flbas = hf_untrusted_u8(5);
		break;
	case NVME_MODEL_ID_METADATA:
		id->lbaf[0].ms = hf_le16(8);
		break;
	}
}

static void corrupt_controller(struct nvme_id_ctrl *id, u32 variant, struct model_rng *rng)
{
	switch (variant) {
	case NVME_MODEL_ID_MDTS:
		id->mdts = hf_untrusted_u8((u8)(64 + model_random(rng) % 192));
		break;
	case NVME_MODEL_ID_SQES:
		id->sqes = hf_untrusted_u8(model_random(rng) & 1 ? 0x00 : 0x97);
		break;
	case NVME_MODEL_ID_CQES:
		id->cqes = hf_untrusted_u8(model_random(rng) & 1 ? 0x33 : 0xf5);
		break;
	case NVME_MODEL_ID_NN:
		id->nn = hf_le32(0);
		break;
	case NVME_MODEL_ID_STRINGS:
		garble(id->sn, sizeof(id->sn), rng);
		garble(id->mn, sizeof(id->mn), rng);
		garble(id->fr, sizeof(id->fr), rng);
		break;
	}
}

void model_inject_identify(struct nvme_model *m, struct model_cmd *cmd, void *page, bool controller)
{
	u32 first = controller ? NVME_MODEL_ID_MDTS : NVME_MODEL_ID_NSZE_ZERO;
	u32 end = controller ? NVME_MODEL_ID_ONES : NVME_MODEL_ID_MDTS;
	u32 variant = cmd->variant;

	/* The end of the range stands for the variant that applies to both. */
	if (!variant)
		variant = first + (u32)(model_random(&cmd->rng) % (end - first + 1));
	if (variant == end)
		variant = NVME_MODEL_ID_ONES;
	count_fault(m, cmd);
	if (variant == NVME_MODEL_ID_ONES)
		memset(page, 0xff, NVME_IDENTIFY_SIZE);
	else if (controller)
		corrupt_controller(page, variant, &cmd->rng);
	else
		corrupt_namespace(page, variant);
}
