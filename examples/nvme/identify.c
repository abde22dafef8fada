// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Validation of what the controller reports about itself. */
#include "core.h"

static const char *const protocol_error_names[] = {
	[NVME_PROTO_ERR_UNKNOWN_CID] = "unknown-cid",	  [NVME_PROTO_ERR_STALE_CID] = "stale-cid",
	[NVME_PROTO_ERR_WRONG_SQID] = "wrong-sqid",	  [NVME_PROTO_ERR_BAD_SQHD] = "bad-sq-head",
	[NVME_PROTO_ERR_RESERVED_STATUS] = "reserved-status", [NVME_PROTO_ERR_TORN] = "torn-entry",
	[NVME_PROTO_ERR_IDENTIFY] = "invalid-identify",
};

_Static_assert(sizeof(protocol_error_names) / sizeof(protocol_error_names[0]) ==
		       NVME_PROTO_ERR_COUNT, "each has a name");

const char *nvme_protocol_error_name(enum nvme_protocol_error error)
{
	return error < NVME_PROTO_ERR_COUNT ? hf_array_at(protocol_error_names, error) : NULL;
}

/* ---- Registers and Identify data ---- */

HF_SLICE_DEFINE(ascii, struct hf_untrusted_u8);
HF_SLICE_DEFINE(le32, struct hf_le32);

int nvme_invalid_identify(const struct nvme_ctrl *ctrl, const char *text)
{
	hf_held(&ctrl->manager)->protocol_errors++;
	return nvme_fail(ctrl, -EPROTO, text, 0);
}

/* Convert ASCII, padded with spaces (1.5), to a string; @to is longer by one and zeroed. */
static void copy_text(struct char_slice to, struct ascii_cslice from)
{
	size_t len = 0, n = 0;

	hf_zip(t, to, f, from) {
		const char c = (char)hf_ok_or(hf_in_range(*f, ' ', '~'), '?');

		*t = c;
		n++;
		if (c != ' ')
			len = n;
	}
	if (len < hf_len(to))
		hf_at(to, len) = '\0';
}

int nvme_read_cap(struct nvme_ctrl *ctrl)
{
	struct hf_untrusted_u64 cap = nvme_regs_read_cap(&ctrl->regs);
	struct hf_untrusted_u32 vs = nvme_regs_read_vs(&ctrl->regs);
	u64 mqes = hf_accept_any(NVME_BITS(cap, NVME_CAP_MQES));
	u64 to = hf_accept_any(NVME_BITS(cap, NVME_CAP_TO));
	u64 crwmt = 0;

	if (hf_equals(cap, ~0ull) || hf_equals(vs, ~0u))
		return nvme_fail(ctrl, -ENODEV, "no controller answers at the registers", 0);
	if (!mqes)
		return nvme_fail(ctrl, -EPROTO, "CAP.MQES: queues of one entry", 0);
	if (!hf_equals(NVME_BITS(cap, NVME_CAP_MPSMIN), 0))
		return nvme_fail(ctrl, -EOPNOTSUPP, "CAP.MPSMIN: all pages exceed 4096 bytes",
				 hf_accept_any(NVME_BITS(cap, NVME_CAP_MPSMIN)));
	if (!hf_mask(NVME_BITS(cap, NVME_CAP_CSS), NVME_CAP_CSS_NVM))
		return nvme_fail(ctrl, -EOPNOTSUPP, "CAP.CSS: there is no NVM command set",
				 hf_accept_any(NVME_BITS(cap, NVME_CAP_CSS)));

	ctrl->info.version = hf_accept_any(vs);
	ctrl->command_sets = ctrl->info.version >= NVME_VS(2, 0, 0) ||
			     hf_mask(NVME_BITS(cap, NVME_CAP_CSS), NVME_CAP_CSS_CSI);
	if (!hf_equals(NVME_BITS(cap, NVME_CAP_CRWMS), 0))
		crwmt = hf_accept_any(NVME_BITS(nvme_regs_read_crto(&ctrl->regs), NVME_CRTO_CRWMT));
	if (to < crwmt)
		to = crwmt;
	/* 0 is not allowed, but controllers report it. */
	ctrl->info.timeout_ms = (u32)(to ? to : 1) * NVME_CAP_TO_UNIT_MS;
	/* Until Identify says more. */
	ctrl->info.shutdown_ms = ctrl->config.shutdown_ms;
	ctrl->info.entries = ctrl->config.entries;
	if (mqes + 1 < ctrl->config.entries)
		ctrl->info.entries = (u16)(mqes + 1);
	/*
	 * 4 bits, so the shift is defined.  add_queue() checks that the doorbells are in the
	 * window.
	 */
	ctrl->dstrd = (u32)hf_accept_any(NVME_BITS(cap, NVME_CAP_DSTRD));
	ctrl->info.doorbell_stride = NVME_DOORBELL_STRIDE(ctrl->dstrd);
	return 0;
}

/* Whether entries of 1 << @shift bytes are between the required and the maximum size. */
static bool entry_size_fits(struct hf_untrusted_u8 sizes, u32 shift)
{
	return hf_is_ok(hf_at_most(NVME_BITS(sizes, NVME_SQES_MIN), shift)) &&
	       hf_is_ok(hf_in_range(NVME_BITS(sizes, NVME_SQES_MAX), shift, 15));
}

