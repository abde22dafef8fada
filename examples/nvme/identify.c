// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Admin commands (NVMe 1.4, 5), and validation of what the controller reports about itself. */
#include <holdfast/cursor.h>

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

/* ---- Admin commands (5) ---- */

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

HF_PTR_RESULT_DEFINE(nvme_identify, const struct nvme_identify);

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

/* Identify (5.15) */
static struct nvme_identify_result identify(const struct nvme_ctrl *ctrl, u32 cns, u32 nsid)
	HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_sqe sqe = {
		.opcode = NVME_ADMIN_IDENTIFY,
		.nsid = hf_le32(nsid),
		.cdw10 = hf_le32(NVME_PUT(NVME_IDENTIFY_CNS, cns)),
	};

	return read_page(ctrl, &sqe, NVME_IDENTIFY_SIZE);
}

/* Get Log Page (5.14) */
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

	id = &hf_try(identify(ctrl, NVME_CNS_CONTROLLER, 0))->ctrl;

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
		err = hf_store_ok(page, identify(ctrl, NVME_CNS_COMMAND_SET, 0));
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

/* ---- Namespaces ---- */

/* Where the walk through the active namespaces is, in ascending order. */
struct walk {
	u32 nn;				/* the greatest identifier that there may be */
	u32 nsid;			/* the current one; 0 at the beginning, and at the end */
	bool listed;			/* by the controller; or all numbers are tried */
	bool last;
};

/*
 * The next one that the controller lists (Active Namespace ID list, 5.15.2.3: ascending, 0 after the
 * last).  It is asked for one at a time, so that no list is kept.
 */
static int walk_list(const struct nvme_ctrl *ctrl, struct walk *w) HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_identify *page = hf_try(identify(ctrl, NVME_CNS_ACTIVE_LIST, w->nsid));
	const u32 before = w->nsid;

	w->nsid = 0;
	if (hf_equals(hf_from_le(page->list[0]), 0))
		return 0;
	if (hf_store_ok(w->nsid, hf_in_range(hf_from_le(page->list[0]), (u64)before + 1, w->nn)))
		return nvme_invalid_identify(ctrl, "Identify: namespaces out of order, or of NN");
	w->last = hf_equals(hf_from_le(page->list[1]), 0);
	return 0;
}

/* Controllers of 1.0 have no list, and some later ones fail to give it. */
static int walk_next(const struct nvme_ctrl *ctrl, struct walk *w) HF_REQUIRES(&ctrl->manager)
{
	int err;

	if (w->last || w->nsid == w->nn) {
		w->nsid = 0;
		return 0;
	}
	if (w->listed) {
		err = walk_list(ctrl, w);
		if (err != -EIO || w->nsid)
			return err;
		w->listed = false;
	}
	if (w->nsid == NVME_MAX_NAMESPACES) {
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "the controller lists no namespaces; not tried: all above",
			 w->nsid);
		w->nsid = 0;
		return 0;
	}
	w->nsid++;
	return 0;
}

/* One namespace identification descriptor; -ENODATA at the end of the list. */
static int read_descriptor(struct hf_reader *r, u8 *csi, struct nvme_identity *identity)
{
	struct hf_untrusted_u8 type = hf_try(hf_read_u8(r));
	struct hf_untrusted_u8 len = hf_try(hf_read_u8(r));
	struct hf_reader value;

	hf_try_errno(hf_skip(r, 2));
	if (hf_equals(len, 0))
		return -ENODATA;
	value = hf_try(hf_subreader(r, len));
	if (hf_equals(type, NVME_NIDT_CSI))
		*csi = hf_accept_any(hf_try(hf_read_u8(&value)));
	else if (hf_equals(type, NVME_NIDT_UUID))
		return hf_copy(hf_slice(u8_slice, identity->uuid),
			       hf_try(hf_read_bytes(&value, NVME_NIDT_UUID_BYTES)));
	return 0;
}

