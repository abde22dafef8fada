/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The fault menu. What each lie looks like, and why a careful driver loses nothing by it, is in
 * model.h; here it is told.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "model_impl.h"

static const struct {
	const char *name;
	bool refusable;
} kinds[NVME_MODEL_LIE_KINDS] = {
	[NVME_MODEL_UNKNOWN_CID]	= { "unknown-cid", true },
	[NVME_MODEL_REPEATED_CID]	= { "repeated-cid", true },
	[NVME_MODEL_STALE_CID]		= { "stale-cid", true },
	[NVME_MODEL_WRONG_SQID]		= { "wrong-sqid", true },
	[NVME_MODEL_BAD_SQHD]		= { "bad-sq-head", true },
	[NVME_MODEL_EARLY_PHASE]	= { "early-phase", true },
	[NVME_MODEL_LATE_PHASE]		= { "late-phase", false },
	[NVME_MODEL_GARBAGE_STATUS]	= { "garbage-status", true },
	[NVME_MODEL_TORN_ENTRY]		= { "torn-entry", true },
	[NVME_MODEL_LOST_COMMAND]	= { "lost-command", false },
	[NVME_MODEL_CONTROLLER_STOP]	= { "controller-stop", false },
	[NVME_MODEL_OUT_OF_ORDER]	= { "out-of-order", false },
	[NVME_MODEL_HOSTILE_IDENTIFY]	= { "hostile-identify", false },
};

const char *nvme_model_lie_name(enum nvme_model_lie kind)
{
	return kind < NVME_MODEL_LIE_KINDS ? kinds[kind].name : NULL;
}

bool nvme_model_lie_refusable(enum nvme_model_lie kind)
{
	return kind < NVME_MODEL_LIE_KINDS && kinds[kind].refusable;
}

/* ---- Choosing ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
u64 model_roll(struct model_dice *dice)
{
	u64 z = dice->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static struct model_dice dice_for(u64 seed, const struct model_sq *sq)
{
	struct model_dice dice = { seed };

	dice.state = model_roll(&dice) + sq->qid;
	dice.state = model_roll(&dice) + sq->fetched;
	return dice;
}

static bool is_identify(const struct model_cmd *cmd)
{
	return cmd->sq->qid == 0 && cmd->sqe.opcode == NVME_ADMIN_IDENTIFY &&
	       NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_IDENTIFY_CNS) <= NVME_CNS_CONTROLLER;
}

/* An event request never completes, so it cannot be lost, nor come late. */
static bool can_be_put_aside(const struct model_cmd *cmd)
{
	return cmd->sq->qid != 0 || cmd->sqe.opcode != NVME_ADMIN_ASYNC_EVENT;
}

static bool lie_suits(const struct nvme_model *m, const struct model_cmd *cmd,
		      enum nvme_model_lie lie)
{
	switch (lie) {
	case NVME_MODEL_HOSTILE_IDENTIFY:
		return is_identify(cmd);
	case NVME_MODEL_LOST_COMMAND:
	case NVME_MODEL_OUT_OF_ORDER:
		return can_be_put_aside(cmd) && (cmd->sq->qid || m->config.admin_lies);
	default:
		return cmd->sq->qid || m->config.admin_lies;
	}
}

/* Whether a hostile Identify of this variant is about what the command asks for. */
static bool variant_suits(const struct model_cmd *cmd, u32 variant)
{
	u32 cns = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_IDENTIFY_CNS);

	if (variant == 0 || variant == NVME_MODEL_ID_ONES)
		return true;
	return (variant >= NVME_MODEL_ID_MDTS) == (cns == NVME_CNS_CONTROLLER);
}

static bool script_matches(const struct nvme_model_script *s, const struct model_cmd *cmd)
{
	u32 qid = cmd->sq->qid;

	if (s->lie == NVME_MODEL_HOSTILE_IDENTIFY)
		return is_identify(cmd) && variant_suits(cmd, s->variant);
	if (s->sqid == NVME_MODEL_ANY ? qid == 0 : s->sqid != qid)
		return false;
	if (s->opcode != NVME_MODEL_ANY && s->opcode != cmd->sqe.opcode)
		return false;
	return can_be_put_aside(cmd);
}

static bool choose_by_script(struct nvme_model *m, struct model_cmd *cmd)
{
	bool chosen = false;

	if (!atomic_load(&m->script_count))
		return false;
	pthread_mutex_lock(&m->lock);
	for (u32 i = 0; i < m->script_count && !chosen; i++) {
		struct nvme_model_script *s = &m->scripts[i];

		if (!script_matches(s, cmd))
			continue;
		if (s->skip) {
			s->skip--;
			continue;
		}
		cmd->lie = s->lie;
		cmd->variant = s->variant;
		chosen = true;
		if (--s->count == 0) {
			m->script_count--;
			memmove(s, s + 1, (m->script_count - i) * sizeof(*s));
		}
	}
	pthread_mutex_unlock(&m->lock);
	return chosen;
}

