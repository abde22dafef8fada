// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Features (NVMe 1.4, 5.21) that the core sets: the number of queues, power states that the controller enters by itself,
 * memory of the host that the controller may use for its own purposes.
 *
 * What the device reads and uses while it is enabled is allocated at the start, as a reset does not allocate.
 */
#include "core.h"

/* A feature that the device refuses is not there.  Other errors concern the controller. */
static int refused(int err)
{
	return err == -EIO ? 0 : err;
}

int nvme_request_queues(const struct nvme_ctrl *ctrl, struct nvme_info *info)
{
	const u32 want = ctrl->config.queues - 1u;
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_SET_FEATURES,
		.cdw10 = hf_le32(NVME_PUT(NVME_FEAT_FID, NVME_FEAT_NUM_QUEUES)),
		.cdw11 = hf_le32(NVME_PUT(NVME_FEAT_NSQ, want) | NVME_PUT(NVME_FEAT_NCQ, want)),
	};
	struct hf_untrusted_u32 granted = hf_try(nvme_admin(ctrl, &sqe, nvme_no_data));

	/* Queues beyond those requested are not used, so any number is valid. */
	u32 nsq = hf_ok_or(hf_at_most(NVME_BITS(granted, NVME_FEAT_NSQ), want), want);
	u32 ncq = hf_ok_or(hf_at_most(NVME_BITS(granted, NVME_FEAT_NCQ), want), want);

	info->queues = (u16)((nsq < ncq ? nsq : ncq) + 1);
	info->poll_queues = ctrl->config.poll_queues;
	if (info->poll_queues >= info->queues)
		info->poll_queues = (u16)(info->queues - 1);
	return 0;
}

/* ---- Power states (5.21.1.12, 8.4.2) ---- */

/*
 * How long the controller waits before it enters a state, in milliseconds; 0: it does not.  As nvme.ko has it: states that
 * are entered and left fast soon, others after a while.
 */
static u32 idle_wait(u64 latency_us)
{
	return latency_us <= 15000 ? 100 : latency_us <= 100000 ? 2000 : 0;
}

/* Whether the controller may enter this state: it does nothing there, and leaves it fast enough. */
static u32 wait_for_state(const struct nvme_ctrl *ctrl, const struct nvme_power_state *s)
{
	const u32 leave = hf_accept_any(hf_from_le(s->exlat));

	if (!hf_mask(s->flags, NVME_POWER_IDLE) || leave > ctrl->config.max_latency_us)
		return 0;
	return idle_wait((u64)leave + hf_accept_any(hf_from_le(s->enlat)));
}

void nvme_plan_power(const struct nvme_ctrl *ctrl, const struct nvme_id_ctrl *id)
{
	struct nvme_power *p = &hf_held(&ctrl->manager)->power;
	u64 target = 0;
	u32 last = ~0u;
	u8 deepest = 0;

	memset(p->states, 0, sizeof(p->states));
	p->can = hf_mask(id->apsta, NVME_APSTA_SUPPORTED) && !hf_store_ok(deepest, hf_below(id->npss, NVME_POWER_STATES));
	/* From the one that uses least on: each state's target is a deeper one, that to which it takes least time. */
	for (u32 i = p->can ? deepest + 1u : 0; i--;) {
		const u32 wait = wait_for_state(ctrl, &hf_array_at(id->psd, i));

		hf_array_at(p->states, i) = target;
		if (!wait || wait >= last)
			continue;
		last = wait;
		target = NVME_PUT(NVME_APST_STATE, (u64)i) | NVME_PUT(NVME_APST_WAIT, (u64)wait);
	}
}

static int set_power(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_power *p = &hf_held(&ctrl->manager)->power;
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_SET_FEATURES,
		.cdw10 = hf_le32(NVME_PUT(NVME_FEAT_FID, NVME_FEAT_POWER_TABLE)),
		.cdw11 = hf_le32(ctrl->config.max_latency_us ? NVME_APST_ENABLE : 0),
	};

	if (!p->can || !nvme_words_len(&p->table))
		return 0;
	for (size_t i = 0; i < NVME_POWER_STATES; i++)
		nvme_words_write(&p->table, i, hf_le64(hf_array_at(p->states, i)));
	p->segment[0] = (struct nvme_segment){ .addr = nvme_words_addr(&p->table), .len = NVME_POWER_STATES * sizeof(u64) };
	return refused(hf_errno(nvme_admin(ctrl, &sqe, hf_slice(nvme_segment_cslice, p->segment))));
}

/* ---- Memory of the host (5.21.1.13, 8.9) ---- */

#define LARGEST_CHUNK	(4u << 20)
#define SMALLEST_CHUNK	(2u * NVME_PAGE_SIZE)

void nvme_plan_host_memory(const struct nvme_ctrl *ctrl, const struct nvme_id_ctrl *id)
{
	struct nvme_host_memory *h = &hf_held(&ctrl->manager)->host_memory;
	const u64 chunk = (u64)hf_accept_any(hf_from_le(id->hmminds)) * NVME_HOST_MEMORY_UNIT;

	h->wanted = (u64)hf_accept_any(hf_from_le(id->hmpre)) * NVME_HOST_MEMORY_UNIT;
	h->least = (u64)hf_accept_any(hf_from_le(id->hmmin)) * NVME_HOST_MEMORY_UNIT;
	h->chunk = chunk > SMALLEST_CHUNK ? chunk : SMALLEST_CHUNK;
	h->max_chunks = hf_accept_any(hf_from_le(id->hmmaxd));
}