/* The namespace's command set.  Controllers that do not say it have the NVM command set. */
static int identify_descriptors(const struct nvme_ctrl *ctrl, u32 nsid, u8 *csi,
				struct nvme_identity *identity) HF_REQUIRES(&ctrl->manager)
{
	const struct nvme_identify *page = NULL;
	struct hf_reader r;
	int err = -EIO;

	*csi = NVME_CSI_NVM;
	if (ctrl->info.version >= NVME_VS(1, 3, 0))
		err = hf_store_ok(page, identify(ctrl, NVME_CNS_DESCRIPTORS, nsid));
	if (err)
		return err == -EIO ? 0 : err;
	r = hf_reader(hf_slice(u8_cslice, page->descriptors));
	while (!err)
		err = read_descriptor(&r, csi, identity);
	return 0;
}

/*
 * Identify Namespace (5.15.2.1); what all have in common is in f->is already.  -EOPNOTSUPP, -EPROTO and
 * -EIO concern this namespace alone; -ENODATA: there is none.
 */
static int identify_namespace(const struct nvme_ctrl *ctrl, const struct nvme_info *info,
			      const struct walk *w, u8 wzsl, struct nvme_found *f) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_namespace *ns = &f->is;
	const struct nvme_id_ns *id;
	struct nvme_lbaf format;
	u8 formats = 0, shift = 0, csi;

	hf_try_errno(identify_descriptors(ctrl, ns->nsid, &csi, &f->identity));
	if (csi != NVME_CSI_NVM)
		return nvme_fail(ctrl, -EOPNOTSUPP, csi == NVME_CSI_ZONED ?
				 "a zoned namespace, which needs another command set" :
				 "a namespace of another command set", csi);
	id = &hf_try(identify(ctrl, NVME_CNS_NAMESPACE, ns->nsid))->ns;

	/* All zeroes: not active. */
	if (!w->listed && hf_equals(hf_from_le(id->nsze), 0) && hf_equals(hf_from_le(id->ncap), 0))
		return -ENODATA;
	if (hf_store_ok(formats, hf_below(id->nlbaf, NVME_LBAFS)))
		return nvme_invalid_identify(ctrl, "Identify: NLBAF: more formats than there is room for");
	if (hf_errno(hf_at_most(NVME_BITS(id->flbas, NVME_FLBAS_INDEX), formats)))
		return nvme_invalid_identify(ctrl, "Identify: FLBAS: a format that there is not");
	format = hf_array_at(id->lbaf, hf_mask(id->flbas, NVME_MASK_(NVME_FLBAS_INDEX)));
	if (!hf_equals(hf_from_le(format.ms), 0))
		return nvme_fail(ctrl, -EOPNOTSUPP, "blocks have metadata, in namespace", ns->nsid);
	if (hf_store_ok(shift, hf_in_range(format.lbads, NVME_LBADS_MIN, NVME_MPS_BASE_SHIFT)))
		return nvme_fail(ctrl, -EOPNOTSUPP, "LBADS: blocks are not of 512 to 4096 bytes",
				 hf_accept_any(format.lbads));
	/* So that byte offsets of blocks fit into 63 bits. */
	if (hf_store_ok(ns->blocks, hf_in_range(hf_from_le(id->nsze), 1, ~0ull >> 1 >> shift)))
		return nvme_invalid_identify(ctrl, "Identify: NSZE: no blocks, or more than 2^63 bytes");
	if (hf_errno(hf_at_most(hf_from_le(id->ncap), ns->blocks)))
		return nvme_invalid_identify(ctrl, "Identify: NCAP is greater than NSZE");

	ns->block_shift = shift;
	ns->max_blocks = info->max_transfer >> shift;
	if (ns->max_blocks > NVME_MASK_(NVME_RW_NLB) + 1)
		ns->max_blocks = NVME_MASK_(NVME_RW_NLB) + 1;
	ns->max_zero_blocks = NVME_MASK_(NVME_RW_NLB) + 1;
	/* In pages of CAP.MPSMIN, which is NVME_PAGE_SIZE. */
	if (wzsl && wzsl < NVME_RW_NLB_WIDTH && NVME_PAGE_SIZE >> shift << wzsl < ns->max_zero_blocks)
		ns->max_zero_blocks = NVME_PAGE_SIZE >> shift << wzsl;
	ns->zeroes_may_deallocate = hf_mask(id->dlfeat, NVME_DLFEAT_DEAC) != 0;
	ns->deallocated_reads_zero = hf_mask(id->dlfeat, NVME_DLFEAT_READS_ZERO) != 0;
	memcpy(f->identity.nguid, id->nguid, sizeof(id->nguid));
	memcpy(f->identity.eui64, id->eui64, sizeof(id->eui64));
	return 0;
}