/* One throw decides whether there is a lie and which: the kinds divide a million among them. */
static void choose_by_dice(struct nvme_model *m, struct model_cmd *cmd)
{
	u64 throw = model_roll(&cmd->dice) % 1000000;

	for (unsigned int lie = 0; lie < NVME_MODEL_LIE_KINDS; lie++) {
		if (throw < m->config.rate[lie]) {
			if (lie_suits(m, cmd, lie))
				cmd->lie = lie;
			return;
		}
		throw -= m->config.rate[lie];
	}
}

void model_choose_lie(struct nvme_model *m, struct model_cmd *cmd)
{
	cmd->lie = MODEL_HONEST;
	cmd->dice = dice_for(m->config.seed, cmd->sq);
	if (!choose_by_script(m, cmd))
		choose_by_dice(m, cmd);
}

int nvme_model_script(struct nvme_model *m, const struct nvme_model_script *script)
{
	int err = -ENOSPC;

	if (script->lie >= NVME_MODEL_LIE_KINDS)
		return -EINVAL;
	if (script->lie == NVME_MODEL_HOSTILE_IDENTIFY && script->variant >= NVME_MODEL_ID_LIES)
		return -EINVAL;
	pthread_mutex_lock(&m->lock);
	if (m->script_count < MODEL_SCRIPTS) {
		struct nvme_model_script *s = &m->scripts[m->script_count++];

		*s = *script;
		if (!s->count)
			s->count = 1;
		err = 0;
	}
	pthread_mutex_unlock(&m->lock);
	return err;
}

void nvme_model_script_clear(struct nvme_model *m)
{
	pthread_mutex_lock(&m->lock);
	m->script_count = 0;
	pthread_mutex_unlock(&m->lock);
}

/* ---- Before execution ---- */

static void told(struct nvme_model *m, const struct model_cmd *cmd)
{
	model_count(&m->count.lies[cmd->lie], 1);
}

static u16 unknown_cid(const struct model_sq *sq, struct model_dice *dice)
{
	u16 start = (u16)model_roll(dice), cid = start;

	do {
		if (!cids_has(&sq->seen, cid))
			return cid;
	} while (++cid != start);
	while (cids_has(&sq->outstanding, cid))
		cid++;
	return cid;
}

/* The oldest completed identifier that is remembered and not in use. */
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

/* Half of the time one that exists, and so must not complete here. */
static u32 wrong_sqid(const struct nvme_model *m, const struct model_cq *cq,
		      struct model_dice *dice)
{
	for (unsigned int i = 0; i < 16; i++) {
		u64 throw = model_roll(dice);
		u32 qid = throw & 1 ? (u32)(throw >> 1) % (m->granted + 1)
				    : (u32)(throw >> 1) & 0xffff;

		if (!completes_at(m, qid, cq))
			return qid;
	}
	return 0xffff;
}

static bool bad_sqhd(const struct model_cmd *cmd, struct model_dice *dice, u32 *head)
{
	u32 size = atomic_load_explicit(&cmd->sq->size, memory_order_relaxed);

	/* "Fetched up to, not including, the command's own place." */
	if (cmd->variant == 2) {
		*head = cmd->slot;
		return true;
	}
	if (size > 0xffff)
		return false;
	*head = size + (u32)(model_roll(dice) % (0x10000 - size));
	return true;
}

/* What the place at the tail held one lap ago, made current. */
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

