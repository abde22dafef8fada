// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Asynchronous events (NVMe 1.4, 5.2): what a controller tells unasked, as the completion of a command that waits for
 * it.  nvme_tick() looks at one event at a time, however many there are.
 */
#include "core.h"

void nvme_event_done(struct nvme_request_own req, int err)
{
	hf_let(nvme_request, returned, req);
	const struct nvme_ctrl *ctrl = hf_ref(returned)->ctx;

	hf_lock(e, &ctrl->events);
	/* Otherwise the controller was disabled. */
	if (!err) {
		e->came = true;
		e->what = hf_ref(returned)->result;
	}
	hf_set(e->idle, hf_move(returned));
}

/* Have the controller tell the next event. */
static void ask(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	hf_lock(e, &ctrl->events);

	if (hf_is_empty(e->idle) || !hf_held(&ctrl->manager)->wants_events)
		return;
	hf_mut(e->idle)->sqe = (struct nvme_sqe){ .opcode = NVME_ADMIN_ASYNC_EVENT };
	hf_lock(r, nvme_queue_of(ctrl, 0));
	/* Without room it is asked for at the next tick. */
	if (nvme_ring_issue(r, &e->idle))
		return;
}

int nvme_events_begin(const struct nvme_ctrl *ctrl)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_SET_FEATURES,
		.cdw10 = hf_le32(NVME_PUT(NVME_FEAT_FID, NVME_FEAT_ASYNC_CONFIG)),
		.cdw11 = hf_le32(NVME_ASYNC_HEALTH | (m->oaes & NVME_ASYNC_NAMESPACES)),
	};
	const int err = hf_errno(nvme_admin(ctrl, &sqe, nvme_no_data));

	/* One that refuses has no events. */
	m->wants_events = !err;
	if (err && err != -EIO)
		return err;
	ask(ctrl);
	return 0;
}

static int handle(const struct nvme_ctrl *ctrl, struct hf_untrusted_u32 what) HF_REQUIRES(&ctrl->manager)
{
	const u32 type = hf_accept_any(NVME_BITS(what, NVME_EVENT_TYPE));
	const u32 info = hf_accept_any(NVME_BITS(what, NVME_EVENT_INFO));
	const u32 lid = hf_accept_any(NVME_BITS(what, NVME_EVENT_LID));
	u8 warning = 0;
	/* The controller tells no other event of this kind before the log is read. */
	const int err = nvme_read_log(ctrl, lid, &warning);

	if (err && err != -EIO)
		return err;
	if (type == NVME_EVENT_NOTICE && info == NVME_EVENT_NAMESPACES)
		return nvme_look_again(ctrl);
	if (type == NVME_EVENT_HEALTH)
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "health: critical warning (NVMe 1.4, 5.14.1.2)", warning);
	else if (type == NVME_EVENT_ERROR)
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "the controller reports an error (NVMe 1.4, 5.2)", info);
	else
		nvme_log(ctrl, NVME_LOG_LEVEL_INFO, "event", hf_accept_any(what));
	return 0;
}

int nvme_events_handle(const struct nvme_ctrl *ctrl)
{
	struct hf_untrusted_u32 what;
	bool came;

	{
		hf_lock(e, &ctrl->events);
		came = e->came;
		what = e->what;
		e->came = false;
	}
	if (came)
		hf_try_errno(handle(ctrl, what));
	ask(ctrl);
	return 0;
}
