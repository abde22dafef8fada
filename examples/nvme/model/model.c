/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The controller: queues, the service thread, creation and destruction.
 */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model_impl.h"

#define MODEL_SPINS		2000u	/* polls for work before the thread sleeps */
#define MODEL_SPINS_BUSY	200u	/* how many of them, the first ones, do not yield the CPU */

/* ---- Errors of the driver ---- */

static void driver_error(struct nvme_model *m, const char *fmt, va_list args)
{
	char text[NVME_MODEL_ERROR_LEN];

	vsnprintf(text, sizeof(text), fmt, args);
	pthread_mutex_lock(&m->lock);
	memcpy(m->errors[m->error_count++ % NVME_MODEL_ERRORS], text, sizeof(text));
	pthread_mutex_unlock(&m->lock);
	atomic_fetch_add_explicit(&m->count.driver_errors, 1, memory_order_relaxed);
}

void model_driver_error(struct nvme_model *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	driver_error(m, fmt, args);
	va_end(args);
}

u16 model_reject(struct nvme_model *m, const struct model_cmd *cmd, u16 status, const char *why)
{
	model_driver_error(m, "queue %u, command %#06x, opcode %#04x: %s", cmd->sq->qid, cmd->cid,
			   cmd->sqe.opcode, why);
	return status | NVME_STATUS_DNR;
}

/* ---- Waking and sleeping ---- */

/*
 * A thread with work for the service thread stores the work, then sets kicked, then reads asleep.
 * The service thread clears kicked before it looks for work. Before it sleeps it sets asleep, then
 * reads kicked. These accesses are sequentially consistent, so at least one side sees the other's
 * store, and no wake-up is lost. A thread that is awake costs no system call.
 */
void model_kick(struct nvme_model *m)
{
	atomic_store(&m->kicked, true);
	if (atomic_load(&m->asleep))
		hf_sys_wake_all(&m->wake);
}

/* The service thread begins a pass: it will find everything that was written before. */
static void model_look(struct nvme_model *m)
{
	atomic_store(&m->kicked, false);
	m->sync_seen = atomic_load(&m->sync_asked);
}

/* It has processed all of that: answer nvme_model_sync(). */
static void model_done(struct nvme_model *m)
{
	pthread_mutex_lock(&m->lock);
	if (m->sync_done != m->sync_seen) {
		m->sync_done = m->sync_seen;
		pthread_cond_broadcast(&m->synced);
	}
	pthread_mutex_unlock(&m->lock);
}

/* Sleep until a kick, or until that time. */
static void model_sleep(struct nvme_model *m, u64 until_ns)
{
	struct hf_sys_waiter waiter;

	hf_sys_wait_begin(&m->wake, &waiter, HF_UNINTERRUPTIBLE);
	atomic_store(&m->asleep, true);
	(void)hf_sys_wait_sleep(&m->wake, &waiter, atomic_load(&m->kicked) ? 0 : until_ns,
				HF_UNINTERRUPTIBLE);
	atomic_store(&m->asleep, false);
}

void nvme_model_sync(struct nvme_model *m)
{
	u64 ticket = atomic_fetch_add(&m->sync_asked, 1) + 1;

	model_kick(m);
	pthread_mutex_lock(&m->lock);
	while (m->sync_done < ticket)
		pthread_cond_wait(&m->synced, &m->lock);
	pthread_mutex_unlock(&m->lock);
}

void model_pause(struct nvme_model *m, u32 ms)
{
	const u64 until_ns = hf_sys_now_ns() + (u64)ms * 1000000;

	for (;;) {
		model_look(m);
		if (hf_sys_now_ns() >= until_ns || atomic_load(&m->quit) ||
		    atomic_load(&m->reset_request))
			return;
		model_done(m);
		model_sleep(m, until_ns);
	}
}

static void model_idle(struct nvme_model *m)
{
	model_done(m);
	/* A host that uses nvme_model_sync() waits until the thread is idle: polling is useless. */
	for (unsigned int i = 0; i < MODEL_SPINS && !m->sync_seen; i++) {
		if (atomic_load_explicit(&m->kicked, memory_order_relaxed))
			return;
		if (i >= MODEL_SPINS_BUSY)
			sched_yield();
	}
	model_count(&m->count.sleeps, 1);
	model_sleep(m, HF_SYS_FOREVER);
}

/* ---- Completion queues ---- */

