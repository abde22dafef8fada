// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Commands of users: the ioctls of nvme.ko, on the node of a controller and on its disks.
 *
 * Files and disks may be open longer than the driver is bound.  What they have is a gate, through which the controller
 * is reached until then.
 */
#include <linux/capability.h>
#include <linux/nvme_ioctl.h>

#include "compat.h"
#include "hf_nvme.h"

/* struct nvme_passthru_cmd.  struct nvme_passthru_cmd64 has its result behind, in 64 bits. */
struct hf_nvme_passthru {
	u8 opcode;
	u8 flags;
	struct hf_untrusted_u16 rsvd1;
	struct hf_untrusted_u32 nsid;
	struct hf_untrusted_u32 cdw2;
	struct hf_untrusted_u32 cdw3;
	struct hf_untrusted_u64 metadata;
	struct hf_untrusted_u64 addr;
	struct hf_untrusted_u32 metadata_len;
	struct hf_untrusted_u32 data_len;
	struct hf_untrusted_u32 cdw10;
	struct hf_untrusted_u32 cdw11;
	struct hf_untrusted_u32 cdw12;
	struct hf_untrusted_u32 cdw13;
	struct hf_untrusted_u32 cdw14;
	struct hf_untrusted_u32 cdw15;
	struct hf_untrusted_u32 timeout_ms;
	struct hf_untrusted_u32 result;
};
HF_WIRE_TYPE(hf_nvme_passthru, struct hf_nvme_passthru,
	     HF_WIRE(opcode) HF_WIRE(flags) HF_WIRE(rsvd1) HF_WIRE(nsid) HF_WIRE(cdw2) HF_WIRE(cdw3) HF_WIRE(metadata)
	     HF_WIRE(addr) HF_WIRE(metadata_len) HF_WIRE(data_len) HF_WIRE(cdw10) HF_WIRE(cdw11) HF_WIRE(cdw12)
	     HF_WIRE(cdw13) HF_WIRE(cdw14) HF_WIRE(cdw15) HF_WIRE(timeout_ms) HF_WIRE(result));
_Static_assert(sizeof(struct hf_nvme_passthru) == sizeof(struct nvme_passthru_cmd), "the same");

/* struct nvme_user_io */
struct hf_nvme_user_io {
	u8 opcode;
	u8 flags;
	struct hf_untrusted_u16 control;
	struct hf_untrusted_u16 nblocks;
	struct hf_untrusted_u16 rsvd;
	struct hf_untrusted_u64 metadata;
	struct hf_untrusted_u64 addr;
	struct hf_untrusted_u64 slba;
	struct hf_untrusted_u32 dsmgmt;
	struct hf_untrusted_u32 reftag;
	struct hf_untrusted_u16 apptag;
	struct hf_untrusted_u16 appmask;
	struct hf_untrusted_u32 padding;
};
HF_WIRE_TYPE(hf_nvme_user_io, struct hf_nvme_user_io,
	     HF_WIRE(opcode) HF_WIRE(flags) HF_WIRE(control) HF_WIRE(nblocks) HF_WIRE(rsvd) HF_WIRE(metadata) HF_WIRE(addr)
	     HF_WIRE(slba) HF_WIRE(dsmgmt) HF_WIRE(reftag) HF_WIRE(apptag) HF_WIRE(appmask)
	     HF_WIRE(padding));
_Static_assert(sizeof(struct hf_nvme_user_io) == sizeof(struct nvme_user_io), "the same");

/* The argument of an ioctl. */
struct argument {
	unsigned int cmd;
	struct hf_uaccess_reader from;
	struct hf_uaccess_writer to;
};

/* ---- A command and its data ---- */

/* Who executes a command: the controller, or a disk. */
struct target {
	const struct hf_nvme *dev;
	struct gendisk *disk;		/* NULL: the controller */
};

static int execute(const struct target *to, struct nvme_command *given, struct nvme_segment_cslice data)
{
	struct nvme_command c = *given;
	int err;

	c.data = data;
	err = to->disk ? hf_nvme_execute(to->disk, &c) : nvme_execute(hf_ref(to->dev->ctrl), &c);
	given->status = c.status;
	given->result = c.result;
	return err;
}

/*
 * Execute a command with @len bytes at @user, in the direction that its opcode says.
 *
 * The device has a buffer of whole pages, as a command may be of more than @len.
 */
