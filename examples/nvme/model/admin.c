/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The admin command set (NVMe 1.4, 5).
 */
#include <string.h>

#include "model_impl.h"

/* ---- Identify (5.15) ---- */

/* ASCII, padded with spaces, not terminated (1.5). */
static void put_string(struct hf_untrusted_u8 *field, size_t len, const char *text)
{
	for (size_t i = 0; i < len; i++)
		field[i] = hf_untrusted_u8(*text ? (u8)*text++ : ' ');
}

static void identify_controller(struct nvme_model *m, struct nvme_id_ctrl *id)
{
	static const char nqn[] =
		"nqn.2014-08.org.nvmexpress:uuid:6f1c2a54-5d2b-4f0e-9c61-1d6f2a0b7e11";

	memset(id, 0, sizeof(*id));
	put_string(id->sn, sizeof(id->sn), "HF0000000001");
	put_string(id->mn, sizeof(id->mn), "Holdfast NVMe model");
	put_string(id->fr, sizeof(id->fr), "1.0");
	id->mdts = hf_untrusted_u8(m->mdts);
	id->cntlid = hf_le16(1);
	id->ver = hf_le32(m->config.version);
	id->rtd3e = hf_le32(m->config.rtd3e_us);
	id->cntrltype = hf_untrusted_u8(NVME_CNTRLTYPE_IO);
	id->acl = hf_untrusted_u8(3);
	id->aerl = hf_untrusted_u8(MODEL_ASYNC_EVENTS - 1);
	id->oaes = hf_le32(NVME_ASYNC_NAMESPACES);
	id->sqes = hf_untrusted_u8((u8)(NVME_PUT(NVME_SQES_MIN, NVME_SQE_SHIFT) |
					NVME_PUT(NVME_SQES_MAX, NVME_SQE_SHIFT)));
	id->cqes = hf_untrusted_u8((u8)(NVME_PUT(NVME_SQES_MIN, NVME_CQE_SHIFT) |
					NVME_PUT(NVME_SQES_MAX, NVME_CQE_SHIFT)));
	id->nn = hf_le32(m->config.nn);
	id->oncs = hf_le16(NVME_ONCS_DSM | NVME_ONCS_WRITE_ZEROES);
	id->sgls = hf_le32(NVME_PUT(NVME_SGLS, m->sgls ? NVME_SGLS_BYTES : 0));
	id->vwc = hf_untrusted_u8(NVME_VWC_PRESENT | NVME_VWC_FLUSH_ALL);
	for (size_t i = 0; i < sizeof(nqn); i++)
		id->subnqn[i] = hf_untrusted_u8((u8)nqn[i]);
}

/* All zeroes for an identifier that is not active. */
static void identify_namespace(const struct nvme_model_namespace *ns, struct nvme_id_ns *id)
{
	u64 bytes;

	memset(id, 0, sizeof(*id));
	if (!ns)
		return;
	bytes = ns->blocks * ns->block_size;
	id->nsze = hf_le64(ns->blocks);
	id->ncap = hf_le64(ns->blocks);
	id->nuse = hf_le64(ns->blocks);
	id->dlfeat = hf_untrusted_u8(NVME_DLFEAT_READS_ZERO | NVME_DLFEAT_DEAC);
	for (size_t i = 0; i < sizeof(bytes); i++)
		id->nvmcap[i] = hf_untrusted_u8((u8)(bytes >> (8 * i)));
	for (size_t i = 0; i < sizeof(ns->eui64); i++)
		id->eui64[i] = hf_untrusted_u8((u8)(ns->eui64 >> (8 * (7 - i))));
	id->lbaf[0].lbads = hf_untrusted_u8((u8)model_block_shift(ns));
	id->lbaf[0].ms = hf_le16(ns->metadata);
}

/* Namespace identification descriptors: a type, a length, two bytes of zeroes, the value. */
static void identify_descriptors(const struct nvme_model_namespace *ns, u8 *list)
{
	u8 *p = list;

	memset(list, 0, NVME_IDENTIFY_SIZE);
	if (ns->eui64) {
		p[0] = NVME_NIDT_EUI64;
		p[1] = sizeof(ns->eui64);
		for (size_t i = 0; i < sizeof(ns->eui64); i++)
			p[4 + i] = (u8)(ns->eui64 >> (8 * (7 - i)));
		p += 4 + sizeof(ns->eui64);
	}
	p[0] = NVME_NIDT_CSI;
	p[1] = 1;
	p[4] = ns->csi;
}