bool model_cq_exists(const struct model_cq *cq)
{
	return atomic_load_explicit(&cq->size, memory_order_relaxed) != 0;
}

struct model_cq *model_cq_of(struct nvme_model *m, const struct model_sq *sq)
{
	return &m->cqs[sq->cqid];
}

/* A queue is full when one entry is free (NVMe 1.4, 4.1.2). */
bool model_cq_room(const struct model_cq *cq, u32 entries)
{
	u32 size = atomic_load_explicit(&cq->size, memory_order_relaxed);
	u32 head = atomic_load_explicit(&cq->head, memory_order_acquire);
	u32 tail = atomic_load_explicit(&cq->tail, memory_order_relaxed);

	return size - 1 - ring_distance(head, tail, size) >= entries;
}

struct model_entry model_entry(const struct model_sq *sq, u16 cid, u16 status, u32 result)
{
	return (struct model_entry) { {
		result,
		0,
		sq->head | NVME_PUT(NVME_CQE_SQID, (u32)sq->qid),
		cid | NVME_PUT(NVME_CQE_STATUS, (u32)status),
	} };
}

u32 model_cq_advance(struct nvme_model *m, struct model_sq *sq, u32 *phase)
{
	struct model_cq *cq = model_cq_of(m, sq);
	u32 size = atomic_load_explicit(&cq->size, memory_order_relaxed);
	u32 tail = atomic_load_explicit(&cq->tail, memory_order_relaxed);
	u32 next = ring_next(tail, size);

	*phase = cq->phase;
	if (!next) {
		cq->phase ^= 1;
		cq->lap++;
	}
	/*
	 * Before the entry is written: a driver that has read it may write the head doorbell, and
	 * reuse the submission queue entries up to its SQ head.
	 */
	atomic_store_explicit(&cq->tail, next, memory_order_relaxed);
	atomic_store_explicit(&sq->reported, sq->head, memory_order_relaxed);
	cq->irq_due = true;
	model_count(&m->count.completions, 1);
	return tail;
}

void model_cq_write(struct nvme_model *m, struct model_cq *cq, u32 index,
		    const struct model_entry *e, u32 phase, unsigned int dwords)
{
	u64 iova = cq->base + ((u64)index << NVME_CQE_SHIFT);
	u32 *dw = hf_user_iommu_pin(m->iommu, iova, sizeof(struct nvme_cqe), HF_USER_DMA_WRITE);

	if (!dw) {
		model_driver_error(m, "completion queue at %#llx is not mapped any more",
				   (unsigned long long)cq->base);
		model_set_fatal(m);
		return;
	}
	for (unsigned int i = 0; i < NVME_CQE_DW_PHASE; i++)
		if (dwords & 1u << i)
			__atomic_store_n(&dw[i], htole32(e->dw[i]), __ATOMIC_RELAXED);
	/* Release: the phase tag comes after the other dwords and the command's data. */
	if (dwords & 1u << NVME_CQE_DW_PHASE)
		__atomic_store_n(&dw[NVME_CQE_DW_PHASE],
				 htole32(e->dw[NVME_CQE_DW_PHASE] |
					 NVME_PUT(NVME_CQE_PHASE, phase)),
				 __ATOMIC_RELEASE);
	hf_user_iommu_unpin(m->iommu, iova);
}

void model_post(struct nvme_model *m, struct model_sq *sq, const struct model_entry *e)
{
	u32 phase, index = model_cq_advance(m, sq, &phase);

	model_cq_write(m, model_cq_of(m, sq), index, e, phase, 0xf);
}

void model_release_cid(struct model_sq *sq, u16 cid)
{
	cids_remove(&sq->outstanding, cid);
	cids_remove(&sq->parked, cid);
	cids_remove(&sq->stuck, cid);
	sq->history[sq->completed++ % MODEL_HISTORY] = cid;
}

/* Raise one interrupt for all entries since the last one. */
void model_raise(struct nvme_model *m, struct model_cq *cq)
{
	u32 mask = atomic_load(&m->int_mask);

	if (!cq->irq_due || !cq->irq_enabled || (cq->vector < 32 && (mask >> cq->vector & 1)))
		return;
	cq->irq_due = false;
	if (!m->config.irq)
		return;
	model_count(&m->count.interrupts, 1);
	m->config.irq(m->config.irq_arg, cq->vector);
}

