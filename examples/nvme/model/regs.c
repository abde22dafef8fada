/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Registers and doorbells (NVMe 1.4, 3.1). These functions run on the driver's threads: they check
 * a write, store it in an atomic and wake the service thread.
 */
#include "model_impl.h"

static void cc_write(struct nvme_model *m, u32 cc)
{
	const u32 fixed = NVME_PUT(NVME_CC_CSS, ~0u) | NVME_PUT(NVME_CC_MPS, ~0u) |
			  NVME_PUT(NVME_CC_AMS, ~0u);
	bool was, is, ready, early = false, shutting = false;
	u32 old, csts, ready_ms;
	u64 now = hf_sys_now_ms();

	/*
	 * A reset has a flag of its own, because EN may be set again before the service thread
	 * reads it. The service thread sets CSTS.RDY under the lock: not after EN was cleared, and
	 * not for this enable before CSTS.RDY is read here.
	 */
	pthread_mutex_lock(&m->lock);
	csts = model_csts(m);
	ready = NVME_FIELD(csts, NVME_CSTS_RDY);
	old = atomic_exchange(&m->cc, cc);
	was = NVME_FIELD(old, NVME_CC_EN);
	is = NVME_FIELD(cc, NVME_CC_EN);
	ready_ms = (m->config.crwmt > m->config.timeout ? m->config.crwmt : m->config.timeout) *
		   NVME_CAP_TO_UNIT_MS;
	if (!was && is)
		m->enabled_ms = now;
	if (NVME_FIELD(cc, NVME_CC_SHN) && !NVME_FIELD(old, NVME_CC_SHN))
		m->shutdown_ms = now;
	if (was && !is) {
		/* What takes longer than the controller says may be cut off. */
		early = !ready && !NVME_FIELD(csts, NVME_CSTS_CFS) && now - m->enabled_ms < ready_ms;
		shutting = NVME_FIELD(old, NVME_CC_SHN) && !NVME_FIELD(csts, NVME_CSTS_CFS) &&
			   NVME_FIELD(csts, NVME_CSTS_SHST) != NVME_CSTS_SHST_DONE &&
			   now - m->shutdown_ms < m->config.rtd3e_us / 1000;
		atomic_store(&m->reset_request, true);
	}
	pthread_mutex_unlock(&m->lock);

	if (cc >> 24 || (cc & 0xe))
		model_driver_error(m, "CC: reserved bits set (%#x)", cc);
	if (was && is && ((old ^ cc) & fixed))
		model_driver_error(m, "CC: changed while enabled (%#x to %#x)", old, cc);
	if (early)
		model_driver_error(m, "CC.EN cleared before CSTS.RDY was set");
	if (shutting)
		model_driver_error(m, "CC.EN cleared during a shutdown");
	if (!was && is && ready)
		model_driver_error(m, "CC.EN set before CSTS.RDY was clear");
	model_kick(m);
}

static void sq_doorbell(struct nvme_model *m, u32 qid, u64 value)
{
	struct model_sq *sq = &m->sqs[qid];
	u32 size = atomic_load_explicit(&sq->size, memory_order_acquire);
	u32 old = atomic_load_explicit(&sq->tail, memory_order_relaxed);
	u32 head = atomic_load_explicit(&sq->reported, memory_order_relaxed);
	u32 added;

	if (!size) {
		model_driver_error(m, "doorbell of submission queue %u, which does not exist", qid);
		return;
	}
	if (value >= size) {
		model_driver_error(m, "submission queue %u: tail %llu of %u", qid,
				   (unsigned long long)value, size);
		return;
	}
	added = ring_distance(old, (u32)value, size);
	if (!added || added > size - 1 - ring_distance(head, old, size)) {
		model_driver_error(m, "submission queue %u: %s (head %u, tail %u to %u)", qid,
				   added ? "overrun" : "doorbell without a change", head, old,
				   (u32)value);
		return;
	}
	/* Release: after the entries and the memory that they refer to. */
	atomic_store_explicit(&sq->tail, (u32)value, memory_order_release);
	model_kick(m);
}

static void cq_doorbell(struct nvme_model *m, u32 qid, u64 value)
{
	struct model_cq *cq = &m->cqs[qid];
	u32 size = atomic_load_explicit(&cq->size, memory_order_acquire);
	u32 old = atomic_load_explicit(&cq->head, memory_order_relaxed);
	u32 tail = atomic_load_explicit(&cq->tail, memory_order_relaxed);
	u32 taken;

	if (!size) {
		model_driver_error(m, "doorbell of completion queue %u, which does not exist", qid);
		return;
	}
	if (value >= size) {
		model_driver_error(m, "completion queue %u: head %llu of %u", qid,
				   (unsigned long long)value, size);
		return;
	}
	taken = ring_distance(old, (u32)value, size);
	if (!taken || taken > ring_distance(old, tail, size)) {
		model_driver_error(m, "completion queue %u: %s (head %u to %u, tail %u)", qid,
				   taken ? "more taken than posted" : "doorbell without a change",
				   old, (u32)value, tail);
		return;
	}
	atomic_store_explicit(&cq->head, (u32)value, memory_order_release);
	model_kick(m);
}