/* Identify Controller (5.15.2.2).  @common gets what applies to all namespaces. */
static int identify_controller(const struct nvme_ctrl *ctrl, struct nvme_info *info,
			       struct nvme_namespace *common, u32 *nn) HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_id_ctrl *id;
	u32 rtd3e;
	u8 mdts = 0;

	id = &hf_try(nvme_read_identify(ctrl, NVME_CNS_CONTROLLER, 0))->ctrl;

	if (!entry_size_fits(id->sqes, NVME_SQE_SHIFT) ||
	    !entry_size_fits(id->cqes, NVME_CQE_SHIFT))
		return nvme_invalid_identify(ctrl, "Identify: SQES, CQES: not for entries of 64, 16 bytes");
	if (hf_store_ok(*nn, hf_in_range(hf_from_le(id->nn), 1, NVME_NSID_ALL - 1)))
		return nvme_invalid_identify(ctrl, "Identify: NN: no namespaces, or too many");
	/* In pages of CAP.MPSMIN, which is NVME_PAGE_SIZE. */
	if (hf_store_ok(mdts, hf_below(id->mdts, 64 - NVME_MPS_BASE_SHIFT)))
		return nvme_invalid_identify(ctrl, "Identify: MDTS: transfers of 2^64 bytes or more");

	info->max_transfer = ctrl->config.max_transfer;
	if (mdts && (u64)info->max_transfer >> NVME_MPS_BASE_SHIFT >> mdts)
		info->max_transfer = NVME_PAGE_SIZE << mdts;
	rtd3e = hf_accept_any(hf_from_le(id->rtd3e)) / 1000;
	info->shutdown_ms = ctrl->config.shutdown_ms > rtd3e ? ctrl->config.shutdown_ms : rtd3e + 1;
	info->vendor = hf_accept_any(hf_from_le(id->vid));
	info->volatile_write_cache = hf_mask(id->vwc, NVME_VWC_PRESENT) != 0;
	copy_text(hf_slice(char_slice, info->serial), hf_slice(ascii_cslice, id->sn));
	copy_text(hf_slice(char_slice, info->model), hf_slice(ascii_cslice, id->mn));
	copy_text(hf_slice(char_slice, info->firmware), hf_slice(ascii_cslice, id->fr));
	common->volatile_write_cache = info->volatile_write_cache;
	common->can_sgl = hf_is_ok(hf_in_range(NVME_BITS(hf_from_le(id->sgls), NVME_SGLS),
					       NVME_SGLS_BYTES, NVME_SGLS_DWORDS));
	nvme_plan_power(ctrl, id);
	nvme_plan_host_memory(ctrl, id);
	hf_held(&ctrl->manager)->oaes = hf_accept_any(hf_from_le(id->oaes));
	common->can_deallocate = hf_mask(hf_from_le(id->oncs), NVME_ONCS_DSM) != 0;
	common->can_write_zeroes = hf_mask(hf_from_le(id->oncs), NVME_ONCS_WRITE_ZEROES) != 0;
	return 0;
}

/* The limits of the NVM command set (CSI 0), where the controller says them.  @common gets them. */
static int identify_limits(const struct nvme_ctrl *ctrl, struct nvme_namespace *common, u8 *wzsl)
	HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_identify *page = NULL;
	int err = -EIO;
	u32 blocks;
	u64 all;

	common->max_ranges = NVME_DSM_MAX_RANGES;
	common->max_range_blocks = ~0u;
	common->max_deallocate = ~0ull;
	*wzsl = 0;
	if (ctrl->command_sets)
		err = hf_store_ok(page, nvme_read_identify(ctrl, NVME_CNS_COMMAND_SET, 0));
	if (err)
		return err == -EIO ? 0 : err;
	common->max_ranges = hf_ok_or(hf_in_range(page->nvm.dmrl, 1, NVME_DSM_MAX_RANGES), NVME_DSM_MAX_RANGES);
	blocks = hf_accept_any(hf_from_le(page->nvm.dmrsl));
	all = hf_accept_any(hf_from_le(page->nvm.dmsl));
	if (blocks)
		common->max_range_blocks = blocks;
	if (all)
		common->max_deallocate = all;
	*wzsl = hf_accept_any(page->nvm.wzsl);
	return 0;
}

/* ---- All ---- */

static int identify_all(const struct nvme_ctrl *ctrl, struct nvme_info *info) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_namespace common = { .nsid = 0 };
	u32 nn = 0;
	u8 wzsl = 0;

	hf_try_errno(identify_controller(ctrl, info, &common, &nn));
	hf_try_errno(identify_limits(ctrl, &common, &wzsl));
	return nvme_identify_namespaces(ctrl, nn, info, &common, wzsl);
}

int nvme_discover(const struct nvme_ctrl *ctrl, struct nvme_info *info)
{
	hf_try_errno(identify_all(ctrl, info));
	return nvme_request_queues(ctrl, info);
}

int nvme_look_again(const struct nvme_ctrl *ctrl)
{
	struct nvme_info info = ctrl->info;

	hf_try_errno(identify_all(ctrl, &info));
	if (hf_held(&ctrl->manager)->doubtful)
		return -EPROTO;
	nvme_show_namespaces(ctrl);
	return 0;
}