int model_cq_create(struct nvme_model *m, u16 qid, u64 base, u32 size, u16 vector, bool irq)
{
	struct model_cq *cq = &m->cqs[qid];
	u32 *dw = hf_user_iommu_pin(m->iommu, base, (size_t)size << NVME_CQE_SHIFT,
				    HF_USER_DMA_WRITE);

	if (!dw)
		return -EFAULT;
	/* The first lap has tag 1; memory with a tag of 1 would look like an entry (4.6). */
	for (u32 i = 0; i < size; i++) {
		u32 last = le32toh(__atomic_load_n(&dw[i * 4 + NVME_CQE_DW_PHASE],
						   __ATOMIC_RELAXED));

		if (NVME_FIELD(last, NVME_CQE_PHASE)) {
			model_driver_error(m, "completion queue %u created with old phase tags",
					   qid);
			break;
		}
	}
	hf_user_iommu_unpin(m->iommu, base);

	cq->base = base;
	cq->phase = 1;
	cq->lap = 0;
	cq->vector = vector;
	cq->irq_enabled = irq;
	cq->irq_due = false;
	cq->users = 0;
	atomic_store_explicit(&cq->head, 0, memory_order_relaxed);
	atomic_store_explicit(&cq->tail, 0, memory_order_relaxed);
	atomic_store_explicit(&cq->size, size, memory_order_release);
	return 0;
}

/* ---- Submission queues ---- */

bool model_sq_exists(const struct model_sq *sq)
{
	return atomic_load_explicit(&sq->size, memory_order_relaxed) != 0;
}

int model_sq_create(struct nvme_model *m, u16 qid, u16 cqid, u64 base, u32 size)
{
	struct model_sq *sq = &m->sqs[qid];

	if (!hf_user_iommu_resolve(m->iommu, base, (size_t)size << NVME_SQE_SHIFT,
				   HF_USER_DMA_READ))
		return -EFAULT;
	sq->cqid = cqid;
	sq->head = 0;
	sq->base = base;
	memset(&sq->outstanding, 0, sizeof(sq->outstanding));
	memset(&sq->parked, 0, sizeof(sq->parked));
	memset(&sq->stuck, 0, sizeof(sq->stuck));
	memset(&sq->seen, 0, sizeof(sq->seen));
	sq->completed = 0;
	m->cqs[cqid].users++;
	atomic_store_explicit(&sq->tail, 0, memory_order_relaxed);
	atomic_store_explicit(&sq->reported, 0, memory_order_relaxed);
	atomic_store_explicit(&sq->size, size, memory_order_release);
	return 0;
}

/* The held commands of the queue are deleted with it. */
void model_sq_delete(struct nvme_model *m, struct model_sq *sq)
{
	size_t count = atomic_load_explicit(&m->pending_count, memory_order_relaxed);

	for (size_t i = 0; i < count; i++)
		if (m->pending[i].sq == sq)
			m->pending[i].sq = NULL;
	m->cqs[sq->cqid].users--;
	atomic_store_explicit(&sq->size, 0, memory_order_relaxed);
}

/* ---- Commands ---- */

static bool is_fatal(struct nvme_model *m)
{
	return NVME_FIELD(atomic_load_explicit(&m->csts, memory_order_relaxed), NVME_CSTS_CFS);
}

static void run_command(struct nvme_model *m, struct model_cmd *cmd)
{
	u16 status;

	model_inject_before(m, cmd);
	if (cmd->sq->qid && atomic_load_explicit(&m->failing, memory_order_acquire)) {
		atomic_fetch_sub(&m->failing, 1);
		status = atomic_load(&m->failing_status);
	} else {
		status = cmd->sq->qid ? model_io(m, cmd) : model_admin(m, cmd);
	}
	if (!cmd->parked)
		model_complete(m, cmd, status);
}

static bool hold_back(struct nvme_model *m, const struct model_cmd *cmd)
{
	size_t count = atomic_load_explicit(&m->pending_count, memory_order_relaxed);

	if (count == MODEL_PENDING)
		return false;
	m->pending[count] = *cmd;
	atomic_store_explicit(&m->pending_count, count + 1, memory_order_relaxed);
	return true;
}

/*
 * Run held commands that are due. Entries that were run have no queue, and are removed at the end.
 */