static void identify_limits(const struct nvme_model *m, struct nvme_id_ctrl_nvm *id)
{
	memset(id, 0, sizeof(*id));
	id->wzsl = hf_untrusted_u8(m->config.wzsl);
	id->dmrl = hf_untrusted_u8(m->config.dmrl);
	id->dmrsl = hf_le32(m->config.dmrsl);
	id->dmsl = hf_le64(m->config.dmsl);
}

/* The active ones above @nsid, in ascending order. */
static void identify_list(const struct nvme_model *m, u32 nsid, struct hf_le32 *list)
{
	size_t n = 0;

	memset(list, 0, NVME_IDENTIFY_SIZE);
	for (size_t i = 0; i < m->namespace_count && n < NVME_IDENTIFY_SIZE / 4; i++)
		if (m->namespaces[i].nsid > nsid)
			list[n++] = hf_le32(m->namespaces[i].nsid);
}

static u16 admin_identify(struct nvme_model *m, struct model_cmd *cmd)
{
	union {
		struct nvme_id_ctrl ctrl;
		struct nvme_id_ns ns;
		struct nvme_id_ctrl_nvm nvm;
		struct hf_le32 list[NVME_IDENTIFY_SIZE / 4];
		u8 bytes[NVME_IDENTIFY_SIZE];
	} page;
	u32 cns = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_IDENTIFY_CNS);
	u32 nsid = model_le32(cmd->sqe.nsid);
	const struct nvme_model_namespace *ns = model_namespace(m, nsid);

	switch (cns) {
	case NVME_CNS_NAMESPACE:
		if (!nsid || nsid > m->config.nn)
			return model_reject(m, cmd, NVME_SC_INVALID_NAMESPACE,
					    "no such namespace");
		identify_namespace(ns, &page.ns);
		break;
	case NVME_CNS_CONTROLLER:
		if (nsid)
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
					    "NSID is not used, but is set");
		identify_controller(m, &page.ctrl);
		break;
	case NVME_CNS_ACTIVE_LIST:
		/* Hosts try this. */
		if (m->config.no_list)
			return NVME_SC_INVALID_FIELD | NVME_STATUS_DNR;
		if (m->config.version < NVME_VS(1, 1, 0))
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "CNS of a later version");
		if (nsid >= NVME_NSID_ALL - 1)
			return model_reject(m, cmd, NVME_SC_INVALID_NAMESPACE,
					    "no namespace comes after NSID");
		identify_list(m, nsid, page.list);
		break;
	case NVME_CNS_DESCRIPTORS:
		if (m->config.version < NVME_VS(1, 3, 0))
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "CNS of a later version");
		if (!nsid || nsid > m->config.nn)
			return model_reject(m, cmd, NVME_SC_INVALID_NAMESPACE,
					    "no such namespace");
		/* It may have been detached since the host read the list. */
		if (!ns)
			return NVME_SC_INVALID_NAMESPACE | NVME_STATUS_DNR;
		identify_descriptors(ns, page.bytes);
		break;
	case NVME_CNS_COMMAND_SET:
		if (!(NVME_FIELD(m->cap, NVME_CAP_CSS) & NVME_CAP_CSS_CSI) || nsid ||
		    NVME_FIELD(model_le32(cmd->sqe.cdw11), NVME_IDENTIFY_CSI) != NVME_CSI_NVM)
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
					    "no data of this command set");
		identify_limits(m, &page.nvm);
		break;
	default:
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "CNS is not supported");
	}
	if (cmd->fault == NVME_MODEL_INVALID_IDENTIFY && cns <= NVME_CNS_CONTROLLER)
		model_inject_identify(m, cmd, &page, cns == NVME_CNS_CONTROLLER);
	return model_transfer(m, cmd, &page, sizeof(page), true);
}

/* ---- Queues (5.3 to 5.6) ---- */

static bool bad_qid(const struct nvme_model *m, u32 qid)
{
	return qid == 0 || qid > m->granted;
}

/* Checks of Create I/O Submission Queue and Create I/O Completion Queue. */
static u16 check_new_queue(struct nvme_model *m, struct model_cmd *cmd, bool exists)
{
	u32 entries = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_QUEUE_QSIZE) + 1;

	if (exists)
		return model_reject(m, cmd, NVME_SC_QID_INVALID, "queue exists");
	if (entries < 2 || entries > m->config.queue_entries)
		return model_reject(m, cmd, NVME_SC_QUEUE_SIZE, "queue size is 1 or exceeds MQES");
	if (!(model_le32(cmd->sqe.cdw11) & NVME_QUEUE_PC))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
				    "queue is not contiguous, which CAP.CQR requires");
	if (model_le64(cmd->sqe.prp1) & ((1ull << m->page_shift) - 1))
		return model_reject(m, cmd, NVME_SC_PRP_OFFSET, "queue is not on a page boundary");
	if (model_le64(cmd->sqe.prp2))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "PRP2 is set and not needed");
	return 0;
}