/* The known namespace with this identifier that is not gone, or NULL. */
static struct nvme_found *known(struct nvme_manage *m, u32 nsid)
{
	hf_for_each(f, m->found)
		if (f->is.nsid == nsid && !f->is.gone)
			return f;
	return NULL;
}

static int no_room(const struct nvme_ctrl *ctrl, u32 nsid)
{
	return nvme_fail(ctrl, -ENOSPC, "too many new namespaces since the start; left out, from", nsid);
}

/* Put what was found beside the namespace that it is, or behind all. */
static int put_found(const struct nvme_ctrl *ctrl, const struct nvme_found *f)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	struct nvme_found *old = known(m, f->is.nsid);

	if (old && old->is.block_shift == f->is.block_shift &&
	    !memcmp(&old->identity, &f->identity, sizeof(f->identity))) {
		old->is = f->is;
		old->there = true;
		return 0;
	}
	if (!m->started)
		hf_try_errno(hf_vec_reserve(&m->found, 1, GFP_KERNEL));
	if (hf_vec_push_within(&m->found, *f))
		return no_room(ctrl, f->is.nsid);
	return 0;
}

/* Whether the others can be used in spite of this error. */
static bool concerns_one(int err)
{
	return err == -EOPNOTSUPP || err == -EPROTO || err == -EIO || err == -ENOSPC;
}

/*
 * Another attempt may find a known namespace as it was.  If none does, it stays what it was, unless all agree that it
 * cannot be used any more.
 */
static bool doubt(struct nvme_manage *m, u32 nsid, int err)
{
	struct nvme_found *old = known(m, nsid);

	if (!old || err == -ENOSPC)
		return false;
	old->there |= err != -EOPNOTSUPP;
	m->doubtful = true;
	return true;
}

/* Identify all active namespaces.  What cannot be used is left out. */
static int identify_namespaces(const struct nvme_ctrl *ctrl, u32 nn, const struct nvme_info *info,
			       const struct nvme_namespace *common, u8 wzsl) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	struct walk w = { .nn = nn, .listed = ctrl->info.version >= NVME_VS(1, 1, 0) };
	int refusal = -ENODEV;
	unsigned int n = 0;

	hf_vec_truncate(&m->found, hf_len(m->namespaces));
	hf_for_each(f, m->found)
		f->there = false;
	m->doubtful = false;
	for (;;) {
		struct nvme_found f = { .is = *common, .there = true };
		int err;

		hf_try_errno(walk_next(ctrl, &w));
		if (!w.nsid)
			break;
		if (n == NVME_MAX_NAMESPACES) {
			nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "more namespaces than 1024; left out, from", w.nsid);
			break;
		}
		f.is.nsid = w.nsid;
		err = identify_namespace(ctrl, info, &w, wzsl, &f);
		if (!err)
			err = put_found(ctrl, &f);
		if (err == -ENODATA)
			continue;
		if (err && !concerns_one(err))
			return err;
		if (err && doubt(m, w.nsid, err))
			continue;
		if (err) {
			nvme_log(ctrl, NVME_LOG_LEVEL_WARN, err == -EIO ?
				 "a namespace cannot be identified, and is left out" : "a namespace is left out",
				 w.nsid);
			refusal = err;
			continue;
		}
		n++;
	}
	if (n || m->started)
		return 0;
	return nvme_fail(ctrl, refusal, "the controller has no namespace", 0);
}

