// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Admin commands (NVMe 1.4, 5): the core's, and those of users. */
#include "core.h"

void nvme_admin_done(struct nvme_request_own req, int err)
{
	hf_let(nvme_request, returned, req);
	const struct nvme_ctrl *ctrl = hf_ref(returned)->ctx;

	(void)err;	/* who waits reads it in the request */
	hf_lock(a, &ctrl->admin);
	hf_set(a->idle, hf_move(returned));
	hf_notify_one(&a->returned);
}

/*
 * Execute a command, for @ms milliseconds at most; 0 if it ended, and the idle request has its outcome.  After
 * -ETIMEDOUT it is still in flight.
 */
static int execute(const struct nvme_ctrl *ctrl, const struct nvme_sqe *sqe, struct nvme_segment_cslice data, u32 ms)
	HF_REQUIRES(&ctrl->manager) HF_EXCLUDES(&ctrl->admin)
{
	const u64 until = nvme_now_ms(ctrl) + ms;

	{
		hf_lock(a, &ctrl->admin);
		if (hf_is_empty(a->idle))
			return -EBUSY;
		struct nvme_request *req = hf_mut(a->idle);

		req->sqe = *sqe;
		req->data = data;
		hf_lock(r, nvme_queue_of(ctrl, 0));
		hf_try_errno(nvme_ring_issue(r, &a->idle));
	}
	for (bool late = false;;) {
		nvme_poll(ctrl, 0);
		hf_lock(a, &ctrl->admin);
		if (!hf_is_empty(a->idle))
			return 0;
		if (late || nvme_health(ctrl)) {
			nvme_log(ctrl, NVME_LOG_LEVEL_ERROR, "an admin command timed out", sqe->opcode);
			return -ETIMEDOUT;
		}
		late = hf_wait_timeout(&a->returned, a, 1) && nvme_now_ms(ctrl) >= until;
	}
}

struct untrusted_u32_result nvme_admin(const struct nvme_ctrl *ctrl, const struct nvme_sqe *sqe,
				       struct nvme_segment_cslice data)
{
	hf_try_errno_in(untrusted_u32, execute(ctrl, sqe, data, ctrl->config.admin_ms));
	hf_lock(a, &ctrl->admin);
	if (!hf_ref(a->idle)->err)
		return hf_ok(untrusted_u32, hf_ref(a->idle)->result);
	/* Not all controllers know each kind of Identify. */
	nvme_log(ctrl, sqe->opcode == NVME_ADMIN_IDENTIFY ? NVME_LOG_LEVEL_INFO : NVME_LOG_LEVEL_ERROR,
		 "an admin command failed", sqe->opcode);
	return hf_err(untrusted_u32, -EIO);
}

static int execute_user(const struct nvme_ctrl *ctrl, struct nvme_command *c)
{
	hf_lock(m, &ctrl->manager);

	if (m->dead || m->suspended)
		return m->dead ? m->dead : -EAGAIN;
	hf_try_errno(execute(ctrl, &c->sqe, c->data, c->timeout_ms ? c->timeout_ms : ctrl->config.admin_ms));
	hf_lock(a, &ctrl->admin);
	c->status = hf_ref(a->idle)->status;
	c->result = hf_ref(a->idle)->result;
	return c->status == NVME_NO_STATUS ? -EIO : 0;
}

int nvme_execute(const struct nvme_ctrl *ctrl, struct nvme_command *c)
{
	u64 len = 0;
	int err;

	hf_for_each(s, c->data)
		len += s->len;
	if (c->sqe.flags || len > NVME_COMMAND_DATA)
		return -EINVAL;
	hf_try_errno(nvme_prp_check(c->data, len));
	err = execute_user(ctrl, c);
	/* The device may access the data until it is disabled. */
	if (err == -ETIMEDOUT)
		(void)nvme_reset(ctrl);
	return err;
}

/* Execute a command that gives a page, or less.  The page is valid until the next call. */
static struct nvme_identify_result read_page(const struct nvme_ctrl *ctrl, const struct nvme_sqe *sqe, u32 size)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	int err;

	if (hf_is_empty(m->page))
		return hf_err(nvme_identify, -EBUSY);
	hf_try_errno_in(nvme_identify, hf_set_ok(m->page_lent,
		nvme_identify_map_from_device(hf_take(m->page), ctrl->config.dev, &m->page)));
	m->page_segment[0].addr = hf_dma_addr(m->page_lent);
	m->page_segment[0].len = size;
	err = hf_errno(nvme_admin(ctrl, sqe, hf_slice(nvme_segment_cslice, m->page_segment)));
	/* If the command was not completed, the device may have the page: ctrl_disable() takes it back. */
	if (err && err != -EIO)
		return hf_err(nvme_identify, err);
	hf_set(m->page, nvme_identify_unmap_from_device(hf_take(m->page_lent)));
	if (err)
		return hf_err(nvme_identify, err);
	return hf_ok(nvme_identify, &hf_at(nvme_identify_buffer_cslice(hf_ref(m->page)), 0));
}

struct nvme_identify_result nvme_read_identify(const struct nvme_ctrl *ctrl, u32 cns, u32 nsid)
{
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_IDENTIFY,
		.nsid = hf_le32(nsid),
		.cdw10 = hf_le32(NVME_PUT(NVME_IDENTIFY_CNS, cns)),
	};

	return read_page(ctrl, &sqe, NVME_IDENTIFY_SIZE);
}

int nvme_read_log(const struct nvme_ctrl *ctrl, u32 lid, u8 *first)
{
	const u32 size = lid == NVME_LOG_NAMESPACES ? NVME_IDENTIFY_SIZE : NVME_LOG_SMART_SIZE;
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_GET_LOG_PAGE,
		.nsid = hf_le32(NVME_NSID_ALL),
		.cdw10 = hf_le32(NVME_PUT(NVME_LOG_LID, lid) | NVME_PUT(NVME_LOG_NUMDL, size / 4 - 1)),
	};

	if (lid < NVME_LOG_ERROR || lid > NVME_LOG_NAMESPACES)
		return 0;
	*first = hf_accept_any(hf_from_le(hf_try(read_page(ctrl, &sqe, size))->list[0])) & 0xff;
	return 0;
}
