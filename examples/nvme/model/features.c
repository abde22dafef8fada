/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Features that the host gives tables for (NVMe 1.4, 5.21): power states (5.21.1.12), the host's memory (5.21.1.13).
 */
#include <stdlib.h>
#include <string.h>

#include "model_impl.h"

/* ---- Power states ---- */

static bool valid_entry(const struct nvme_model *m, u32 state, u64 entry)
{
	const u32 target = NVME_FIELD(entry, NVME_APST_STATE);

	if (!entry)
		return true;
	/* A state is left for a deeper one, in which nothing is done. */
	return !(entry & 7) && !(entry >> 32) && state < m->config.power_states && target > state &&
	       target < m->config.power_states && (m->config.idle_states >> target & 1) &&
	       NVME_FIELD(entry, NVME_APST_WAIT);
}

u16 model_set_power_table(struct nvme_model *m, struct model_cmd *cmd)
{
	const bool enable = model_le32(cmd->sqe.cdw11) & NVME_APST_ENABLE;
	struct hf_le64 table[NVME_POWER_STATES];
	u16 status = model_transfer(m, cmd, table, sizeof(table), false);

	if (status)
		return status;
	for (u32 i = 0; i < NVME_POWER_STATES; i++)
		if (!valid_entry(m, i, model_le64(table[i])))
			return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "no such transition between power states");
	pthread_mutex_lock(&m->lock);
	for (u32 i = 0; i < NVME_POWER_STATES; i++)
		m->power_table[i] = enable ? model_le64(table[i]) : 0;
	pthread_mutex_unlock(&m->lock);
	return 0;
}

void nvme_model_power_table(struct nvme_model *m, u64 table[32])
{
	pthread_mutex_lock(&m->lock);
	memcpy(table, m->power_table, sizeof(m->power_table));
	pthread_mutex_unlock(&m->lock);
}

/* ---- The host's memory ---- */

u64 nvme_model_host_memory(struct nvme_model *m)
{
	u64 size;

	pthread_mutex_lock(&m->lock);
	size = m->host_memory;
	pthread_mutex_unlock(&m->lock);
	return size;
}

static void set_size(struct nvme_model *m, u64 size)
{
	pthread_mutex_lock(&m->lock);
	m->host_memory = size;
	pthread_mutex_unlock(&m->lock);
}

void model_forget_features(struct nvme_model *m)
{
	set_size(m, 0);
	pthread_mutex_lock(&m->lock);
	memset(m->power_table, 0, sizeof(m->power_table));
	pthread_mutex_unlock(&m->lock);
}

/* Write to each page, or look whether what was written is there. */
static bool use_memory(struct nvme_model *m, u64 seed, bool write)
{
	for (u32 i = 0; i < m->host_range_count; i++) {
		const u64 addr = model_le64(m->host_ranges[i].addr);

		for (u32 page = 0; page < model_le32(m->host_ranges[i].pages); page++) {
			const u64 at = addr + ((u64)page << m->page_shift), stamp = at ^ seed;
			u64 word = stamp;

			if (hf_user_iommu_access(m->iommu, at, &word, sizeof(word), write) || word != stamp)
				return false;
		}
	}
	return true;
}

static const char *bad_range(const struct nvme_model *m, const struct nvme_host_range *range)
{
	const u64 least = ((u64)m->config.hmminds * NVME_HOST_MEMORY_UNIT) >> m->page_shift;

	if (model_le64(range->addr) & ((1ull << m->page_shift) - 1))
		return "a range is not on a page boundary";
	if (!model_le32(range->pages) || model_le32(range->pages) < least)
		return "a range is smaller than HMMINDS";
	return NULL;
}

/* Read the list of ranges: NULL, or what is wrong with it. */
static const char *read_ranges(struct nvme_model *m, const struct nvme_sqe *sqe, u64 pages)
{
	const u64 list = model_le32(sqe->cdw13) | (u64)model_le32(sqe->cdw14) << 32;
	const u32 count = model_le32(sqe->cdw15);
	const char *wrong = NULL;
	u64 all = 0;

	if (!count || (m->config.hmmaxd && count > m->config.hmmaxd) || count > 65536 || list & 15)
		return "the list is empty, longer than HMMAXD, or not aligned";
	free(m->host_ranges);
	m->host_range_count = 0;
	m->host_ranges = calloc(count, sizeof(*m->host_ranges));
	if (!m->host_ranges)
		return "the model has no memory";
	if (hf_user_iommu_access(m->iommu, list, m->host_ranges, count * sizeof(*m->host_ranges), false))
		return "the list is not mapped for this access";
	m->host_range_count = count;
	for (u32 i = 0; i < count && !wrong; i++) {
		wrong = bad_range(m, &m->host_ranges[i]);
		all += model_le32(m->host_ranges[i].pages);
	}
	return wrong ? wrong : all == pages ? NULL : "the ranges are not as large as HSIZE";
}

u16 model_set_host_memory(struct nvme_model *m, struct model_cmd *cmd)
{
	const u32 cdw11 = model_le32(cmd->sqe.cdw11);
	const u64 pages = model_le32(cmd->sqe.cdw12), size = pages << m->page_shift;
	const char *wrong;

	if (cdw11 & ~(NVME_HOST_MEMORY_ENABLE | NVME_HOST_MEMORY_RETURN))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "reserved bits of dword 11 are set");
	if (!(cdw11 & NVME_HOST_MEMORY_ENABLE)) {
		set_size(m, 0);
		return 0;
	}
	if (m->host_memory)
		return model_reject(m, cmd, NVME_SC_COMMAND_SEQUENCE, "the host's memory is enabled already");
	if (size < (u64)m->config.hmmin * NVME_HOST_MEMORY_UNIT)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "less than HMMIN of the host's memory");
	wrong = read_ranges(m, &cmd->sqe, pages);
	if (wrong)
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, wrong);
	if ((cdw11 & NVME_HOST_MEMORY_RETURN) && !use_memory(m, m->host_seed, false))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "the memory is not as the controller left it");
	if (!use_memory(m, ++m->host_seed, true))
		return model_reject(m, cmd, NVME_SC_INVALID_FIELD, "the ranges are not mapped for this access");
	set_size(m, size);
	return 0;
}