static u16 admin_create_cq(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw10 = model_le32(cmd->sqe.cdw10), cdw11 = model_le32(cmd->sqe.cdw11);
	u32 qid = NVME_FIELD(cdw10, NVME_QUEUE_QID), vector = NVME_FIELD(cdw11, NVME_CQ_IV);
	u16 status;

	if (bad_qid(m, qid))
		return model_reject(m, cmd, NVME_SC_QID_INVALID, "no such queue was granted");
	status = check_new_queue(m, cmd, model_cq_exists(&m->cqs[qid]));
	if (status)
		return status;
	if (NVME_FIELD(atomic_load(&m->cc), NVME_CC_IOCQES) != NVME_CQE_SHIFT)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "CC.IOCQES is not 4");
	if (vector >= m->config.vectors)
		return model_reject(m, cmd, NVME_SC_INVALID_VECTOR, "no such vector");
	if (model_cq_create(m, (u16)qid, model_le64(cmd->sqe.prp1),
			    NVME_FIELD(cdw10, NVME_QUEUE_QSIZE) + 1, (u16)vector,
			    cdw11 & NVME_CQ_IEN))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
				    "queue is not mapped for writing by the controller");
	m->io_queues++;
	return 0;
}

static u16 admin_create_sq(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw10 = model_le32(cmd->sqe.cdw10), cdw11 = model_le32(cmd->sqe.cdw11);
	u32 qid = NVME_FIELD(cdw10, NVME_QUEUE_QID), cqid = NVME_FIELD(cdw11, NVME_SQ_CQID);
	u16 status;

	if (bad_qid(m, qid) || bad_qid(m, cqid))
		return model_reject(m, cmd, NVME_SC_QID_INVALID, "no such queue was granted");
	if (!model_cq_exists(&m->cqs[cqid]))
		return model_reject(m, cmd, NVME_SC_CQ_INVALID, "completion queue does not exist");
	status = check_new_queue(m, cmd, model_sq_exists(&m->sqs[qid]));
	if (status)
		return status;
	if (NVME_FIELD(atomic_load(&m->cc), NVME_CC_IOSQES) != NVME_SQE_SHIFT)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "CC.IOSQES is not 6");
	if (model_sq_create(m, (u16)qid, (u16)cqid, model_le64(cmd->sqe.prp1),
			    NVME_FIELD(cdw10, NVME_QUEUE_QSIZE) + 1))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
				    "queue is not mapped for reading by the controller");
	m->io_queues++;
	return 0;
}

static u16 admin_delete_sq(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 qid = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_QUEUE_QID);

	if (bad_qid(m, qid) || !model_sq_exists(&m->sqs[qid]))
		return model_reject(m, cmd, NVME_SC_QID_INVALID, "submission queue does not exist");
	model_sq_delete(m, &m->sqs[qid]);
	m->io_queues--;
	return 0;
}

static u16 admin_delete_cq(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 qid = NVME_FIELD(model_le32(cmd->sqe.cdw10), NVME_QUEUE_QID);

	if (bad_qid(m, qid) || !model_cq_exists(&m->cqs[qid]))
		return model_reject(m, cmd, NVME_SC_QID_INVALID, "completion queue does not exist");
	if (m->cqs[qid].users)
		return model_reject(m, cmd, NVME_SC_QUEUE_DELETION,
				    "submission queues complete there");
	atomic_store_explicit(&m->cqs[qid].size, 0, memory_order_relaxed);
	m->io_queues--;
	return 0;
}

/* ---- Features (5.13, 5.21) ---- */

static u32 granted_queues(const struct nvme_model *m)
{
	return NVME_PUT(NVME_FEAT_NSQ, m->granted - 1) | NVME_PUT(NVME_FEAT_NCQ, m->granted - 1);
}

/* Queues are granted in pairs: as many as the greater number, up to the maximum. */
static u16 set_num_queues(struct nvme_model *m, struct model_cmd *cmd, u32 cdw11)
{
	u32 nsq = NVME_FIELD(cdw11, NVME_FEAT_NSQ), ncq = NVME_FIELD(cdw11, NVME_FEAT_NCQ);
	u32 wanted = (nsq > ncq ? nsq : ncq) + 1;

	if (nsq == 0xffff || ncq == 0xffff)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "65,536 queues asked for");
	if (m->io_queues)
		return model_reject(m, cmd, NVME_SC_COMMAND_SEQUENCE,
				    "number of queues set after queues were created");
	m->granted = wanted < m->queues ? wanted : m->queues;
	cmd->result = granted_queues(m);
	return 0;
}