static bool run_pending(struct nvme_model *m)
{
	size_t count = atomic_load_explicit(&m->pending_count, memory_order_relaxed), left = 0;
	bool hold = atomic_load_explicit(&m->hold, memory_order_relaxed);
	bool did = false;

	for (size_t i = 0; i < count; i++) {
		struct model_cmd *p = &m->pending[i], cmd;
		struct model_sq *sq = p->sq;

		if (!sq || is_fatal(m) || (hold && sq->qid) || !model_cq_room(model_cq_of(m, sq), 1))
			continue;
		if (sq->fetched < p->due &&
		    sq->head != atomic_load_explicit(&sq->tail, memory_order_acquire))
			continue;
		cmd = *p;
		p->sq = NULL;
		run_command(m, &cmd);
		did = true;
	}
	for (size_t i = 0; i < count; i++)
		if (m->pending[i].sq)
			m->pending[left++] = m->pending[i];
	atomic_store_explicit(&m->pending_count, left, memory_order_relaxed);
	return did;
}

static void start_command(struct nvme_model *m, struct model_cmd *cmd)
{
	struct model_sq *sq = cmd->sq;

	if (cids_has(&sq->outstanding, cmd->cid)) {
		struct model_entry e = model_entry(sq, cmd->cid,
			model_reject(m, cmd, NVME_SC_CID_CONFLICT, "identifier is outstanding"), 0);

		model_post(m, sq, &e);
		return;
	}
	cids_add(&sq->outstanding, cmd->cid);
	cids_add(&sq->seen, cmd->cid);

	model_choose_fault(m, cmd);
	switch (cmd->fault) {
	case NVME_MODEL_CONTROLLER_FATAL:
		model_count(&m->count.faults[cmd->fault], 1);
		model_set_fatal(m);
		return;
	case NVME_MODEL_LOST_COMMAND:
		model_count(&m->count.faults[cmd->fault], 1);
		cids_add(&sq->parked, cmd->cid);
		if (cmd->variant ? cmd->variant == 2 : model_random(&cmd->rng) & 1)
			cids_add(&sq->stuck, cmd->cid);
		return;
	case NVME_MODEL_OUT_OF_ORDER:
		cmd->due = sq->fetched + 1 + model_random(&cmd->rng) % 8;
		if (!hold_back(m, cmd))
			break;
		model_count(&m->count.faults[cmd->fault], 1);
		return;
	default:
		break;
	}
	if (sq->qid && atomic_load_explicit(&m->hold, memory_order_relaxed) && hold_back(m, cmd))
		return;
	run_command(m, cmd);
}

