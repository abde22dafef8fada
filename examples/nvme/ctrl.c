// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The controller: initialisation, time-outs, reset, shutdown. */
#include "core.h"

#define ADMIN_ENTRIES	32u		/* one command at a time is in flight */
#define CSTS_RDY	NVME_PUT(NVME_CSTS_RDY, 1u)
#define CSTS_CFS	NVME_PUT(NVME_CSTS_CFS, 1u)
#define CSTS_SHST	NVME_PUT(NVME_CSTS_SHST, ~0u)
#define CC_EN		NVME_PUT(NVME_CC_EN, 1u)
#define CC_SHN		NVME_PUT(NVME_CC_SHN, ~0u)
#define INIT_TRIES	3u		/* attempts, where an admin command fails */

/* ---- The host ---- */

u64 nvme_now_ms(const struct nvme_ctrl *ctrl)
{
	return ctrl->config.ops->now_ms(ctrl->config.host);
}

void nvme_log(const struct nvme_ctrl *ctrl, enum nvme_log_level level, const char *text, u64 value)
{
	if (ctrl->config.ops->log)
		ctrl->config.ops->log(ctrl->config.host, level, text, value);
}

int nvme_fail(const struct nvme_ctrl *ctrl, int err, const char *text, u64 value)
{
	nvme_log(ctrl, NVME_LOG_LEVEL_ERROR, text, value);
	return err;
}

/* ---- Registers ---- */

/* Registers of a removed device read as all ones or, behind some bridges, as zeroes. */
static bool removed(const struct nvme_ctrl *ctrl)
{
	return !hf_equals(nvme_regs_read_vs(&ctrl->regs), ctrl->info.version);
}

int nvme_health(const struct nvme_ctrl *ctrl)
{
	struct hf_untrusted_u32 csts = nvme_regs_read_csts(&ctrl->regs);

	if (!hf_mask(csts, CSTS_CFS) && hf_mask(csts, CSTS_RDY))
		return 0;
	return removed(ctrl) ? -ENODEV : -EIO;
}

/* Wait until the field @mask of CSTS is @want. */
static int wait_csts(const struct nvme_ctrl *ctrl, u32 mask, u32 want, u32 ms)
{
	const u64 until = nvme_now_ms(ctrl) + ms;
	/* A controller may be disabled after a fatal error. */
	const u32 fatal = want ? CSTS_CFS : 0;

	for (;;) {
		/* Read the clock first, so that the register is read once more after the time. */
		const bool late = nvme_now_ms(ctrl) >= until;
		struct hf_untrusted_u32 csts = nvme_regs_read_csts(&ctrl->regs);

		if (removed(ctrl))
			return -ENODEV;
		if (hf_mask(csts, fatal))
			return -EIO;
		if (hf_mask(csts, mask) == want)
			return 0;
		if (late)
			return -ETIMEDOUT;
		ctrl->config.ops->sleep_ms(ctrl->config.host, 1);
	}
}

/* How long to wait yet: until @end, or, if that is not known, @ms. */
static u32 time_left(const struct nvme_ctrl *ctrl, u64 end, u32 ms)
{
	const u64 now = nvme_now_ms(ctrl);

	if (!end)
		return ms;
	return end > now ? (u32)(end - now) : 0;
}

/* A controller that is being enabled or shut down must not be disabled before that has ended. */
static void settle(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	const u64 end = hf_held(&ctrl->manager)->settled;
	const struct hf_untrusted_u32 cc = nvme_regs_read_cc(&ctrl->regs);

	if (!hf_mask(cc, CC_EN))
		return;
	if (!hf_mask(nvme_regs_read_csts(&ctrl->regs), CSTS_RDY | CSTS_SHST) &&
	    wait_csts(ctrl, CSTS_RDY, CSTS_RDY, time_left(ctrl, end, ctrl->info.timeout_ms)) == -ETIMEDOUT)
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "disabled before it was ready; it had ms",
			 ctrl->info.timeout_ms);
	if (hf_mask(cc, CC_SHN) &&
	    wait_csts(ctrl, CSTS_SHST, NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE),
		      time_left(ctrl, end, ctrl->info.shutdown_ms)) == -ETIMEDOUT)
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "disabled during its shutdown; it had ms",
			 ctrl->info.shutdown_ms);
}