int nvme_reserve_namespaces(const struct nvme_ctrl *ctrl)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	hf_try_errno(hf_vec_reserve(&m->found, NVME_SPARE_NAMESPACES, GFP_KERNEL));
	hf_try_errno(hf_vec_reserve(&m->namespaces, hf_len(m->found) + NVME_SPARE_NAMESPACES, GFP_KERNEL));
	m->started = true;
	return 0;
}

/* Set a member that threads read meanwhile, if it changed. */
#define UPDATE(m, ns, now, member)							\
	do {										\
		if ((ns)->member != (now)->member) {					\
			hf_sys_write_once(&(ns)->member, (now)->member);		\
			(m)->changed = true;						\
		}									\
	} while (0)

static void show_one(const struct nvme_ctrl *ctrl, struct nvme_namespace *ns, struct nvme_found *f)
	HF_REQUIRES(&ctrl->manager)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);

	if (ns->gone)
		return;
	if (!f->there) {
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "a namespace is gone, or another one", ns->nsid);
		f->is.gone = true;
	} else if (ns->blocks != f->is.blocks) {
		nvme_log(ctrl, NVME_LOG_LEVEL_WARN, "a namespace has another size", ns->nsid);
	}
	UPDATE(m, ns, &f->is, gone);
	UPDATE(m, ns, &f->is, blocks);
	UPDATE(m, ns, &f->is, max_blocks);
	UPDATE(m, ns, &f->is, max_zero_blocks);
	UPDATE(m, ns, &f->is, max_ranges);
	UPDATE(m, ns, &f->is, max_range_blocks);
	UPDATE(m, ns, &f->is, max_deallocate);
	UPDATE(m, ns, &f->is, can_sgl);
	UPDATE(m, ns, &f->is, can_write_zeroes);
	UPDATE(m, ns, &f->is, can_deallocate);
	UPDATE(m, ns, &f->is, zeroes_may_deallocate);
	UPDATE(m, ns, &f->is, deallocated_reads_zero);
	UPDATE(m, ns, &f->is, volatile_write_cache);
}

void nvme_show_namespaces(const struct nvme_ctrl *ctrl)
{
	struct nvme_manage *m = hf_held(&ctrl->manager);
	const size_t n = hf_len(m->namespaces);

	hf_zip(ns, hf_vec_slice(&m->namespaces), f, hf_vec_slice(&m->found))
		show_one(ctrl, ns, f);
	for (size_t i = n; i < hf_len(m->found); i++) {
		if (hf_vec_push_within(&m->namespaces, hf_at(m->found, i).is)) {
			no_room(ctrl, hf_at(m->found, i).is.nsid);
			hf_vec_truncate(&m->found, i);
			break;
		}
		m->changed = true;
	}
}

/* Set Features, Number of Queues (5.21.1.7): the controller may grant more or less. */
static int request_queues(const struct nvme_ctrl *ctrl, struct nvme_info *info)
	HF_REQUIRES(&ctrl->manager)
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

static int identify_all(const struct nvme_ctrl *ctrl, struct nvme_info *info) HF_REQUIRES(&ctrl->manager)
{
	struct nvme_namespace common = { .nsid = 0 };
	u32 nn = 0;
	u8 wzsl = 0;

	hf_try_errno(identify_controller(ctrl, info, &common, &nn));
	hf_try_errno(identify_limits(ctrl, &common, &wzsl));
	return identify_namespaces(ctrl, nn, info, &common, wzsl);
}

int nvme_discover(const struct nvme_ctrl *ctrl, struct nvme_info *info)
{
	hf_try_errno(identify_all(ctrl, info));
	return request_queues(ctrl, info);
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