static bool fetch_command(struct nvme_model *m, struct model_sq *sq, struct model_cmd *cmd)
{
	u64 iova = sq->base + ((u64)sq->head << NVME_SQE_SHIFT);
	u32 *dw = hf_user_iommu_pin(m->iommu, iova, sizeof(cmd->sqe), HF_USER_DMA_READ);
	u32 words[sizeof(cmd->sqe) / sizeof(u32)];

	if (!dw) {
		model_driver_error(m, "submission queue %u is not mapped any more", sq->qid);
		model_set_fatal(m);
		return false;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words[i] = __atomic_load_n(&dw[i], __ATOMIC_RELAXED);
	hf_user_iommu_unpin(m->iommu, iova);

	memset(cmd, 0, sizeof(*cmd));
	memcpy(&cmd->sqe, words, sizeof(words));
	cmd->sq = sq;
	cmd->slot = sq->head;
	cmd->cid = model_le16(cmd->sqe.cid);
	sq->head = ring_next(sq->head, atomic_load_explicit(&sq->size, memory_order_relaxed));
	sq->fetched++;
	model_count(sq->qid ? &m->count.io_commands : &m->count.admin_commands, 1);
	return true;
}

/*
 * Fetch only while the completion queue has room, so that there is room for this command's entry.
 */
static bool service_queue(struct nvme_model *m, struct model_sq *sq)
{
	u32 tail = atomic_load_explicit(&sq->tail, memory_order_acquire);
	bool did = false;

	for (u32 i = 0; i < MODEL_BURST && !is_fatal(m); i++) {
		struct model_cmd cmd;

		if (!model_sq_exists(sq) || sq->head == tail ||
		    !model_cq_room(model_cq_of(m, sq), 1))
			break;
		if (atomic_load_explicit(&m->pending_count, memory_order_relaxed) == MODEL_PENDING)
			break;
		if (!fetch_command(m, sq, &cmd))
			break;
		start_command(m, &cmd);
		did = true;
	}
	return did;
}

/* ---- Enable, reset, shutdown: on the service thread ---- */

static void set_csts(struct nvme_model *m, u32 csts)
{
	atomic_store_explicit(&m->csts, csts, memory_order_release);
}

void model_set_fatal(struct nvme_model *m)
{
	set_csts(m, model_csts(m) | NVME_PUT(NVME_CSTS_CFS, 1u));
}

/* Without MDTS a transfer is at most 65,536 blocks, as NLB has 16 bits. */
static size_t max_transfer(const struct nvme_model *m)
{
	return m->mdts ? (size_t)1 << (m->config.page_shift_min + m->mdts)
		       : (size_t)65536 * m->config.block_size;
}

/* Controller reset (NVMe 1.4, 7.3.2): deletes all queues; AQA, ASQ and ACQ are kept. */
static void model_reset(struct nvme_model *m)
{
	for (u32 qid = 0; qid <= m->config.queues; qid++) {
		atomic_store_explicit(&m->sqs[qid].size, 0, memory_order_relaxed);
		atomic_store_explicit(&m->cqs[qid].size, 0, memory_order_relaxed);
	}
	atomic_store_explicit(&m->pending_count, 0, memory_order_relaxed);
	atomic_store_explicit(&m->int_mask, 0, memory_order_relaxed);
	m->io_queues = 0;
	m->async_events = 0;
	m->told_types = 0;
	m->async_config = 0;
	pthread_mutex_lock(&m->lock);
	m->mdts = m->new_mdts;
	m->queues = m->new_queues;
	m->sgls = m->new_sgls;
	pthread_mutex_unlock(&m->lock);
	m->max_transfer = max_transfer(m);
	m->granted = m->queues;
	m->write_cache = true;
	m->enabled = false;
	model_count(&m->count.resets, 1);
	set_csts(m, 0);
}

static const char *enable_admin_queue(struct nvme_model *m, u32 cc)
{
	u32 aqa = atomic_load_explicit(&m->aqa, memory_order_relaxed);
	u64 asq = atomic_load_explicit(&m->asq, memory_order_relaxed);
	u64 acq = atomic_load_explicit(&m->acq, memory_order_relaxed);
	u32 sq_size = NVME_FIELD(aqa, NVME_AQA_ASQS) + 1;
	u32 cq_size = NVME_FIELD(aqa, NVME_AQA_ACQS) + 1;

	m->page_shift = NVME_MPS_BASE_SHIFT + NVME_FIELD(cc, NVME_CC_MPS);
	if (m->page_shift < m->config.page_shift_min || m->page_shift > m->config.page_shift_max)
		return "CC.MPS is not between CAP.MPSMIN and CAP.MPSMAX";
	if (NVME_FIELD(cc, NVME_CC_CSS) || NVME_FIELD(cc, NVME_CC_AMS))
		return "CC.CSS or CC.AMS is not one that CAP offers";
	if (sq_size < 2 || cq_size < 2 || (aqa & 0xf000f000))
		return "AQA: an admin queue has at least 2 entries";
	if ((asq | acq) & ((1ull << m->page_shift) - 1))
		return "ASQ or ACQ is not on a page boundary";
	if (model_cq_create(m, 0, acq, cq_size, 0, true))
		return "ACQ is not memory that the controller may write";
	if (model_sq_create(m, 0, 0, asq, sq_size))
		return "ASQ is not memory that the controller may read";
	return NULL;
}

/* NVMe 1.4, 7.6.1 */
static void model_enable(struct nvme_model *m, u32 cc)
{
	const char *wrong = enable_admin_queue(m, cc);

	if (wrong) {
		model_driver_error(m, "enable: %s", wrong);
		model_set_fatal(m);
		return;
	}
	model_pause(m, m->config.ready_delay_ms);
	pthread_mutex_lock(&m->lock);
	if (!atomic_load(&m->reset_request)) {
		m->enabled = true;
		set_csts(m, NVME_PUT(NVME_CSTS_RDY, 1u));
	}
	pthread_mutex_unlock(&m->lock);
}

/* NVMe 1.4, 7.6.2: data is on the medium before SHST changes to done. */
static void model_shutdown(struct nvme_model *m)
{
	u32 csts = model_csts(m) & ~NVME_PUT(NVME_CSTS_SHST, ~0u);

	set_csts(m, csts | NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_BUSY));
	model_pause(m, m->config.shutdown_delay_ms);
	if (atomic_load(&m->reset_request))
		return;
	if (model_medium_flush(m))
		set_csts(m, csts | NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE));
	else
		model_set_fatal(m);
}