/*
 * Disable the controller (7.3.2).  Afterwards the device accesses no memory, and no queue is
 * attached; commands in flight keep their slots.  If the device does not become idle, its DMA is
 * disabled; then this returns -ENODEV, and no register is accessed again.
 */
static int ctrl_disable(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	struct nvme_requests done;
	int err;

	if (!m->enabled)
		return 0;
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		r->attached = false;
	}
	settle(ctrl);
	nvme_regs_write_cc(&ctrl->regs, hf_mask(nvme_regs_read_cc(&ctrl->regs), ~(CC_EN | CC_SHN)));
	err = wait_csts(ctrl, CSTS_RDY, 0, ctrl->info.timeout_ms);
	if (err) {
		nvme_log(ctrl, NVME_LOG_LEVEL_ERROR,
			 "the controller was removed, or cannot be disabled; its DMA is disabled", 0);
		ctrl->config.ops->disable_dma(ctrl->config.host);
		err = -ENODEV;
	}
	m->enabled = false;
	/* The device has it still, if an Identify command timed out. */
	if (!hf_is_empty(m->page_lent))
		hf_set(m->page, nvme_identify_unmap_from_device(hf_take(m->page_lent)));

	/* Cancel the admin request, whose issuer may have stopped waiting. */
	nvme_requests_init(&done);
	{
		hf_lock(r, nvme_queue_of(ctrl, 0));
		nvme_ring_cancel(r, 0, -EIO, &done, &done);
	}
	nvme_finish(&done);
	return err;
}

/* Enable a disabled controller (7.6.1). */
static int ctrl_enable(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	int err;

	{
		hf_lock(r, nvme_queue_of(ctrl, 0));
		nvme_ring_restart(r);
		nvme_regs_write_aqa(&ctrl->regs, NVME_PUT(NVME_AQA_ASQS, r->entries - 1u) |
						 NVME_PUT(NVME_AQA_ACQS, r->entries - 1u));
		nvme_regs_write_asq(&ctrl->regs, nvme_sqes_addr(&r->sq));
		nvme_regs_write_acq(&ctrl->regs, nvme_cqes_addr(&r->cq));
	}
	hf_held(&ctrl->manager)->enabled = true;
	hf_held(&ctrl->manager)->settled = nvme_now_ms(ctrl) + ctrl->info.timeout_ms;
	nvme_regs_write_cc(&ctrl->regs, CC_EN |
					NVME_PUT(NVME_CC_IOSQES, (u32)NVME_SQE_SHIFT) |
					NVME_PUT(NVME_CC_IOCQES, (u32)NVME_CQE_SHIFT));
	err = wait_csts(ctrl, CSTS_RDY, CSTS_RDY, ctrl->info.timeout_ms);
	if (err == -EIO)
		return nvme_fail(ctrl, err, "fatal error when enabled: CSTS.CFS", 0);
	if (err)
		return nvme_fail(ctrl, -ENODEV, "the controller did not become ready within ms",
				 ctrl->info.timeout_ms);

	hf_lock(r, nvme_queue_of(ctrl, 0));
	r->attached = true;
	return 0;
}

/* From any state to an enabled and identified controller without I/O queues. */
static int ctrl_probe(const struct nvme_ctrl *ctrl, struct nvme_info *info)
	HF_REQUIRES(&ctrl->manager)
{
	*info = ctrl->info;
	hf_try_errno(ctrl_disable(ctrl));
	hf_try_errno(ctrl_enable(ctrl));
	return nvme_discover(ctrl, info);
}

/* ---- I/O queues (5.3 to 5.6) ---- */