static int transfer(const struct target *to, struct nvme_command *c, void __user *user, u32 len)
{
	struct hf_device dma = to->dev->dma;
	struct nvme_segment segment[1] = { { .len = len } };

	if (!len)
		return execute(to, c, c->data);
	if (len > NVME_COMMAND_DATA)
		return -EINVAL;
	hf_let(u8_buffer, buffer, hf_try(hf_new_buffer(u8, round_up(len, NVME_PAGE_SIZE), GFP_KERNEL)));
	if (c->sqe.opcode & NVME_OPCODE_TO_DEVICE) {
		struct hf_uaccess_reader r = hf_uaccess_reader(user, len);

		hf_try_errno(hf_uaccess_read(&r, hf_try(hf_subslice(u8_buffer_slice(hf_mut(buffer)), 0, len))));
		hf_let(u8_to_device, lent, hf_try(u8_map_to_device(hf_move(buffer), &dma, NULL)));
		segment[0].addr = hf_dma_addr(lent);
		return execute(to, c, hf_slice(nvme_segment_cslice, segment));
	}
	hf_let(u8_from_device, lent, hf_try(u8_map_from_device(hf_move(buffer), &dma, NULL)));
	segment[0].addr = hf_dma_addr(lent);
	hf_try_errno(execute(to, c, hf_slice(nvme_segment_cslice, segment)));
	hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(lent)));
	struct hf_uaccess_writer w = hf_uaccess_writer(user, len);

	return hf_uaccess_write(&w, hf_try(hf_subslice(u8_buffer_cslice(hf_ref(back)), 0, len)));
}

/* Commands after which namespaces may be others (NVMe 1.4, 5.19, 5.20, 5.23, 5.24). */
static bool changes_namespaces(u8 opcode)
{
	return opcode == NVME_ADMIN_NS_MANAGEMENT || opcode == NVME_ADMIN_NS_ATTACHMENT ||
	       opcode == NVME_ADMIN_FORMAT || opcode == NVME_ADMIN_SANITIZE;
}

/*
 * The value of the ioctl: 0, or the status of the command, or an error.  @p was read from the user once, as it is checked:
 * what is read again may be another one.
 */
static int passthrough(const struct target *to, struct argument *a, struct hf_nvme_passthru p)
{
	const bool wide = a->cmd == NVME_IOCTL_ADMIN64_CMD || a->cmd == NVME_IOCTL_IO64_CMD;
	struct nvme_command c = {
		.sqe = {
			.opcode = p.opcode,
			.nsid = hf_le32(hf_accept_any(p.nsid)),
			.cdw2 = hf_le32(hf_accept_any(p.cdw2)), .cdw3 = hf_le32(hf_accept_any(p.cdw3)),
			.cdw10 = hf_le32(hf_accept_any(p.cdw10)), .cdw11 = hf_le32(hf_accept_any(p.cdw11)),
			.cdw12 = hf_le32(hf_accept_any(p.cdw12)), .cdw13 = hf_le32(hf_accept_any(p.cdw13)),
			.cdw14 = hf_le32(hf_accept_any(p.cdw14)), .cdw15 = hf_le32(hf_accept_any(p.cdw15)),
		},
		.timeout_ms = hf_accept_any(p.timeout_ms),
	};

	if (p.flags || !hf_equals(p.metadata_len, 0))
		return -EINVAL;
	hf_try_errno(transfer(to, &c, hf_try(hf_user_ptr(p.addr)), hf_accept_any(p.data_len)));
	if (!c.status && !to->disk && changes_namespaces(p.opcode))
		hf_try_errno(nvme_rescan(hf_ref(to->dev->ctrl)));
	if (!wide)
		p.result = c.result;
	hf_try_errno(hf_uaccess_write(&a->to, hf_bytes_of(hf_nvme_passthru, p)));
	if (wide)
		hf_try_errno(hf_uaccess_write_u64(&a->to, hf_accept_any(c.result)));
	return c.status;
}

/* The node's, for a namespace; and a disk's, for its own. */
static int passthrough_io(const struct hf_nvme *dev, const struct nvme_namespace *ns, struct argument *a)
{
	const struct hf_nvme_passthru p = hf_try(hf_uaccess_read_as(hf_nvme_passthru, &a->from));
	const u32 nsid = hf_accept_any(p.nsid);

	if (ns && ns->nsid != nsid)
		return -EINVAL;
	hf_let_arc(hf_nvme_gendisk, disk, hf_try(hf_nvme_disk_of(dev, nsid)));

	return passthrough(&(struct target){ .dev = dev, .disk = hf_ref_raw(disk) }, a, p);
}