static void change_namespaces(struct nvme_model *m)
{
	pthread_mutex_lock(&m->lock);
	free(m->namespaces);
	m->namespaces = m->new_namespaces;
	m->namespace_count = m->new_namespace_count;
	m->new_namespaces = NULL;
	atomic_store(&m->namespaces_request, false);
	pthread_mutex_unlock(&m->lock);
}

static bool service_controller(struct nvme_model *m)
{
	bool did = false;
	u32 cc;

	if (atomic_load(&m->namespaces_request))
		change_namespaces(m);
	if (atomic_exchange(&m->reset_request, false)) {
		model_reset(m);
		did = true;
	}
	if (atomic_exchange(&m->fatal_request, false)) {
		model_count(&m->count.faults[NVME_MODEL_CONTROLLER_FATAL], 1);
		model_set_fatal(m);
	}
	if (m->enabled && !is_fatal(m))
		did |= model_tell_events(m);
	cc = atomic_load(&m->cc);
	if (NVME_FIELD(cc, NVME_CC_EN) && !m->enabled && !is_fatal(m)) {
		model_enable(m, cc);
		did = true;
	}
	if (NVME_FIELD(cc, NVME_CC_SHN) && !is_fatal(m) &&
	    NVME_FIELD(model_csts(m), NVME_CSTS_SHST) == NVME_CSTS_SHST_NORMAL) {
		model_shutdown(m);
		did = true;
	}
	return did;
}

static void *model_thread(void *arg)
{
	struct nvme_model *m = arg;

	for (;;) {
		bool did;

		model_look(m);
		if (atomic_load(&m->quit))
			break;
		did = service_controller(m);
		if (m->enabled && !is_fatal(m)) {
			for (u32 qid = 0; qid <= m->granted; qid++)
				did |= service_queue(m, &m->sqs[qid]);
			if (atomic_load_explicit(&m->pending_count, memory_order_relaxed))
				did |= run_pending(m);
			for (u32 qid = 0; qid <= m->granted; qid++)
				if (model_cq_exists(&m->cqs[qid]))
					model_raise(m, &m->cqs[qid]);
		}
		if (!did)
			model_idle(m);
	}
	return NULL;
}

/* ---- Creation and destruction ---- */

void nvme_model_config_init(struct nvme_model_config *config)
{
	*config = (struct nvme_model_config) {
		.fd = -1,
		.block_size = 512,
		.sgls = true,
		.mdts = 5,
		.queue_entries = 1024,
		.queues = 8,
		.vectors = 32,
		.page_shift_min = NVME_MPS_BASE_SHIFT,
		.page_shift_max = NVME_MPS_BASE_SHIFT,
		.timeout = 10,
		.nn = 1,
		.version = NVME_VS(1, 4, 0),
	};
}

static const char *check_medium(const struct nvme_model_config *c)
{
	struct stat st;
	u64 size = c->memory_size;

	if (!c->memory) {
		if (fstat(c->fd, &st))
			return "the image is not an open file";
		if (!S_ISREG(st.st_mode))
			return "the image is not a regular file";
		size = (u64)st.st_size;
	}
	if (!size)
		return "the medium is empty";
	if (size % c->block_size)
		return "the size of the medium is not a multiple of the block size";
	return NULL;
}

const char *nvme_model_config_check(const struct nvme_model_config *c)
{
	u64 rates = 0;

	for (unsigned int i = 0; i < NVME_MODEL_FAULT_COUNT; i++)
		rates += c->rate[i];
	if (rates > 1000000)
		return "the rates of all faults together exceed 1,000,000";
	if (c->block_size != 512 && c->block_size != 4096)
		return "the block size is neither 512 nor 4096";
	if (c->mdts > 16)
		return "mdts is greater than 16";
	if (c->queue_entries < 2 || c->queue_entries > 65536)
		return "queue_entries is not between 2 and 65536";
	if (!c->queues || c->queues > NVME_MODEL_MAX_QUEUES)
		return "queues is not between 1 and NVME_MODEL_MAX_QUEUES";
	if (!c->vectors || c->vectors > 2048)
		return "vectors is not between 1 and 2048";
	if (c->dstrd > 10)
		return "dstrd is greater than 10";
	if (c->page_shift_min < NVME_MPS_BASE_SHIFT || c->page_shift_max > 27 ||
	    c->page_shift_min > c->page_shift_max)
		return "page shifts are not in order between 12 and 27";
	if (!c->timeout)
		return "timeout is 0";
	if (!c->nn || c->nn >= NVME_NSID_ALL)
		return "nn is not between 1 and 2^32 - 2";
	return check_medium(c);
}