static int queue_command(const struct nvme_ctrl *ctrl, u8 opcode, u16 qid, u32 cdw11, u64 base)
	HF_REQUIRES(&ctrl->manager)
{
	const bool create = opcode == NVME_ADMIN_CREATE_CQ || opcode == NVME_ADMIN_CREATE_SQ;
	const u32 size = create ? ctrl->info.entries - 1u : 0;
	const struct nvme_sqe sqe = {
		.opcode = opcode,
		.prp1 = hf_le64(base),
		.cdw10 = hf_le32(NVME_PUT(NVME_QUEUE_QID, (u32)qid) |
				 NVME_PUT(NVME_QUEUE_QSIZE, size)),
		.cdw11 = hf_le32(cdw11),
	};

	(void)hf_try(nvme_admin(ctrl, &sqe, nvme_no_data));
	return 0;
}

static int create_queue(const struct nvme_ctrl *ctrl, u16 qid) HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_queue *q = nvme_queue_of(ctrl, qid);
	u32 cq_flags = NVME_QUEUE_PC;
	dma_addr_t sq, cq;

	if (ctrl->config.vectors && qid <= ctrl->info.queues - ctrl->info.poll_queues)
		cq_flags |= NVME_CQ_IEN | NVME_PUT(NVME_CQ_IV, (u32)qid % ctrl->config.vectors);
	{
		hf_lock(r, q);
		nvme_ring_restart(r);
		sq = nvme_sqes_addr(&r->sq);
		cq = nvme_cqes_addr(&r->cq);
	}
	hf_try_errno(queue_command(ctrl, NVME_ADMIN_CREATE_CQ, qid, cq_flags, cq));
	hf_try_errno(queue_command(ctrl, NVME_ADMIN_CREATE_SQ, qid,
				   NVME_QUEUE_PC | NVME_PUT(NVME_SQ_CQID, (u32)qid), sq));
	hf_lock(r, q);
	r->attached = true;
	return 0;
}

static int create_queues(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	for (u16 qid = 1; qid <= hf_held(&ctrl->manager)->queues; qid++)
		hf_try_errno(create_queue(ctrl, qid));
	return 0;
}

/* Set the result of nvme_submit() for all queues. */
static void close_queues(const struct nvme_ctrl *ctrl, int err)
{
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		r->closed = err;
	}
}

/* The queue that serves the requests of @qid: of polled queues a polled one, if there is one. */
static u16 serving(const struct nvme_ctrl *ctrl, u16 qid) HF_REQUIRES(&ctrl->manager)
{
	const u16 queues = hf_held(&ctrl->manager)->queues;
	const u16 first = (u16)(ctrl->info.queues - ctrl->info.poll_queues + 1);

	if (qid <= queues)
		return qid;
	if (qid >= first && queues >= first)
		return (u16)(first + (qid - first) % (queues - first + 1));
	return (u16)(1 + (qid - 1) % queues);
}

/* Accept requests.  Those of queues that the controller does not grant any more go to others. */
static void open_queues(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		r->elsewhere = serving(ctrl, r->qid);
		r->closed = r->elsewhere == r->qid ? 0 : NVME_ELSEWHERE;
	}
}

/*
 * After ctrl_disable(): end all commands in flight.  Completion entries that are there are
 * processed first, so that commands that the device completed are not executed twice.
 */
static void reap_and_cancel(const struct nvme_ctrl *ctrl, u8 retries, int err,
			    struct nvme_requests *requeue, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		nvme_ring_reap(r, done);
		nvme_ring_cancel(r, retries, err, requeue, done);
	}
}

/* Disable the controller for good.  Nothing is in flight any more. */
static void ctrl_kill(const struct nvme_ctrl *ctrl, int err) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	(void)ctrl_disable(ctrl);
	m->dead = err == -ENODEV ? -ENODEV : -ESHUTDOWN;
	close_queues(ctrl, m->dead);
}

/* ---- Reset (7.3.2) ---- */

/* An admin command failed or did not complete: another attempt may succeed. */
static bool worth_retrying(int err)
{
	return err == -ETIMEDOUT || err == -EIO || err == -EBUSY;
}

/* With the queues that there are memory and interrupts for, as far as they are granted. */
static int attach_queues(const struct nvme_ctrl *ctrl, const struct nvme_info *info)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	const u16 queues = info->queues < ctrl->info.queues ? info->queues : ctrl->info.queues;

	if (m->queues && m->queues != queues) {
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "the controller grants another number of I/O queues",
			 queues);
		m->changed = true;
	}
	m->queues = queues;
	return create_queues(ctrl);
}

