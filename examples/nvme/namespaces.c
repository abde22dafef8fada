// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Namespaces (NVMe 1.4, 5.15.2.1): which there are, what they are, and how hosts see that they change. */
#include <holdfast/cursor.h>

#include "core.h"

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
	const struct nvme_identify *page = hf_try(nvme_read_identify(ctrl, NVME_CNS_ACTIVE_LIST, w->nsid));
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
		err = hf_store_ok(page, nvme_read_identify(ctrl, NVME_CNS_DESCRIPTORS, nsid));
	if (err)
		return err == -EIO ? 0 : err;
	r = hf_reader(hf_slice(u8_cslice, page->descriptors));
	while (!err)
		err = read_descriptor(&r, csi, identity);
	return 0;
}

/*
 * Metadata that the controller can make and take away by itself is protection information alone (8.3).  -EOPNOTSUPP: this
 * is not.
 */
static int read_protection(const struct nvme_id_ns *id, const struct nvme_lbaf *format, u32 *protection)
{
	const u32 type = hf_accept_any(NVME_BITS(id->dps, NVME_DPS_TYPE));

	if (!hf_equals(hf_from_le(format->ms), NVME_PI_BYTES) || !type || type > NVME_DPS_TYPE_3)
		return -EOPNOTSUPP;
	*protection = NVME_RW_PRACT | NVME_RW_CHECK_GUARD | (type == NVME_DPS_TYPE_3 ? 0 : NVME_RW_CHECK_REFERENCE);
	return 0;
}

/* NPWG and NOWS are 0's based. */
static void read_advice(const struct nvme_id_ns *id, struct nvme_namespace *ns)
{
	const bool more = hf_mask(id->nsfeat, NVME_NSFEAT_OPTPERF) != 0;

	ns->boundary = hf_accept_any(hf_from_le(id->noiob));
	ns->write_granularity = more ? hf_accept_any(hf_from_le(id->npwg)) + 1u : 1;
	ns->write_size = more ? hf_accept_any(hf_from_le(id->nows)) + 1u : 0;
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
	id = &hf_try(nvme_read_identify(ctrl, NVME_CNS_NAMESPACE, ns->nsid))->ns;

	/* All zeroes: not active. */
	if (!w->listed && hf_equals(hf_from_le(id->nsze), 0) && hf_equals(hf_from_le(id->ncap), 0))
		return -ENODATA;
	if (hf_store_ok(formats, hf_below(id->nlbaf, NVME_LBAFS)))
		return nvme_invalid_identify(ctrl, "Identify: NLBAF: more formats than there is room for");
	if (hf_errno(hf_at_most(NVME_BITS(id->flbas, NVME_FLBAS_INDEX), formats)))
		return nvme_invalid_identify(ctrl, "Identify: FLBAS: a format that there is not");
	format = hf_array_at(id->lbaf, hf_mask(id->flbas, NVME_MASK_(NVME_FLBAS_INDEX)));
	if (!hf_equals(hf_from_le(format.ms), 0) && read_protection(id, &format, &ns->protection))
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
	ns->read_only = hf_mask(id->nsattr, NVME_NSATTR_PROTECTED) != 0;
	read_advice(id, ns);
	ns->max_blocks = info->max_transfer >> shift;
	if (ns->max_blocks > NVME_MASK_(NVME_RW_NLB) + 1)
		ns->max_blocks = NVME_MASK_(NVME_RW_NLB) + 1;
	ns->max_zero_blocks = NVME_MASK_(NVME_RW_NLB) + 1;
	/* In pages of CAP.MPSMIN, which is NVME_PAGE_SIZE. */
	if (wzsl && wzsl < NVME_RW_NLB_WIDTH && NVME_PAGE_SIZE >> shift << wzsl < ns->max_zero_blocks)
		ns->max_zero_blocks = NVME_PAGE_SIZE >> shift << wzsl;
	ns->zeroes_may_deallocate = hf_mask(id->dlfeat, NVME_DLFEAT_DEAC) != 0;
	ns->deallocated_reads_zero = hf_equals(NVME_BITS(id->dlfeat, NVME_DLFEAT_READS), NVME_DLFEAT_READS_ZERO);
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

	if (old && old->is.block_shift == f->is.block_shift && old->is.protection == f->is.protection &&
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

int nvme_identify_namespaces(const struct nvme_ctrl *ctrl, u32 nn, const struct nvme_info *info,
			     const struct nvme_namespace *common, u8 wzsl)
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
	UPDATE(m, ns, &f->is, read_only);
	UPDATE(m, ns, &f->is, boundary);
	UPDATE(m, ns, &f->is, write_granularity);
	UPDATE(m, ns, &f->is, write_size);
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