static int submit_io(const struct hf_nvme *dev, const struct nvme_namespace *ns, struct argument *a)
{
	const struct hf_nvme_user_io io = hf_try(hf_uaccess_read_as(hf_nvme_user_io, &a->from));
	hf_let_arc(hf_nvme_gendisk, disk, hf_try(hf_nvme_disk_of(dev, ns->nsid)));
	const u64 slba = hf_accept_any(io.slba);
	const u32 nlb = hf_accept_any(io.nblocks);
	struct nvme_command c = {
		.sqe = {
			.opcode = io.opcode, .nsid = hf_le32(ns->nsid),
			.cdw10 = hf_le32((u32)slba), .cdw11 = hf_le32((u32)(slba >> 32)),
			.cdw12 = hf_le32(nlb | (u32)hf_accept_any(io.control) << 16),
			.cdw13 = hf_le32(hf_accept_any(io.dsmgmt)), .cdw14 = hf_le32(hf_accept_any(io.reftag)),
			.cdw15 = hf_le32(hf_accept_any(io.apptag) | (u32)hf_accept_any(io.appmask) << 16),
		},
	};

	if (io.flags || (io.opcode != NVME_IO_READ && io.opcode != NVME_IO_WRITE && io.opcode != NVME_IO_COMPARE))
		return -EINVAL;
	hf_try_errno(transfer(&(struct target){ .dev = dev, .disk = hf_ref_raw(disk) }, &c,
			      hf_try(hf_user_ptr(io.addr)), (nlb + 1) << ns->block_shift));
	return c.status;
}

/* @ns: the namespace of a disk; NULL: the node. */
static int serve(const struct hf_nvme *dev, const struct nvme_namespace *ns, struct argument *a)
{
	const struct target controller = { .dev = dev };

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	switch (a->cmd) {
	case NVME_IOCTL_ADMIN_CMD:
	case NVME_IOCTL_ADMIN64_CMD:
		return passthrough(&controller, a, hf_try(hf_uaccess_read_as(hf_nvme_passthru, &a->from)));
	case NVME_IOCTL_IO_CMD:
	case NVME_IOCTL_IO64_CMD:
		return passthrough_io(dev, ns, a);
	case NVME_IOCTL_SUBMIT_IO:
		return ns ? submit_io(dev, ns, a) : -ENOTTY;
	case NVME_IOCTL_RESET:
		return ns ? -ENOTTY : nvme_reset(hf_ref(dev->ctrl));
	case NVME_IOCTL_RESCAN:
		return ns ? -ENOTTY : nvme_rescan(hf_ref(dev->ctrl));
	default:
		return -ENOTTY;
	}
}

/* ---- The gate ---- */

static int gate_init(struct hf_nvme_gate *g, const struct hf_nvme *dev)
{
	return hf_nvme_bound_init(&g->bound, hf_arc_from(hf_nvme, dev));
}

struct hf_nvme_gate_arc_result hf_nvme_gate_new(const struct hf_nvme *dev)
{
	return hf_new_arc_with(hf_nvme_gate, GFP_KERNEL, gate_init, dev);
}

void hf_nvme_gate_destroy(struct hf_nvme_gate *g)
{
	hf_nvme_bound_fini(&g->bound);
}

void hf_nvme_gate_release(struct hf_nvme_gate *g)
{
	hf_free(g);
}

/* ---- The node of a controller ---- */

static struct hf_nvme_gate_arc_result node_open(const struct hf_nvme_gate *gate, const struct hf_file *how)
{
	return hf_ok(hf_nvme_gate_arc, hf_arc_from(hf_nvme_gate, gate));
}

static int node_ioctl(const struct hf_nvme_gate *gate, unsigned int cmd, const struct hf_ioctl_arg *arg,
		      const struct hf_file *how)
{
	struct argument a = { .cmd = cmd, .from = hf_ioctl_reader(arg), .to = hf_ioctl_writer(arg) };

	hf_access_else(dev, &gate->bound, return -ENODEV);
	return serve(dev, NULL, &a);
}

HF_FILE_OPS(hf_nvme_node, hf_nvme_gate_arc, .open = node_open, .ioctl = node_ioctl);

struct hf_nvme_node_own_result hf_nvme_add_node(const struct hf_nvme *dev, const struct hf_nvme_gate *gate)
{
	char name[32];

	snprintf(name, sizeof(name), "hfnvme%d", dev->id);
	return hf_node_register(hf_nvme_node, name, hf_arc_from(hf_nvme_gate, gate), GFP_KERNEL);
}

/* ---- A disk ---- */

void hf_nvme_entry_free(struct hf_nvme_entry *e)
{
	hf_nvme_gate_arc_drop(&e->gate);
	hf_free(e);
}

int hf_nvme_disk_ioctl(struct block_device *bdev, COMPAT_BLK_MODE mode, unsigned int cmd, unsigned long arg)
{
	const struct hf_nvme_entry *e = hf_foreign_ref(hf_nvme_entry_of, bdev->bd_disk);
	void __user *const user = hf_try(hf_user_ptr(hf_untrusted_u64(arg)));
	struct argument a = {
		.cmd = cmd,
		.from = hf_uaccess_reader(user, _IOC_SIZE(cmd)),
		.to = hf_uaccess_writer(user, _IOC_DIR(cmd) & _IOC_READ ? _IOC_SIZE(cmd) : 0),
	};

	hf_access_else(dev, &hf_ref(e->gate)->bound, return -ENODEV);
	return cmd == NVME_IOCTL_ID ? e->ns->nsid : serve(dev, e->ns, &a);
}