/* Namespaces and queues may be others than before: a legal change, or a new firmware. */
static int reinit(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_manage *m = hf_held(&ctrl->manager);
	struct nvme_info info;
	int err = -EIO;

	for (unsigned int i = 1; i <= INIT_TRIES && (worth_retrying(err) || err == -EPROTO); i++) {
		err = ctrl_probe(ctrl, &info);
		/* In the end a namespace that cannot be identified stays what it was. */
		if (!err && m->doubtful && i < INIT_TRIES)
			err = -EPROTO;
		if (!err)
			err = attach_queues(ctrl, &info);
		if (!err)
			err = nvme_events_begin(ctrl);
	}
	if (!err)
		nvme_show_namespaces(ctrl);
	return err;
}

/* Whether a Read or Write is larger than the controller accepts now. */
static bool too_large(const struct nvme_request *req)
{
	const u32 cdw12 = hf_accept_any(hf_from_le(req->sqe.cdw12));

	return (req->sqe.opcode == NVME_IO_READ || req->sqe.opcode == NVME_IO_WRITE) &&
	       NVME_FIELD(cdw12, NVME_RW_NLB) >= req->ns->max_blocks;
}

/* Submit a command again that was in flight at the reset; an error if that cannot be. */
static int reissue(const struct nvme_ctrl *ctrl, struct nvme_request_own *req)
	HF_REQUIRES(&ctrl->manager)
{
	hf_lock(r, nvme_queue_of(ctrl, serving(ctrl, hf_ref(*req)->queue)));
	if (too_large(hf_ref(*req)))
		return -EMSGSIZE;
	/* If fewer queues are granted there may be no room: -EAGAIN. */
	return nvme_ring_issue(r, req);
}

/* Of changes. */
static void tell_host(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	if (m->changed && ctrl->config.ops->changed)
		ctrl->config.ops->changed(ctrl->config.host);
	m->changed = false;
}

static int ctrl_reset(const struct nvme_ctrl *ctrl, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	struct nvme_requests requeue;
	int err;

	if (m->dead || m->suspended)
		return m->dead ? m->dead : -EAGAIN;
	m->resets++;
	nvme_requests_init(&requeue);
	close_queues(ctrl, -EAGAIN);
	err = ctrl_disable(ctrl);
	reap_and_cancel(ctrl, ctrl->config.retries, -EIO, &requeue, done);
	if (!err)
		err = reinit(ctrl);
	if (err) {
		nvme_log(ctrl, NVME_LOG_LEVEL_ERROR,
			 "the controller is disabled after a failed reset: reset", m->resets);
		ctrl_kill(ctrl, err);
		err = m->dead;
	}

	/* Before others may submit: so there is room for all. */
	while (!nvme_requests_empty(&requeue)) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(&requeue), "the list is not empty"));
		const u16 qid = hf_ref(req)->queue;
		int lost = err ? err : reissue(ctrl, &req);
		hf_lock(r, nvme_queue_of(ctrl, qid));

		if (lost)
			nvme_ring_finish(r, hf_take(req), lost, done);
		else
			r->requeued++;
	}
	nvme_requests_fini(&requeue);
	if (err)
		return err;
	open_queues(ctrl);
	tell_host(ctrl);
	return 0;
}

static int ctrl_rescan(const struct nvme_ctrl *ctrl, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	if (m->dead || m->suspended)
		return m->dead ? m->dead : -EAGAIN;
	if (nvme_look_again(ctrl))
		return ctrl_reset(ctrl, done);
	tell_host(ctrl);
	return 0;
}

int nvme_rescan(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;
	int err;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		err = ctrl_rescan(ctrl, &done);
	}
	nvme_finish(&done);
	return err;
}

int nvme_reset(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;
	int err;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		err = ctrl_reset(ctrl, &done);
	}
	nvme_finish(&done);
	return err;
}

/* ---- Time-outs ---- */