u64 nvme_model_blocks(const struct nvme_model *m)
{
	return m->size / m->config.block_size;
}

/* ---- Namespaces ---- */

const struct nvme_model_namespace *model_namespace(const struct nvme_model *m, u32 nsid)
{
	for (size_t i = 0; i < m->namespace_count; i++)
		if (m->namespaces[i].nsid == nsid)
			return &m->namespaces[i];
	return NULL;
}

u32 model_block_shift(const struct nvme_model_namespace *ns)
{
	return (u32)__builtin_ctz(ns->block_size);
}

static bool fits(const struct nvme_model *m, const struct nvme_model_namespace *ns, u32 above)
{
	return ns->nsid > above && ns->nsid <= m->config.nn &&
	       __builtin_popcount(ns->block_size) == 1 && ns->offset <= m->size &&
	       ns->blocks <= (m->size - ns->offset) / ns->block_size;
}

int nvme_model_set_namespaces(struct nvme_model *m, const struct nvme_model_namespace *list,
			      size_t count)
{
	struct nvme_model_namespace *copy;
	u32 above = 0;

	for (size_t i = 0; i < count; i++) {
		if (!fits(m, &list[i], above))
			return -EINVAL;
		above = list[i].nsid;
	}
	copy = calloc(count + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	if (count)
		memcpy(copy, list, count * sizeof(*copy));
	pthread_mutex_lock(&m->lock);
	free(m->new_namespaces);
	m->new_namespaces = copy;
	m->new_namespace_count = count;
	atomic_store(&m->namespaces_request, true);
	pthread_mutex_unlock(&m->lock);
	model_kick(m);
	return 0;
}

int nvme_model_event(struct nvme_model *m, u8 type, u8 info, u8 lid, u8 warning)
{
	u32 n;

	pthread_mutex_lock(&m->lock);
	n = atomic_load(&m->event_count);
	if (n < MODEL_EVENTS) {
		m->events[n] = NVME_PUT(NVME_EVENT_TYPE, (u32)type) | NVME_PUT(NVME_EVENT_INFO, (u32)info) |
			       NVME_PUT(NVME_EVENT_LID, (u32)lid);
		atomic_store(&m->warning, warning);
		atomic_store(&m->event_count, n + 1);
	}
	pthread_mutex_unlock(&m->lock);
	model_kick(m);
	return n < MODEL_EVENTS ? 0 : -ENOSPC;
}

int nvme_model_change(struct nvme_model *m, const struct nvme_model_config *c)
{
	if (!c->queues || c->queues > m->config.queues ||
	    (m->config.mdts && (!c->mdts || c->mdts > m->config.mdts)))
		return -EINVAL;
	pthread_mutex_lock(&m->lock);
	m->new_mdts = c->mdts;
	m->new_queues = c->queues;
	m->new_sgls = c->sgls;
	pthread_mutex_unlock(&m->lock);
	return 0;
}

static void model_free(struct nvme_model *m)
{
	pthread_cond_destroy(&m->synced);
	hf_sys_waitq_fini(&m->wake);
	pthread_mutex_destroy(&m->lock);
	free(m->namespaces);
	free(m->new_namespaces);
	free(m->bounce);
	free(m->pending);
	free(m->sqs);
	free(m->cqs);
	free(m);
}

static bool has_limits(const struct nvme_model_config *c)
{
	return c->wzsl || c->dmrl || c->dmrsl || c->dmsl;
}

static u64 model_cap(const struct nvme_model_config *c)
{
	return NVME_PUT(NVME_CAP_MQES, (u64)c->queue_entries - 1) | NVME_PUT(NVME_CAP_CQR, 1ull) |
	       NVME_PUT(NVME_CAP_TO, (u64)c->timeout) | NVME_PUT(NVME_CAP_DSTRD, (u64)c->dstrd) |
	       NVME_PUT(NVME_CAP_CSS, (u64)(NVME_CAP_CSS_NVM | (has_limits(c) ? NVME_CAP_CSS_CSI : 0))) |
	       NVME_PUT(NVME_CAP_MPSMIN, (u64)c->page_shift_min - NVME_MPS_BASE_SHIFT) |
	       NVME_PUT(NVME_CAP_MPSMAX, (u64)c->page_shift_max - NVME_MPS_BASE_SHIFT) |
	       NVME_PUT(NVME_CAP_CRWMS, (u64)(c->crwmt != 0));
}

int nvme_model_new(const struct nvme_model_config *config, struct hf_user_iommu *iommu,
		   struct nvme_model **model)
{
	u32 queues = config->queues + 1u;
	struct nvme_model *m;

	if (nvme_model_config_check(config))
		return -EINVAL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->synced, NULL);
	hf_sys_waitq_init(&m->wake);
	m->config = *config;
	m->iommu = iommu;
	m->mdts = m->new_mdts = config->mdts;
	m->sgls = m->new_sgls = config->sgls;
	m->queues = m->new_queues = config->queues;
	m->granted = config->queues;
	m->write_cache = true;
	m->cap = model_cap(config);
	m->max_transfer = max_transfer(m);
	m->bounce = malloc(m->max_transfer);
	m->pending = calloc(MODEL_PENDING, sizeof(*m->pending));
	m->sqs = calloc(queues, sizeof(*m->sqs));
	m->cqs = calloc(queues, sizeof(*m->cqs));
	m->namespaces = calloc(1, sizeof(*m->namespaces));
	if (!m->bounce || !m->pending || !m->sqs || !m->cqs || !m->namespaces ||
	    model_medium_open(m)) {
		model_free(m);
		return -ENOMEM;
	}
	m->namespaces[0] = (struct nvme_model_namespace) {
		.nsid = 1, .block_size = config->block_size,
		.blocks = m->size / config->block_size,
	};
	m->namespace_count = 1;
	for (u32 qid = 0; qid < queues; qid++)
		m->sqs[qid].qid = (u16)qid;
	if (pthread_create(&m->thread, NULL, model_thread, m)) {
		model_free(m);
		return -EAGAIN;
	}
	*model = m;
	return 0;
}