static u16 admin_features(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw10 = model_le32(cmd->sqe.cdw10), cdw11 = model_le32(cmd->sqe.cdw11);
	bool set = cmd->sqe.opcode == NVME_ADMIN_SET_FEATURES;

	cmd->has_result = true;
	if (set && (cdw10 & NVME_FEAT_SAVE))
		return model_reject(m, cmd, NVME_SC_NOT_SAVEABLE, "feature is not saveable");
	switch (NVME_FIELD(cdw10, NVME_FEAT_FID)) {
	case NVME_FEAT_NUM_QUEUES:
		if (set)
			return set_num_queues(m, cmd, cdw11);
		cmd->result = granted_queues(m);
		return 0;
	case NVME_FEAT_WRITE_CACHE:
		if (set)
			m->write_cache = cdw11 & 1;
		else
			cmd->result = m->write_cache;
		return 0;
	case NVME_FEAT_ASYNC_CONFIG:
		if (set)
			m->async_config = cdw11;
		else
			cmd->result = m->async_config;
		return 0;
	default:
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "feature is not supported");
	}
}

/* ---- Abort, events, log pages ---- */

static void forget_event_request(struct nvme_model *m, u16 cid)
{
	for (u32 i = 0; i < m->async_events; i++) {
		if (m->async_cid[i] != cid)
			continue;
		m->async_cid[i] = m->async_cid[--m->async_events];
		return;
	}
}

/*
 * Abort (5.1). Held commands, event requests, and lost commands that are not stuck can be aborted.
 * Commands that completed or were not fetched yet cannot.
 */
static bool abort_command(struct nvme_model *m, const struct model_sq *from, struct model_sq *sq,
			  u16 cid)
{
	size_t count = atomic_load_explicit(&m->pending_count, memory_order_relaxed);
	bool mine = cids_has(&sq->parked, cid) && !cids_has(&sq->stuck, cid);
	struct model_entry e;

	/* If both complete on one queue, the entry of the Abort needs room, too. */
	if (!model_cq_room(model_cq_of(m, sq), sq->cqid == from->cqid ? 2 : 1))
		return false;
	for (size_t i = 0; i < count && !mine; i++) {
		if (m->pending[i].sq == sq && m->pending[i].cid == cid) {
			m->pending[i].sq = NULL;
			mine = true;
		}
	}
	if (!mine)
		return false;
	if (sq->qid == 0)
		forget_event_request(m, cid);
	model_release_cid(sq, cid);
	e = model_entry(sq, cid, NVME_SC_ABORT_REQUESTED, 0);
	model_count(&m->count.failures, 1);
	model_post(m, sq, &e);
	return true;
}

static u16 admin_abort(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw10 = model_le32(cmd->sqe.cdw10);
	u32 sqid = NVME_FIELD(cdw10, NVME_ABORT_SQID);
	u16 cid = (u16)NVME_FIELD(cdw10, NVME_ABORT_CID);

	cmd->has_result = true;
	if (sqid > m->granted || !model_sq_exists(&m->sqs[sqid]))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD,
				    "Abort in a submission queue that does not exist");
	if (!abort_command(m, cmd->sq, &m->sqs[sqid], cid))
		cmd->result = NVME_ABORT_NOT_ABORTED;
	return 0;
}

/* Asynchronous events (5.2): a request is pending until an event, an Abort or a reset. */
static u16 admin_async_event(struct nvme_model *m, struct model_cmd *cmd)
{
	cmd->has_result = true;
	if (m->async_events == MODEL_ASYNC_EVENTS)
		return model_reject(m, cmd, NVME_SC_ASYNC_LIMIT, "more event requests than AERL");
	m->async_cid[m->async_events++] = cmd->cid;
	cids_add(&cmd->sq->parked, cmd->cid);
	cmd->parked = true;
	return 0;
}

/* The first event that may be told, of those that wait; false if there is none.  The lock is held. */
static bool next_event(struct nvme_model *m, u32 *event)
{
	const u32 count = atomic_load(&m->event_count);

	for (u32 i = 0; i < count; i++) {
		if (m->told_types & 1u << NVME_FIELD(m->events[i], NVME_EVENT_TYPE))
			continue;
		*event = m->events[i];
		memmove(&m->events[i], &m->events[i + 1], (count - i - 1) * sizeof(m->events[0]));
		atomic_store(&m->event_count, count - 1);
		return true;
	}
	return false;
}