/*
 * Abort (5.1) a command that timed out; an error if a reset is needed.  A device that reports that
 * it did not abort the command may still complete it within abort_ms.
 */
static int ctrl_abort(const struct nvme_ctrl *ctrl, u16 qid, u16 cid, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_ABORT,
		.cdw10 = hf_le32(NVME_PUT(NVME_ABORT_SQID, (u32)qid) |
				 NVME_PUT(NVME_ABORT_CID, (u32)cid)),
	};
	struct hf_untrusted_u32 result;

	m->timeouts++;
	nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "a command timed out; aborting it: queue", qid);
	result = hf_try(nvme_admin(ctrl, &sqe, nvme_no_data));
	/* The entry of the aborted command is there, too. */
	nvme_queue_reap(nvme_queue_of(ctrl, qid), done);
	m->aborts += !hf_mask(result, NVME_ABORT_NOT_ABORTED);
	return 0;
}

/* Abort all overdue commands of a queue; an error if a reset is needed. */
static int check_queue(const struct nvme_ctrl *ctrl, u16 qid, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_queue *q = nvme_queue_of(ctrl, qid);
	const u64 now = nvme_now_ms(ctrl);
	enum nvme_overdue overdue;
	size_t from = 0;
	u16 cid = 0;

	/* Commands whose entry is there already are not overdue. */
	nvme_queue_reap(q, done);
	for (;;) {
		{
			hf_lock(r, q);
			overdue = nvme_ring_overdue(r, now, &ctrl->config, &from, &cid);
		}
		if (overdue == NVME_OVERDUE_NONE)
			return 0;
		if (overdue == NVME_OVERDUE_RESET)
			return -ETIMEDOUT;
		hf_try_errno(ctrl_abort(ctrl, qid, cid, done));
	}
}

static int ctrl_tick(const struct nvme_ctrl *ctrl, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	int err;

	if (m->dead || m->suspended)
		return m->dead;
	err = nvme_health(ctrl);
	for (u16 qid = 1; qid <= ctrl->info.queues && !err; qid++)
		err = check_queue(ctrl, qid, done);
	if (!err)
		err = nvme_events_handle(ctrl);
	if (!err) {
		tell_host(ctrl);
		return 0;
	}
	nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "fatal error, or failed abort: reset",
		 m->resets + 1);
	return ctrl_reset(ctrl, done);
}

int nvme_tick(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;
	int err;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		err = ctrl_tick(ctrl, &done);
	}
	nvme_finish(&done);
	return err;
}

/* ---- Shutdown ---- */

static bool idle(const struct nvme_ctrl *ctrl)
{
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		/* The admin queue's waits for an event. */
		if (r->qid && nvme_ring_in_flight(r))
			return false;
	}
	return true;
}

/* Delete the I/O queues (5.5, 5.6): first the submission queue, then its completion queue. */
static int delete_queues(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	for (u16 qid = 1; qid <= hf_held(&ctrl->manager)->queues; qid++) {
		{
			hf_lock(r, nvme_queue_of(ctrl, qid));
			r->attached = false;
		}
		hf_try_errno(queue_command(ctrl, NVME_ADMIN_DELETE_SQ, qid, 0, 0));
		hf_try_errno(queue_command(ctrl, NVME_ADMIN_DELETE_CQ, qid, 0, 0));
	}
	return 0;
}

/* Accept no new commands, which @err is for; wait for those in flight. */
static int drain(const struct nvme_ctrl *ctrl, int closed, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	const u64 until = nvme_now_ms(ctrl) + ctrl->config.shutdown_ms;

	close_queues(ctrl, closed);
	for (;;) {
		const bool late = nvme_now_ms(ctrl) >= until;

		hf_for_each(q, ctrl->queues)
			nvme_queue_reap(q, done);
		if (idle(ctrl))
			return 0;
		hf_try_errno(nvme_health(ctrl));
		if (late)
			return nvme_fail(ctrl, -ETIMEDOUT, "commands are still in flight after ms",
					 ctrl->config.shutdown_ms);
		ctrl->config.ops->sleep_ms(ctrl->config.host, 1);
	}
}