static void drop_chunks(struct nvme_host_memory *h)
{
	nvme_chunks_vec_drop(&h->chunks);
	nvme_host_ranges_drop(&h->ranges);
	h->size = 0;
}

/* Allocate up to @want bytes in parts of @chunk; what is there of it when memory runs out may do. */
static int alloc_chunks(const struct nvme_ctrl *ctrl, u64 want, u64 chunk) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_host_memory *h = &hf_held(&ctrl->manager)->host_memory;
	u64 n = (want + chunk - 1) / chunk;

	if (h->max_chunks && n > h->max_chunks)
		n = h->max_chunks;
	hf_try_errno(hf_vec_reserve(&h->chunks, n, GFP_KERNEL));
	h->ranges = hf_try(nvme_host_ranges_alloc(ctrl->config.dev, n, GFP_KERNEL));
	for (u64 i = 0; i < n && want - h->size >= h->chunk; i++) {
		const u64 size = want - h->size < chunk ? want - h->size : chunk;
		struct nvme_chunk part;

		if (hf_store_ok(part, nvme_chunk_alloc(ctrl->config.dev, size / sizeof(u64), GFP_KERNEL)))
			break;
		nvme_host_ranges_write(&h->ranges, i, (struct nvme_host_range){
			.addr = hf_le64(nvme_chunk_addr(&part)), .pages = hf_le32((u32)(size / NVME_PAGE_SIZE)),
		});
		hf_try_errno(hf_vec_push_own(nvme_chunks, &h->chunks, part, GFP_KERNEL));
		h->size += size;
	}
	return h->size && h->size >= h->least ? 0 : -ENOMEM;
}

/* Large parts are better for the device, and few may be all that it takes. */
static void reserve_host_memory(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_host_memory *h = &hf_held(&ctrl->manager)->host_memory;
	u64 want = h->wanted < ctrl->config.max_host_memory ? h->wanted : ctrl->config.max_host_memory;

	want -= want % NVME_PAGE_SIZE;
	if (!want)
		return;
	if (h->least > want) {
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "the controller needs more of the host's memory than it may have: KiB",
			 h->least / 1024);
		return;
	}
	for (u64 chunk = h->chunk > LARGEST_CHUNK ? h->chunk : LARGEST_CHUNK; chunk >= h->chunk; chunk /= 2) {
		if (!alloc_chunks(ctrl, want, chunk)) {
			nvme_log(ctrl, NVME_LOG_LEVEL_INFO, "the controller uses memory of the host: KiB", h->size / 1024);
			return;
		}
		drop_chunks(h);
	}
	/* It works without. */
	nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "there is no memory for the controller: KiB", want / 1024);
}

/* After a reset the controller gets the memory back that it has written to. */
static int give_host_memory(const struct nvme_ctrl *ctrl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_host_memory *h = &hf_held(&ctrl->manager)->host_memory;
	const u64 list = h->size ? nvme_host_ranges_addr(&h->ranges) : 0;
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_SET_FEATURES,
		.cdw10 = hf_le32(NVME_PUT(NVME_FEAT_FID, NVME_FEAT_HOST_MEMORY)),
		.cdw11 = hf_le32(NVME_HOST_MEMORY_ENABLE | (h->given ? NVME_HOST_MEMORY_RETURN : 0)),
		.cdw12 = hf_le32((u32)(h->size / NVME_PAGE_SIZE)),
		.cdw13 = hf_le32((u32)list),
		.cdw14 = hf_le32((u32)(list >> 32)),
		.cdw15 = hf_le32((u32)hf_len(h->chunks)),
	};
	int err;

	if (!h->size)
		return 0;
	err = hf_errno(nvme_admin(ctrl, &sqe, nvme_no_data));
	if (!err)
		h->given = true;
	/* It was not given again since the controller was disabled. */
	if (err == -EIO)
		drop_chunks(h);
	return refused(err);
}

u64 nvme_host_memory_size(const struct nvme_ctrl *ctrl)
{
	hf_lock(m, &ctrl->manager);
	return m->host_memory.given ? m->host_memory.size : 0;
}

/* ---- All ---- */

int nvme_reserve_features(const struct nvme_ctrl *ctrl)
{
	struct nvme_power *p = &hf_held(&ctrl->manager)->power;

	if (p->can)
		p->table = hf_try(nvme_words_alloc(ctrl->config.dev, NVME_POWER_STATES, GFP_KERNEL));
	reserve_host_memory(ctrl);
	return 0;
}

int nvme_set_features(const struct nvme_ctrl *ctrl)
{
	hf_try_errno(give_host_memory(ctrl));
	return set_power(ctrl);
}

void nvme_drop_features(struct nvme_manage *m)
{
	drop_chunks(&m->host_memory);
	nvme_words_drop(&m->power.table);
}