void nvme_model_free(struct nvme_model *m)
{
	if (!m)
		return;
	atomic_store(&m->quit, true);
	model_kick(m);
	pthread_join(m->thread, NULL);
	model_free(m);
}

void nvme_model_hold(struct nvme_model *m, bool hold)
{
	atomic_store(&m->hold, hold);
	model_kick(m);
}

size_t nvme_model_held(const struct nvme_model *m)
{
	return atomic_load_explicit(&m->pending_count, memory_order_relaxed);
}

void nvme_model_fail(struct nvme_model *m, u16 status, u32 count)
{
	atomic_store(&m->failing_status, status);
	atomic_store_explicit(&m->failing, count, memory_order_release);
}

void nvme_model_set_fatal(struct nvme_model *m)
{
	atomic_store(&m->fatal_request, true);
	model_kick(m);
}

void nvme_model_stats(const struct nvme_model *m, struct nvme_model_stats *s)
{
	const struct model_counters *c = &m->count;

#define GET(field)	(s->field = atomic_load_explicit(&c->field, memory_order_relaxed))
	GET(admin_commands);
	GET(io_commands);
	GET(completions);
	GET(failures);
	GET(blocks_read);
	GET(blocks_written);
	GET(blocks_zeroed);
	GET(flushes);
	GET(medium_errors);
	GET(interrupts);
	GET(resets);
	GET(sleeps);
	GET(driver_errors);
	for (unsigned int i = 0; i < NVME_MODEL_FAULT_COUNT; i++)
		GET(faults[i]);
#undef GET
}

bool nvme_model_driver_error(struct nvme_model *m, unsigned int back,
			     char text[NVME_MODEL_ERROR_LEN])
{
	bool there;

	pthread_mutex_lock(&m->lock);
	there = back < NVME_MODEL_ERRORS && back < m->error_count;
	if (there)
		memcpy(text, m->errors[(m->error_count - 1 - back) % NVME_MODEL_ERRORS],
		       NVME_MODEL_ERROR_LEN);
	else
		text[0] = '\0';
	pthread_mutex_unlock(&m->lock);
	return there;
}