/* Normal shutdown (7.6.2): data is on the medium when CSTS.SHST says so. */
static int notify_shutdown(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	u32 cc = hf_mask(nvme_regs_read_cc(&ctrl->regs), ~CC_SHN);
	int err;

	hf_held(&ctrl->manager)->settled = nvme_now_ms(ctrl) + ctrl->info.shutdown_ms;
	nvme_regs_write_cc(&ctrl->regs, cc | NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_NORMAL));
	err = wait_csts(ctrl, CSTS_SHST, NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE),
			ctrl->info.shutdown_ms);
	if (err)
		return nvme_fail(ctrl, err, "the controller did not shut down within ms",
				 ctrl->info.shutdown_ms);
	return 0;
}

static int ctrl_shutdown(const struct nvme_ctrl *ctrl, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	int err, later;

	if (m->dead)
		return m->shut ? 0 : m->dead;
	if (m->suspended) {
		ctrl_kill(ctrl, -ESHUTDOWN);
		m->shut = true;
		return 0;
	}
	err = drain(ctrl, -ESHUTDOWN, done);
	if (!err)
		err = delete_queues(ctrl);
	/* Even if commands hang or queues cannot be deleted: the device must flush its cache. */
	if (!nvme_health(ctrl)) {
		later = notify_shutdown(ctrl);
		err = err ? err : later;
	}
	later = ctrl_disable(ctrl);
	reap_and_cancel(ctrl, 0, -ESHUTDOWN, done, done);
	ctrl_kill(ctrl, -ESHUTDOWN);
	m->shut = true;
	return err ? err : later;
}

int nvme_shutdown(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;
	int err;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		err = ctrl_shutdown(ctrl, &done);
	}
	nvme_finish(&done);
	return err;
}

/* ---- Suspend ---- */

static int ctrl_suspend(const struct nvme_ctrl *ctrl, struct nvme_requests *done)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	int err;

	if (m->dead || m->suspended)
		return 0;
	err = drain(ctrl, -EAGAIN, done);
	if (!err)
		err = delete_queues(ctrl);
	if (!err)
		err = notify_shutdown(ctrl);
	if (!err)
		err = ctrl_disable(ctrl);
	m->suspended = !err;
	/* So that it goes on. */
	if (err)
		(void)ctrl_reset(ctrl, done);
	return err;
}

int nvme_suspend(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;
	int err;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		err = ctrl_suspend(ctrl, &done);
	}
	nvme_finish(&done);
	return err;
}

int nvme_resume(const struct nvme_ctrl *ctrl)
{
	{
		hf_lock(m, &ctrl->manager);
		m->suspended = false;
	}
	return nvme_reset(ctrl);
}

static void nvme_ctrl_stop(const struct nvme_ctrl *ctrl)
{
	struct nvme_requests done;

	nvme_requests_init(&done);
	{
		hf_lock(m, &ctrl->manager);
		close_queues(ctrl, -ESHUTDOWN);
		(void)ctrl_disable(ctrl);
		reap_and_cancel(ctrl, 0, -ESHUTDOWN, &done, &done);
	}
	nvme_finish(&done);
}

void nvme_ctrl_free(struct nvme_ctrl *ctrl)
{
	nvme_ctrl_stop(ctrl);
	hf_for_each(q, ctrl->queues)
		nvme_queue_fini(q);
	nvme_queue_vec_drop(&ctrl->queues);
	{
		hf_lock(a, &ctrl->admin);
		hf_let(nvme_request, req, hf_take(a->idle));
		hf_cond_fini(&a->returned);
	}
	{
		hf_lock(e, &ctrl->events);
		hf_let(nvme_request, req, hf_take(e->idle));
	}
	{
		hf_lock(m, &ctrl->manager);
		hf_let(nvme_identify_buffer, page, hf_take(m->page));
		hf_let(nvme_identify_from_device, lent, hf_take(m->page_lent));
		nvme_namespace_vec_drop(&m->namespaces);
		nvme_found_vec_drop(&m->found);
	}
	hf_lock_fini(&ctrl->events);
	hf_lock_fini(&ctrl->admin);
	hf_lock_fini(&ctrl->manager);
	hf_free(ctrl);
}