static void doorbell_write(struct nvme_model *m, size_t offset, u64 value)
{
	size_t index = (offset - NVME_REG_DOORBELLS) / NVME_DOORBELL_STRIDE(m->config.dstrd);
	u32 qid = (u32)(index / 2);

	if ((offset - NVME_REG_DOORBELLS) % NVME_DOORBELL_STRIDE(m->config.dstrd))
		model_driver_error(m, "write between doorbells, at %#zx", offset);
	else if (index % 2)
		cq_doorbell(m, qid, value);
	else
		sq_doorbell(m, qid, value);
}

/* A 64-bit register, or one half of it (3.1). */
static u64 part_of(u64 reg, size_t half, unsigned int width)
{
	return width == 8 ? reg : (u32)(reg >> (half ? 32 : 0));
}

static bool part_fits(size_t half, unsigned int width)
{
	return half == 0 ? width == 4 || width == 8 : half == 4 && width == 4;
}

static void part_write(_Atomic u64 *reg, size_t half, unsigned int width, u64 value)
{
	u64 old = atomic_load_explicit(reg, memory_order_relaxed);

	if (width == 4 && half)
		value = (old & 0xffffffffu) | value << 32;
	else if (width == 4)
		value = (old & ~0xffffffffull) | (u32)value;
	atomic_store_explicit(reg, value, memory_order_relaxed);
}

static u64 model_reg_read(void *ctx, size_t offset, unsigned int width)
{
	struct nvme_model *m = ctx;
	size_t reg = offset & ~(size_t)7, half = offset & 7;

	if ((reg == NVME_REG_CAP || reg == NVME_REG_ASQ || reg == NVME_REG_ACQ) &&
	    part_fits(half, width)) {
		if (reg == NVME_REG_CAP)
			return part_of(m->cap, half, width);
		return part_of(atomic_load_explicit(reg == NVME_REG_ASQ ? &m->asq : &m->acq,
						    memory_order_relaxed), half, width);
	}
	if (width == 4) {
		switch (offset) {
		case NVME_REG_VS:
			return m->config.version;
		case NVME_REG_INTMS:
		case NVME_REG_INTMC:
			return atomic_load_explicit(&m->int_mask, memory_order_relaxed);
		case NVME_REG_CC:
			return atomic_load_explicit(&m->cc, memory_order_relaxed);
		case NVME_REG_CSTS:
			return model_csts(m);
		case NVME_REG_AQA:
			return atomic_load_explicit(&m->aqa, memory_order_relaxed);
		case NVME_REG_CRTO:
			return m->config.crwmt;
		}
		/* Optional registers that do not exist read as 0. */
		if (offset >= NVME_REG_CMBLOC && offset <= NVME_REG_CMBSTS && offset % 4 == 0)
			return 0;
	}
	model_driver_error(m, "read of %u bytes at %#zx", width, offset);
	return width == 8 ? ~0ull : (1ull << width * 8) - 1;
}

static void model_reg_write(void *ctx, size_t offset, unsigned int width, u64 value)
{
	struct nvme_model *m = ctx;
	size_t reg = offset & ~(size_t)7, half = offset & 7;

	if (offset >= NVME_REG_DOORBELLS && offset < nvme_model_bar_size(m) && width == 4) {
		doorbell_write(m, offset, value);
		return;
	}
	if ((reg == NVME_REG_ASQ || reg == NVME_REG_ACQ) && part_fits(half, width)) {
		if (NVME_FIELD(atomic_load_explicit(&m->cc, memory_order_relaxed), NVME_CC_EN))
			model_driver_error(m, "admin queue moved while enabled");
		part_write(reg == NVME_REG_ASQ ? &m->asq : &m->acq, half, width, value);
		return;
	}
	if (width == 4) {
		switch (offset) {
		case NVME_REG_INTMS:
			atomic_fetch_or(&m->int_mask, (u32)value);
			return;
		case NVME_REG_INTMC:
			atomic_fetch_and(&m->int_mask, ~(u32)value);
			model_kick(m);
			return;
		case NVME_REG_CC:
			cc_write(m, (u32)value);
			return;
		case NVME_REG_AQA:
			if (NVME_FIELD(atomic_load_explicit(&m->cc, memory_order_relaxed),
				       NVME_CC_EN))
				model_driver_error(m, "AQA written while enabled");
			atomic_store_explicit(&m->aqa, (u32)value, memory_order_relaxed);
			return;
		}
	}
	model_driver_error(m, "write of %u bytes at %#zx", width, offset);
}

const struct hf_user_io_ops nvme_model_io_ops = {
	.read = model_reg_read,
	.write = model_reg_write,
};

size_t nvme_model_bar_size(const struct nvme_model *m)
{
	return NVME_REG_SQ_TAIL(m->config.queues + 1u, m->config.dstrd);
}