bool model_tell_events(struct nvme_model *m)
{
	struct model_sq *const sq = &m->sqs[0];
	struct model_entry e;
	u32 event = 0;
	bool is;

	if (!atomic_load(&m->event_count) || !m->async_events || !model_cq_room(model_cq_of(m, sq), 1))
		return false;
	pthread_mutex_lock(&m->lock);
	is = next_event(m, &event);
	pthread_mutex_unlock(&m->lock);
	if (!is)
		return false;
	m->told_types |= 1u << NVME_FIELD(event, NVME_EVENT_TYPE);
	e = model_entry(sq, m->async_cid[--m->async_events], 0, event);
	model_release_cid(sq, m->async_cid[m->async_events]);
	model_post(m, sq, &e);
	return true;
}

/* The mandatory pages (5.14), and the namespaces that changed: all zeroes but for the critical warnings. */
static u16 admin_get_log_page(struct nvme_model *m, struct model_cmd *cmd)
{
	u32 cdw10 = model_le32(cmd->sqe.cdw10), cdw11 = model_le32(cmd->sqe.cdw11);
	u32 page = NVME_FIELD(cdw10, NVME_LOG_LID);
	u64 len = ((u64)(cdw11 & 0xffff) << 16 | NVME_FIELD(cdw10, NVME_LOG_NUMDL)) * 4 + 4;

	if (page < NVME_LOG_ERROR || page > NVME_LOG_NAMESPACES)
		return model_reject(m, cmd, NVME_SC_INVALID_LOG_PAGE, "no such log page");
	if (len > m->max_transfer)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "transfer exceeds MDTS");
	memset(m->bounce, 0, (size_t)len);
	if (page == NVME_LOG_SMART)
		m->bounce[0] = atomic_load(&m->warning);
	if (!(cdw10 & NVME_LOG_RAE))
		m->told_types &= ~(1u << (page == NVME_LOG_ERROR ? NVME_EVENT_ERROR :
					  page == NVME_LOG_SMART ? NVME_EVENT_HEALTH : NVME_EVENT_NOTICE));
	return model_transfer(m, cmd, m->bounce, (size_t)len, true);
}

static const struct model_format admin_formats[] = {
	{ NVME_ADMIN_DELETE_SQ, false, false, { 0xffff } },
	{ NVME_ADMIN_CREATE_SQ, true, false, { ~0u, 0xffff0007 } },
	{ NVME_ADMIN_GET_LOG_PAGE, true, true, { 0xffff8fff, 0xffff, ~0u, ~0u } },
	{ NVME_ADMIN_DELETE_CQ, false, false, { 0xffff } },
	{ NVME_ADMIN_CREATE_CQ, true, false, { ~0u, 0xffff0003 } },
	{ NVME_ADMIN_IDENTIFY, true, true, { 0xffff00ff, 0xff000000 } },
	{ NVME_ADMIN_ABORT, false, false, { ~0u } },
	{ NVME_ADMIN_SET_FEATURES, true, true, { 0x800000ff, ~0u } },
	{ NVME_ADMIN_GET_FEATURES, true, true, { 0xff, ~0u } },
	{ NVME_ADMIN_ASYNC_EVENT, false, false, { 0 } },
};

u16 model_admin(struct nvme_model *m, struct model_cmd *cmd)
{
	u16 status = model_check_format(m, cmd, admin_formats,
					sizeof(admin_formats) / sizeof(admin_formats[0]));

	if (status)
		return status;
	switch (cmd->sqe.opcode) {
	case NVME_ADMIN_DELETE_SQ:
		return admin_delete_sq(m, cmd);
	case NVME_ADMIN_CREATE_SQ:
		return admin_create_sq(m, cmd);
	case NVME_ADMIN_GET_LOG_PAGE:
		return admin_get_log_page(m, cmd);
	case NVME_ADMIN_DELETE_CQ:
		return admin_delete_cq(m, cmd);
	case NVME_ADMIN_CREATE_CQ:
		return admin_create_cq(m, cmd);
	case NVME_ADMIN_IDENTIFY:
		return admin_identify(m, cmd);
	case NVME_ADMIN_ABORT:
		return admin_abort(m, cmd);
	case NVME_ADMIN_SET_FEATURES:
	case NVME_ADMIN_GET_FEATURES:
		return admin_features(m, cmd);
	default:
		return admin_async_event(m, cmd);
	}
}