/* ---- Start ---- */

static u32 or_default(u32 value, u32 otherwise)
{
	return value ? value : otherwise;
}

/* Fill in the defaults, and check the values: -EINVAL. */
static int check_config(struct nvme_config *c)
{
	if (!c->dev || !c->ops || !c->ops->now_ms || !c->ops->sleep_ms || !c->ops->disable_dma)
		return -EINVAL;
	c->queues = (u16)or_default(c->queues, 1);
	c->entries = (u16)or_default(c->entries, 128);
	c->max_transfer = or_default(c->max_transfer, 128u << 10);
	c->timeout_ms = or_default(c->timeout_ms, 30000);
	c->abort_ms = or_default(c->abort_ms, 5000);
	c->admin_ms = or_default(c->admin_ms, 10000);
	c->shutdown_ms = or_default(c->shutdown_ms, 10000);
	c->retries = (u8)or_default(c->retries, 4);
	if (c->queues > NVME_MAX_QUEUES || c->entries < 2 || c->entries > NVME_MAX_ENTRIES ||
	    c->max_transfer > NVME_MAX_TRANSFER || c->max_transfer % NVME_PAGE_SIZE)
		return -EINVAL;
	return 0;
}

/* Add the next queue: its index is its identifier. */
static int add_queue(struct nvme_ctrl *ctrl, u16 entries, u32 max_transfer)
{
	const size_t qid = hf_len(ctrl->queues);
	const struct nvme_queue_config config = {
		.dev = ctrl->config.dev,
		.io = &ctrl->regs,
		.qid = (u16)qid,
		.entries = entries,
		.max_transfer = max_transfer,
		.dstrd = ctrl->dstrd,
		/* The core itself knows what to do when an admin command fails. */
		.retries = qid ? ctrl->config.retries : 0,
	};
	int err;

	/* A lock is initialised in place: it must not move. */
	hf_try_errno(hf_vec_push_within(&ctrl->queues, (struct nvme_queue){ 0 }));
	err = nvme_queue_init(&hf_at(ctrl->queues, qid), &config);
	if (!err)
		return 0;
	hf_vec_truncate(&ctrl->queues, qid);
	return nvme_fail(ctrl, err, err == -ENOMEM ? "no memory for a queue" :
		    "the doorbells of a queue lie outside the register window", qid);
}

/* Map the registers and allocate what initialisation needs. */
static int prepare(struct nvme_ctrl *ctrl)
{
	int err = hf_store_ok(ctrl->regs, nvme_regs_map(ctrl->config.io));

	if (err)
		return nvme_fail(ctrl, err, "the register window is shorter than bytes",
				 NVME_REG_DOORBELLS + 8);
	hf_try_errno(nvme_read_cap(ctrl));
	hf_try_errno(hf_vec_reserve(&ctrl->queues, ctrl->config.queues + 1u, GFP_KERNEL));
	hf_try_errno(add_queue(ctrl, ADMIN_ENTRIES, NVME_COMMAND_DATA));
	{
		hf_let(nvme_request, idle, hf_try(hf_new(nvme_request, GFP_KERNEL)));
		hf_mut(idle)->done = nvme_admin_done;
		hf_mut(idle)->ctx = ctrl;
		hf_lock(a, &ctrl->admin);
		hf_set(a->idle, hf_move(idle));
	}
	{
		hf_let(nvme_request, idle, hf_try(hf_new(nvme_request, GFP_KERNEL)));
		hf_mut(idle)->done = nvme_event_done;
		hf_mut(idle)->ctx = ctrl;
		hf_lock(e, &ctrl->events);
		hf_set(e->idle, hf_move(idle));
	}
	hf_lock(m, &ctrl->manager);
	hf_set(m->page, hf_try(hf_new_buffer(nvme_identify, 1, GFP_KERNEL)));
	/* Its last user may have left it enabled. */
	m->enabled = true;
	return 0;
}