void model_lie_before(struct nvme_model *m, struct model_cmd *cmd)
{
	struct model_sq *sq = cmd->sq;
	struct model_cq *cq = model_cq_of(m, sq);
	struct model_entry e;
	u16 cid;
	u32 head;

	if (cmd->lie == MODEL_HONEST || !model_cq_room(cq, 2))
		return;
	e = model_entry(sq, cmd->cid, NVME_SC_SUCCESS, 0);
	switch (cmd->lie) {
	case NVME_MODEL_UNKNOWN_CID:
		e = model_entry(sq, unknown_cid(sq, &cmd->dice), NVME_SC_SUCCESS, 0);
		break;
	case NVME_MODEL_STALE_CID:
		if (!stale_cid(sq, &cid))
			return;
		e = model_entry(sq, cid, NVME_SC_SUCCESS, 0);
		break;
	case NVME_MODEL_WRONG_SQID:
		e.dw[2] = sq->head | NVME_PUT(NVME_CQE_SQID, wrong_sqid(m, cq, &cmd->dice));
		break;
	case NVME_MODEL_BAD_SQHD:
		if (!bad_sqhd(cmd, &cmd->dice, &head))
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
	told(m, cmd);
	model_post(m, sq, &e);
}

/* ---- After execution ---- */

/* Time for the driver to look at a half-written entry. */
static void a_moment(void)
{
	const struct timespec moment = { .tv_nsec = 20000 };

	nanosleep(&moment, NULL);
}

static void post_late(struct nvme_model *m, struct model_sq *sq, const struct model_entry *e)
{
	struct model_cq *cq = model_cq_of(m, sq);
	u32 phase, index = model_cq_advance(m, sq, &phase);

	model_cq_write(m, cq, index, e, !phase, 0xf);
	model_raise(m, cq);
	a_moment();
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
	a_moment();
	model_cq_write(m, cq, index, e, phase, 1u << 2);
}

void model_complete(struct nvme_model *m, struct model_cmd *cmd, u16 status)
{
	struct model_sq *sq = cmd->sq;
	struct model_entry e = model_entry(sq, cmd->cid, status, cmd->result), lie;
	bool room = model_cq_room(model_cq_of(m, sq), 2);

	if (status)
		model_count(&m->count.failures, 1);
	model_forget(sq, cmd->cid);
	switch (cmd->lie) {
	case NVME_MODEL_REPEATED_CID:
		model_post(m, sq, &e);
		if (!room)
			return;
		told(m, cmd);
		break;
	case NVME_MODEL_LATE_PHASE:
		told(m, cmd);
		post_late(m, sq, &e);
		return;
	case NVME_MODEL_GARBAGE_STATUS:
		if (!room)
			break;
		told(m, cmd);
		status = (u16)(NVME_PUT(NVME_STATUS_SCT, 4 + model_roll(&cmd->dice) % 3) |
			       NVME_PUT(NVME_STATUS_SC, model_roll(&cmd->dice)));
		lie = model_entry(sq, cmd->cid, status, cmd->result);
		model_post(m, sq, &lie);
		break;
	case NVME_MODEL_TORN_ENTRY:
		if (!room || cmd->has_result)
			break;
		told(m, cmd);
		post_torn(m, sq, &e);
		break;
	default:
		break;
	}
	model_post(m, sq, &e);
}

/* ---- Identify ---- */

static void garble(struct hf_untrusted_u8 *field, size_t len, struct model_dice *dice)
{
	static const u8 nasty[] = { 0x00, 0x07, 0x08, 0x0a, 0x1b, '[', '2', 'J', 0x7f, 0x9b, 0xff };

	for (size_t i = 0; i < len; i++)
		field[i] = hf_untrusted_u8(nasty[model_roll(dice) % sizeof(nasty)]);
}

static void lie_about_namespace(struct nvme_id_ns *id, u32 variant)
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

static void lie_about_controller(struct nvme_id_ctrl *id, u32 variant, struct model_dice *dice)
{
	switch (variant) {
	case NVME_MODEL_ID_MDTS:
		id->mdts = hf_untrusted_u8((u8)(64 + model_roll(dice) % 192));
		break;
	case NVME_MODEL_ID_SQES:
		id->sqes = hf_untrusted_u8(model_roll(dice) & 1 ? 0x00 : 0x97);
		break;
	case NVME_MODEL_ID_CQES:
		id->cqes = hf_untrusted_u8(model_roll(dice) & 1 ? 0x33 : 0xf5);
		break;
	case NVME_MODEL_ID_NN:
		id->nn = hf_le32(0);
		break;
	case NVME_MODEL_ID_STRINGS:
		garble(id->sn, sizeof(id->sn), dice);
		garble(id->mn, sizeof(id->mn), dice);
		garble(id->fr, sizeof(id->fr), dice);
		break;
	}
}

void model_lie_identify(struct nvme_model *m, struct model_cmd *cmd, void *page, bool controller)
{
	u32 first = controller ? NVME_MODEL_ID_MDTS : NVME_MODEL_ID_NSZE_ZERO;
	u32 end = controller ? NVME_MODEL_ID_ONES : NVME_MODEL_ID_MDTS;
	u32 variant = cmd->variant;

	/* One more than the range stands for the variant that fits both. */
	if (!variant)
		variant = first + (u32)(model_roll(&cmd->dice) % (end - first + 1));
	if (variant == end)
		variant = NVME_MODEL_ID_ONES;
	told(m, cmd);
	if (variant == NVME_MODEL_ID_ONES)
		memset(page, 0xff, NVME_IDENTIFY_SIZE);
	else if (controller)
		lie_about_controller(page, variant, &cmd->dice);
	else
		lie_about_namespace(page, variant);
}