static int init(struct nvme_ctrl *ctrl)
{
	struct nvme_info info;
	int err = -EIO;

	hf_lock(m, &ctrl->manager);
	for (unsigned int i = 0; i < INIT_TRIES && worth_retrying(err); i++)
		err = ctrl_probe(ctrl, &info);
	hf_try_errno(err);
	ctrl->info = info;
	for (u16 qid = 1; qid <= info.queues; qid++)
		hf_try_errno(add_queue(ctrl, info.entries, info.max_transfer));
	hf_try_errno(nvme_reserve_namespaces(ctrl));
	nvme_show_namespaces(ctrl);
	err = attach_queues(ctrl, &info);
	if (!err)
		err = nvme_events_begin(ctrl);
	if (worth_retrying(err))
		err = reinit(ctrl);
	/* The host does not know the namespaces yet. */
	m->changed = false;
	if (!err)
		open_queues(ctrl);
	return err;
}

struct nvme_ctrl_own_result nvme_ctrl_start(const struct nvme_config *config)
{
	hf_let(nvme_ctrl, ctrl, hf_try_in(nvme_ctrl_own, hf_new(nvme_ctrl, GFP_KERNEL)));

	hf_mut(ctrl)->config = *config;
	hf_lock_init(&hf_mut(ctrl)->manager);
	hf_lock_init(&hf_mut(ctrl)->admin);
	hf_lock_init(&hf_mut(ctrl)->events);
	{
		hf_lock(a, &hf_mut(ctrl)->admin);
		hf_cond_init(&a->returned);
	}
	hf_try_errno_in(nvme_ctrl_own, check_config(&hf_mut(ctrl)->config));
	hf_try_errno_in(nvme_ctrl_own, prepare(hf_mut(ctrl)));
	hf_try_errno_in(nvme_ctrl_own, init(hf_mut(ctrl)));
	return hf_ok(nvme_ctrl_own, hf_move(ctrl));
}

/* ---- Information ---- */

const struct nvme_info *nvme_ctrl_info(const struct nvme_ctrl *ctrl)
{
	return &ctrl->info;
}

int nvme_ctrl_state(const struct nvme_ctrl *ctrl)
{
	/* All queues are closed and opened together. */
	hf_lock(r, nvme_queue_of(ctrl, 0));
	return r->closed;
}

struct nvme_namespace_cslice nvme_ctrl_namespaces(const struct nvme_ctrl *ctrl)
{
	hf_lock(m, &ctrl->manager);
	/* SAFETY: the elements are neither moved nor freed as long as the controller exists. */
	return hf_slice_unchecked(nvme_namespace_cslice, hf_ptr_unchecked(hf_vec_slice(&m->namespaces)),
				  hf_len(m->namespaces));
}

struct nvme_namespace nvme_namespace_now(const struct nvme_ctrl *ctrl, const struct nvme_namespace *ns)
{
	hf_lock(m, &ctrl->manager);
	(void)m;
	return *ns;
}

unsigned int nvme_ctrl_queues(const struct nvme_ctrl *ctrl)
{
	hf_lock(m, &ctrl->manager);
	return m->queues;
}

void nvme_ctrl_stats(const struct nvme_ctrl *ctrl, struct nvme_stats *stats)
{
	*stats = (struct nvme_stats){ .submitted = 0 };
	{
		hf_lock(m, &ctrl->manager);
		stats->timeouts = m->timeouts;
		stats->aborts = m->aborts;
		stats->resets = m->resets;
		stats->protocol_errors[NVME_PROTO_ERR_IDENTIFY] = m->protocol_errors;
	}
	hf_for_each(q, ctrl->queues) {
		hf_lock(r, q);
		hf_zip(sum, hf_slice(u64_slice, stats->protocol_errors),
		       n, hf_slice(u64_cslice, r->protocol_errors))
			*sum += *n;
		/* Only I/O commands are counted below. */
		if (!r->qid)
			continue;
		stats->submitted += r->submitted;
		stats->completed += r->completed;
		stats->failed += r->failed;
		stats->requeued += r->requeued;
		stats->retried += r->retried;
	}
}
