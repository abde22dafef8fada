/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * NVM Express Base Specification 1.4: register offsets, bit fields, structures in memory, and
 * codes.
 *
 * This file has no policy. It is all that the driver and the controller model share.
 *
 * Multi-byte integers are struct hf_leNN, so that neither side can use one without conversion.
 * Single bytes that the controller writes (Identify data) are struct hf_untrusted_u8, so that the
 * driver cannot use one unchecked.
 *
 * NAME_SHIFT and NAME_WIDTH describe the bit field NAME. NVME_PUT() places a value in it,
 * NVME_FIELD() extracts it from a plain number, NVME_BITS() from an untrusted one.
 */
#ifndef EXAMPLES_NVME_SPEC_H
#define EXAMPLES_NVME_SPEC_H

#include <holdfast/num.h>

#define NVME_MASK_(NAME)	((1u << (NAME##_WIDTH - 1) << 1) - 1u)
#define NVME_PUT(NAME, value)	(((value) & NVME_MASK_(NAME)) << NAME##_SHIFT)
#define NVME_FIELD(word, NAME)	(((word) >> NAME##_SHIFT) & NVME_MASK_(NAME))
#define NVME_BITS(word, NAME)	hf_bits((word), NAME##_SHIFT, NAME##_WIDTH)

/* ---- Registers (NVMe 1.4, 3.1) ---- */

#define NVME_REG_CAP		0x00	/* 64 bits, controller capabilities */
#define NVME_REG_VS		0x08	/* version */
#define NVME_REG_INTMS		0x0c	/* interrupt mask set */
#define NVME_REG_INTMC		0x10	/* interrupt mask clear */
#define NVME_REG_CC		0x14	/* controller configuration */
#define NVME_REG_CSTS		0x1c	/* controller status */
#define NVME_REG_NSSR		0x20	/* NVM subsystem reset */
#define NVME_REG_AQA		0x24	/* admin queue attributes */
#define NVME_REG_ASQ		0x28	/* 64 bits, admin submission queue base */
#define NVME_REG_ACQ		0x30	/* 64 bits, admin completion queue base */
#define NVME_REG_CMBLOC		0x38	/* first of the optional registers */
#define NVME_REG_CMBSTS		0x58
#define NVME_REG_CRTO		0x68	/* ready time-outs, if CAP.CRMS says so; the last one in this file */
#define NVME_REG_DOORBELLS	0x1000

/* Doorbells (NVMe 1.4, 3.1.24, 3.1.25): two for each queue, (4 << CAP.DSTRD) bytes apart. */
#define NVME_DOORBELL_STRIDE(dstrd)	(4u << (dstrd))
#define NVME_REG_SQ_TAIL(qid, dstrd)	\
	(NVME_REG_DOORBELLS + (2u * (qid)) * NVME_DOORBELL_STRIDE(dstrd))
#define NVME_REG_CQ_HEAD(qid, dstrd)	\
	(NVME_REG_DOORBELLS + (2u * (qid) + 1u) * NVME_DOORBELL_STRIDE(dstrd))

/* CAP (3.1.1) */
#define NVME_CAP_MQES_SHIFT	0	/* entries in an I/O queue, 0's based */
#define NVME_CAP_MQES_WIDTH	16
#define NVME_CAP_CQR_SHIFT	16	/* queues must be contiguous */
#define NVME_CAP_CQR_WIDTH	1
#define NVME_CAP_AMS_SHIFT	17
#define NVME_CAP_AMS_WIDTH	2
#define NVME_CAP_TO_SHIFT	24	/* time to become ready or idle, in 500 ms */
#define NVME_CAP_TO_WIDTH	8
#define NVME_CAP_DSTRD_SHIFT	32
#define NVME_CAP_DSTRD_WIDTH	4
#define NVME_CAP_NSSRS_SHIFT	36
#define NVME_CAP_NSSRS_WIDTH	1
#define NVME_CAP_CSS_SHIFT	37	/* bit mask of command sets */
#define NVME_CAP_CSS_WIDTH	8
#define NVME_CAP_CSS_NVM	0x01u
#define NVME_CAP_CSS_CSI	0x40u	/* one or more command sets, and their Identify data */
#define NVME_CAP_MPSMIN_SHIFT	48	/* 2^(12 + n) bytes */
#define NVME_CAP_MPSMIN_WIDTH	4
#define NVME_CAP_MPSMAX_SHIFT	52
#define NVME_CAP_MPSMAX_WIDTH	4

/* Since 2.0 (as Linux's include/linux/nvme.h has it): CRTO.CRWMT is a time as CAP.TO, but longer. */
#define NVME_CAP_CRWMS_SHIFT	59
#define NVME_CAP_CRWMS_WIDTH	1
#define NVME_CRTO_CRWMT_SHIFT	0
#define NVME_CRTO_CRWMT_WIDTH	16

#define NVME_CAP_TO_UNIT_MS	500u
#define NVME_MPS_BASE_SHIFT	12	/* memory page size 0 is 4096 bytes */

/* VS (3.1.2) */
#define NVME_VS(major, minor, tertiary)	\
	(((u32)(major) << 16) | ((u32)(minor) << 8) | (u32)(tertiary))

/* CC (3.1.5) */
#define NVME_CC_EN_SHIFT	0
#define NVME_CC_EN_WIDTH	1
#define NVME_CC_CSS_SHIFT	4
#define NVME_CC_CSS_WIDTH	3
#define NVME_CC_MPS_SHIFT	7
#define NVME_CC_MPS_WIDTH	4
#define NVME_CC_AMS_SHIFT	11
#define NVME_CC_AMS_WIDTH	3
#define NVME_CC_SHN_SHIFT	14
#define NVME_CC_SHN_WIDTH	2
#define NVME_CC_SHN_NONE	0u
#define NVME_CC_SHN_NORMAL	1u
#define NVME_CC_SHN_ABRUPT	2u
#define NVME_CC_IOSQES_SHIFT	16	/* log2 of the entry size */
#define NVME_CC_IOSQES_WIDTH	4
#define NVME_CC_IOCQES_SHIFT	20
#define NVME_CC_IOCQES_WIDTH	4

/* CSTS (3.1.6) */
#define NVME_CSTS_RDY_SHIFT	0
#define NVME_CSTS_RDY_WIDTH	1
#define NVME_CSTS_CFS_SHIFT	1	/* fatal error, until a reset (9.5) */
#define NVME_CSTS_CFS_WIDTH	1
#define NVME_CSTS_SHST_SHIFT	2
#define NVME_CSTS_SHST_WIDTH	2
#define NVME_CSTS_SHST_NORMAL	0u
#define NVME_CSTS_SHST_BUSY	1u
#define NVME_CSTS_SHST_DONE	2u

/* AQA (3.1.8): entries of the admin queues, 0's based */
#define NVME_AQA_ASQS_SHIFT	0
#define NVME_AQA_ASQS_WIDTH	12
#define NVME_AQA_ACQS_SHIFT	16
#define NVME_AQA_ACQS_WIDTH	12

/* ---- Submission entry (NVMe 1.4, 4.2) ---- */

/* An SGL descriptor (4.4). */
struct nvme_sgl {
	struct hf_le64 addr;
	struct hf_le32 len;
	u8 rsvd12[3];
	u8 type;		/* type 7:4, subtype 3:0; 0: a data block, by its address */
};

struct nvme_sqe {
	u8 opcode;
	u8 flags;		/* NVME_SQE_FUSE, NVME_SQE_PSDT */
	struct hf_le16 cid;
	struct hf_le32 nsid;
	struct hf_le32 cdw2;
	struct hf_le32 cdw3;
	struct hf_le64 mptr;
	union {
		struct {
			struct hf_le64 prp1;
			struct hf_le64 prp2;
		};
		struct nvme_sgl sgl;
	};
	struct hf_le32 cdw10;
	struct hf_le32 cdw11;
	struct hf_le32 cdw12;
	struct hf_le32 cdw13;
	struct hf_le32 cdw14;
	struct hf_le32 cdw15;
};

#define NVME_SQE_SHIFT		6	/* CC.IOSQES for the entry above */
#define NVME_SQE_FUSE_SHIFT	0
#define NVME_SQE_FUSE_WIDTH	2
#define NVME_SQE_PSDT_SHIFT	6
#define NVME_SQE_PSDT_WIDTH	2
#define NVME_SQE_PSDT_PRP	0u
#define NVME_SQE_PSDT_SGL	1u	/* and MPTR, if used, is an address */

_Static_assert(sizeof(struct nvme_sqe) == 1u << NVME_SQE_SHIFT, "NVMe 1.4, 4.2");
_Static_assert(__builtin_offsetof(struct nvme_sqe, prp1) == 24, "NVMe 1.4, 4.2");
_Static_assert(__builtin_offsetof(struct nvme_sqe, sgl) == 24, "NVMe 1.4, 4.2");
_Static_assert(sizeof(struct nvme_sgl) == 16, "NVMe 1.4, 4.4");
_Static_assert(__builtin_offsetof(struct nvme_sqe, cdw10) == 40, "NVMe 1.4, 4.2");

/* ---- Completion entry (NVMe 1.4, 4.6) ---- */

/*
 * The phase tag is in the last dword, with the command identifier and the status. Read that dword
 * by one acquire load. The other three are valid only if the tag is the expected one, and are read
 * later.
 */
struct nvme_cqe {
	union {
		struct hf_le32 dw[4];
		struct {
			struct hf_le32 result;
			struct hf_le32 rsvd1;
			struct hf_le16 sqhd;
			struct hf_le16 sqid;
			struct hf_le16 cid;
			struct hf_le16 status;	/* bit 0 is the phase tag */
		};
	};
};

#define NVME_CQE_SHIFT		4	/* CC.IOCQES for the entry above */
#define NVME_CQE_DW_PHASE	3	/* the dword that makes the entry valid */

/* Within dword 2 and dword 3. */
#define NVME_CQE_SQHD_SHIFT	0
#define NVME_CQE_SQHD_WIDTH	16
#define NVME_CQE_SQID_SHIFT	16
#define NVME_CQE_SQID_WIDTH	16
#define NVME_CQE_CID_SHIFT	0
#define NVME_CQE_CID_WIDTH	16
#define NVME_CQE_PHASE_SHIFT	16
#define NVME_CQE_PHASE_WIDTH	1
#define NVME_CQE_STATUS_SHIFT	17
#define NVME_CQE_STATUS_WIDTH	15

_Static_assert(sizeof(struct nvme_cqe) == 1u << NVME_CQE_SHIFT, "NVMe 1.4, 4.6");
_Static_assert(__builtin_offsetof(struct nvme_cqe, sqhd) == 8, "NVMe 1.4, 4.6");
_Static_assert(__builtin_offsetof(struct nvme_cqe, cid) == 12, "NVMe 1.4, 4.6");

/* ---- Status (NVMe 1.4, 4.6.1): the field without the phase tag ---- */

#define NVME_STATUS_SC_SHIFT	0
#define NVME_STATUS_SC_WIDTH	8
#define NVME_STATUS_SCT_SHIFT	8
#define NVME_STATUS_SCT_WIDTH	3
#define NVME_STATUS_CRD_SHIFT	11
#define NVME_STATUS_CRD_WIDTH	2
#define NVME_STATUS_MORE	0x2000u
#define NVME_STATUS_DNR		0x4000u	/* the same command would fail again */
#define NVME_STATUS_CODE	0x07ffu	/* SCT and SC: what enum nvme_status lists */

#define NVME_SCT_GENERIC	0u
#define NVME_SCT_COMMAND	1u
#define NVME_SCT_MEDIA		2u
#define NVME_SCT_PATH		3u
#define NVME_SCT_VENDOR		7u	/* 4 to 6 are reserved */

enum nvme_status {
	/* generic (4.6.1.2.1) */
	NVME_SC_SUCCESS			= 0x000,
	NVME_SC_INVALID_OPCODE		= 0x001,
	NVME_SC_INVALID_FIELD		= 0x002,
	NVME_SC_CID_CONFLICT		= 0x003,
	NVME_SC_DATA_TRANSFER		= 0x004,
	NVME_SC_POWER_LOSS		= 0x005,
	NVME_SC_INTERNAL		= 0x006,
	NVME_SC_ABORT_REQUESTED		= 0x007,
	NVME_SC_ABORT_SQ_DELETED	= 0x008,
	NVME_SC_INVALID_NAMESPACE	= 0x00b,
	NVME_SC_COMMAND_SEQUENCE	= 0x00c,
	NVME_SC_SGL_LENGTH		= 0x00f,
	NVME_SC_SGL_TYPE		= 0x011,
	NVME_SC_PRP_OFFSET		= 0x013,
	NVME_SC_LBA_RANGE		= 0x080,
	NVME_SC_CAPACITY_EXCEEDED	= 0x081,
	NVME_SC_NAMESPACE_NOT_READY	= 0x082,
	/* command specific (4.6.1.2.2) */
	NVME_SC_CQ_INVALID		= 0x100,
	NVME_SC_QID_INVALID		= 0x101,
	NVME_SC_QUEUE_SIZE		= 0x102,
	NVME_SC_ABORT_LIMIT		= 0x103,
	NVME_SC_ASYNC_LIMIT		= 0x105,
	NVME_SC_INVALID_VECTOR		= 0x108,
	NVME_SC_INVALID_LOG_PAGE	= 0x109,
	NVME_SC_QUEUE_DELETION		= 0x10c,
	NVME_SC_NOT_SAVEABLE		= 0x10d,
	NVME_SC_NOT_CHANGEABLE		= 0x10e,
	NVME_SC_CONFLICTING_ATTRIBUTES	= 0x180,
	NVME_SC_READ_ONLY		= 0x182,
	/* media and data integrity (4.6.1.2.3) */
	NVME_SC_WRITE_FAULT		= 0x280,
	NVME_SC_READ_ERROR		= 0x281,
	NVME_SC_COMPARE_FAILED		= 0x285,
	NVME_SC_ACCESS_DENIED		= 0x286,
	NVME_SC_UNWRITTEN		= 0x287,
};

/* ---- Opcodes (NVMe 1.4, 5 and 6) ---- */

enum nvme_admin_opcode {
	NVME_ADMIN_DELETE_SQ		= 0x00,
	NVME_ADMIN_CREATE_SQ		= 0x01,
	NVME_ADMIN_GET_LOG_PAGE		= 0x02,
	NVME_ADMIN_DELETE_CQ		= 0x04,
	NVME_ADMIN_CREATE_CQ		= 0x05,
	NVME_ADMIN_IDENTIFY		= 0x06,
	NVME_ADMIN_ABORT		= 0x08,
	NVME_ADMIN_SET_FEATURES		= 0x09,
	NVME_ADMIN_GET_FEATURES		= 0x0a,
	NVME_ADMIN_ASYNC_EVENT		= 0x0c,
	NVME_ADMIN_NS_MANAGEMENT	= 0x0d,
	NVME_ADMIN_NS_ATTACHMENT	= 0x15,
	NVME_ADMIN_KEEP_ALIVE		= 0x18,
	NVME_ADMIN_FORMAT		= 0x80,
	NVME_ADMIN_SANITIZE		= 0x84,
};

/* In all opcodes: the data goes to the controller. */
#define NVME_OPCODE_TO_DEVICE	0x01u

enum nvme_io_opcode {
	NVME_IO_FLUSH			= 0x00,
	NVME_IO_WRITE			= 0x01,
	NVME_IO_READ			= 0x02,
	NVME_IO_COMPARE			= 0x05,
	NVME_IO_WRITE_ZEROES		= 0x08,
	NVME_IO_DSM			= 0x09,
};

#define NVME_NSID_NONE		0u
#define NVME_NSID_ALL		0xffffffffu

/* Create and Delete I/O queues (5.3 to 5.6) */
#define NVME_QUEUE_QID_SHIFT	0	/* cdw10 */
#define NVME_QUEUE_QID_WIDTH	16
#define NVME_QUEUE_QSIZE_SHIFT	16	/* 0's based */
#define NVME_QUEUE_QSIZE_WIDTH	16
#define NVME_QUEUE_PC		0x1u	/* cdw11: physically contiguous */
#define NVME_CQ_IEN		0x2u	/* cdw11 of a completion queue: interrupts enabled */
#define NVME_CQ_IV_SHIFT	16
#define NVME_CQ_IV_WIDTH	16
#define NVME_SQ_QPRIO_SHIFT	1	/* cdw11 of a submission queue */
#define NVME_SQ_QPRIO_WIDTH	2
#define NVME_SQ_CQID_SHIFT	16
#define NVME_SQ_CQID_WIDTH	16

/* Abort (5.1) */
#define NVME_ABORT_SQID_SHIFT	0	/* cdw10 */
#define NVME_ABORT_SQID_WIDTH	16
#define NVME_ABORT_CID_SHIFT	16
#define NVME_ABORT_CID_WIDTH	16
#define NVME_ABORT_NOT_ABORTED	0x1u	/* dword 0 of the completion */

/* Set and Get Features (5.21, 5.13) */
#define NVME_FEAT_ARBITRATION	0x01u
#define NVME_FEAT_WRITE_CACHE	0x06u	/* cdw11 bit 0: enabled */
#define NVME_FEAT_NUM_QUEUES	0x07u
#define NVME_FEAT_ASYNC_CONFIG	0x0bu
#define NVME_FEAT_FID_SHIFT	0	/* cdw10 */
#define NVME_FEAT_FID_WIDTH	8
#define NVME_FEAT_SAVE		0x80000000u
#define NVME_FEAT_NSQ_SHIFT	0	/* cdw11 and dword 0 of the completion, 0's based */
#define NVME_FEAT_NSQ_WIDTH	16
#define NVME_FEAT_NCQ_SHIFT	16
#define NVME_FEAT_NCQ_WIDTH	16

/* Get Log Page (5.14) */
/* Asynchronous Event Configuration: cdw11 (5.21.1.11); bits of OAES where they are optional (5.15.2.2) */
#define NVME_ASYNC_HEALTH	0x1fu	/* critical warnings */
#define NVME_ASYNC_NAMESPACES	0x100u

/* Asynchronous events: dword 0 of the completion (5.2.1) */
#define NVME_EVENT_TYPE_SHIFT	0
#define NVME_EVENT_TYPE_WIDTH	3
#define NVME_EVENT_INFO_SHIFT	8
#define NVME_EVENT_INFO_WIDTH	8
#define NVME_EVENT_LID_SHIFT	16
#define NVME_EVENT_LID_WIDTH	8
#define NVME_EVENT_ERROR	0u	/* types */
#define NVME_EVENT_HEALTH	1u
#define NVME_EVENT_NOTICE	2u
#define NVME_EVENT_NAMESPACES	0u	/* information of a notice: namespaces changed */

#define NVME_LOG_ERROR		0x01u
#define NVME_LOG_SMART		0x02u
#define NVME_LOG_FIRMWARE	0x03u
#define NVME_LOG_NAMESPACES	0x04u	/* those that changed */
#define NVME_LOG_SMART_SIZE	512u
#define NVME_LOG_LID_SHIFT	0	/* cdw10 */
#define NVME_LOG_LID_WIDTH	8
#define NVME_LOG_RAE		0x8000u	/* cdw10: its events are not told again yet */
#define NVME_LOG_NUMDL_SHIFT	16	/* dwords, 0's based; upper half in cdw11 */
#define NVME_LOG_NUMDL_WIDTH	16

/* Identify (5.15) */
#define NVME_IDENTIFY_SIZE	4096u
#define NVME_IDENTIFY_CNS_SHIFT	0	/* cdw10 */
#define NVME_IDENTIFY_CNS_WIDTH	8
#define NVME_CNS_NAMESPACE	0x00u
#define NVME_CNS_CONTROLLER	0x01u
#define NVME_CNS_ACTIVE_LIST	0x02u
#define NVME_CNS_DESCRIPTORS	0x03u	/* of a namespace; from 1.3 on */
#define NVME_CNS_COMMAND_SET	0x06u	/* the controller's limits of one; CSI in cdw11 */
#define NVME_IDENTIFY_CSI_SHIFT	24	/* cdw11 */
#define NVME_IDENTIFY_CSI_WIDTH	8

/*
 * Namespace identification descriptors: a type, a length, two reserved bytes, and so many bytes of
 * value; a length of 0 ends the list.
 */
#define NVME_NIDT_EUI64		0x01u
#define NVME_NIDT_UUID		0x03u
#define NVME_NIDT_UUID_BYTES	16u
#define NVME_NIDT_CSI		0x04u	/* the command set of the namespace, in a byte */
#define NVME_CSI_NVM		0x00u
#define NVME_CSI_ZONED		0x02u

/* Read, Write, Write Zeroes (6.9, 6.15, 6.17): cdw10 and 11 hold the first block, cdw12 the rest */
#define NVME_RW_NLB_SHIFT	0	/* 0's based */
#define NVME_RW_NLB_WIDTH	16
#define NVME_RW_DEAC		0x02000000u	/* Write Zeroes may deallocate */
#define NVME_RW_FUA		0x40000000u
#define NVME_RW_LR		0x80000000u

/* Dataset Management (6.7) */
#define NVME_DSM_NR_SHIFT	0	/* cdw10, 0's based */
#define NVME_DSM_NR_WIDTH	8
#define NVME_DSM_IDR		0x1u	/* cdw11 */
#define NVME_DSM_IDW		0x2u
#define NVME_DSM_AD		0x4u	/* deallocate */
#define NVME_DSM_MAX_RANGES	256u

struct nvme_dsm_range {
	struct hf_le32 attributes;
	struct hf_le32 nlb;		/* a plain count, not 0's based */
	struct hf_le64 slba;
};

_Static_assert(sizeof(struct nvme_dsm_range) == 16, "NVMe 1.4, 6.7");

/* PRPs (4.3) */
#define NVME_PRP_BYTES		8u	/* of one entry in a list */

/* ---- Identify Controller (NVMe 1.4, 5.15.2.2) ---- */

struct nvme_id_ctrl {
	struct hf_le16 vid;
	struct hf_le16 ssvid;
	struct hf_untrusted_u8 sn[20];	/* ASCII, padded with spaces, not terminated */
	struct hf_untrusted_u8 mn[40];
	struct hf_untrusted_u8 fr[8];
	struct hf_untrusted_u8 rab;
	struct hf_untrusted_u8 ieee[3];
	struct hf_untrusted_u8 cmic;
	struct hf_untrusted_u8 mdts;	/* 2^n pages of CAP.MPSMIN; 0: no limit */
	struct hf_le16 cntlid;
	struct hf_le32 ver;
	struct hf_le32 rtd3r;
	struct hf_le32 rtd3e;		/* how long a shutdown takes, in microseconds; 0: not said */
	struct hf_le32 oaes;
	struct hf_le32 ctratt;
	struct hf_untrusted_u8 rsvd100[11];
	struct hf_untrusted_u8 cntrltype;
	struct hf_untrusted_u8 rsvd112[144];
	struct hf_le16 oacs;
	struct hf_untrusted_u8 acl;	/* concurrent Aborts, 0's based */
	struct hf_untrusted_u8 aerl;	/* outstanding event requests, 0's based */
	struct hf_untrusted_u8 frmw;
	struct hf_untrusted_u8 lpa;
	struct hf_untrusted_u8 elpe;
	struct hf_untrusted_u8 npss;
	struct hf_untrusted_u8 rsvd264[248];
	struct hf_untrusted_u8 sqes;	/* log2 of entry sizes: required 3:0, largest 7:4 */
	struct hf_untrusted_u8 cqes;
	struct hf_le16 maxcmd;
	struct hf_le32 nn;		/* namespaces */
	struct hf_le16 oncs;
	struct hf_le16 fuses;
	struct hf_untrusted_u8 fna;
	struct hf_untrusted_u8 vwc;
	struct hf_le16 awun;
	struct hf_le16 awupf;
	struct hf_untrusted_u8 nvscc;
	struct hf_untrusted_u8 nwpc;
	struct hf_le16 acwu;
	struct hf_untrusted_u8 rsvd534[2];
	struct hf_le32 sgls;
	struct hf_le32 mnan;
	struct hf_untrusted_u8 rsvd544[224];
	struct hf_untrusted_u8 subnqn[256];
	struct hf_untrusted_u8 rsvd1024[1024];
	struct hf_untrusted_u8 psd[32][32];
	struct hf_untrusted_u8 vendor[1024];
};

#define NVME_SQES_MIN_SHIFT	0
#define NVME_SQES_MIN_WIDTH	4
#define NVME_SQES_MAX_SHIFT	4
#define NVME_SQES_MAX_WIDTH	4
#define NVME_CNTRLTYPE_IO	1u
#define NVME_ONCS_DSM		0x0004u
#define NVME_ONCS_WRITE_ZEROES	0x0008u
#define NVME_SGLS_SHIFT		0	/* whether commands of the NVM set may use SGLs */
#define NVME_SGLS_WIDTH		2
#define NVME_SGLS_BYTES		1u	/* data blocks at any address */
#define NVME_SGLS_DWORDS	2u	/* data blocks with 4-byte alignment and length */
#define NVME_VWC_PRESENT	0x01u
#define NVME_VWC_FLUSH_ALL	0x06u	/* Flush supports NVME_NSID_ALL */

_Static_assert(sizeof(struct nvme_id_ctrl) == NVME_IDENTIFY_SIZE, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, mdts) == 77, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, oaes) == 92, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, cntrltype) == 111, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, oacs) == 256, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, sqes) == 512, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, nn) == 516, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, vwc) == 525, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, sgls) == 536, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, subnqn) == 768, "NVMe 1.4, 5.15.2.2");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl, psd) == 2048, "NVMe 1.4, 5.15.2.2");

/* ---- Identify, limits of the NVM command set (as Linux's include/linux/nvme.h has it) ---- */

/* 0: no limit. */
struct nvme_id_ctrl_nvm {
	struct hf_untrusted_u8 vsl;
	struct hf_untrusted_u8 wzsl;	/* of Write Zeroes: 2^n pages of CAP.MPSMIN */
	struct hf_untrusted_u8 wusl;
	struct hf_untrusted_u8 dmrl;	/* ranges of a Dataset Management */
	struct hf_le32 dmrsl;		/* blocks of one of them */
	struct hf_le64 dmsl;		/* blocks of all of them */
	struct hf_untrusted_u8 rsvd16[4080];
};

_Static_assert(sizeof(struct nvme_id_ctrl_nvm) == NVME_IDENTIFY_SIZE, "a page");
_Static_assert(__builtin_offsetof(struct nvme_id_ctrl_nvm, dmsl) == 8, "Linux's nvme.h");

/* ---- Identify Namespace (NVMe 1.4, 5.15.2.1) ---- */

struct nvme_lbaf {
	struct hf_le16 ms;		/* metadata bytes of a block */
	struct hf_untrusted_u8 lbads;	/* log2 of the block size; less than 9 is not supported */
	struct hf_untrusted_u8 rp;
};

#define NVME_LBAFS		16u

struct nvme_id_ns {
	struct hf_le64 nsze;		/* blocks */
	struct hf_le64 ncap;
	struct hf_le64 nuse;
	struct hf_untrusted_u8 nsfeat;
	struct hf_untrusted_u8 nlbaf;	/* formats, 0's based */
	struct hf_untrusted_u8 flbas;	/* the format in use: 3:0 */
	struct hf_untrusted_u8 mc;
	struct hf_untrusted_u8 dpc;
	struct hf_untrusted_u8 dps;
	struct hf_untrusted_u8 nmic;
	struct hf_untrusted_u8 rescap;
	struct hf_untrusted_u8 fpi;
	struct hf_untrusted_u8 dlfeat;
	struct hf_le16 nawun;
	struct hf_le16 nawupf;
	struct hf_le16 nacwu;
	struct hf_le16 nabsn;
	struct hf_le16 nabo;
	struct hf_le16 nabspf;
	struct hf_le16 noiob;
	struct hf_untrusted_u8 nvmcap[16];
	struct hf_le16 npwg;
	struct hf_le16 npwa;
	struct hf_le16 npdg;
	struct hf_le16 npda;
	struct hf_le16 nows;
	struct hf_untrusted_u8 rsvd74[30];
	struct hf_untrusted_u8 nguid[16];
	struct hf_untrusted_u8 eui64[8];
	struct nvme_lbaf lbaf[NVME_LBAFS];
	struct hf_untrusted_u8 rsvd192[192];
	struct hf_untrusted_u8 vendor[3712];
};

#define NVME_FLBAS_INDEX_SHIFT	0
#define NVME_FLBAS_INDEX_WIDTH	4
#define NVME_LBADS_MIN		9u
#define NVME_DLFEAT_READS_ZERO	0x01u	/* a deallocated block reads as zeroes */
#define NVME_DLFEAT_DEAC	0x08u	/* Write Zeroes supports NVME_RW_DEAC */

_Static_assert(sizeof(struct nvme_id_ns) == NVME_IDENTIFY_SIZE, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, nlbaf) == 25, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, dlfeat) == 33, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, nvmcap) == 48, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, nguid) == 104, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, lbaf) == 128, "NVMe 1.4, 5.15.2.1");
_Static_assert(__builtin_offsetof(struct nvme_id_ns, vendor) == 384, "NVMe 1.4, 5.15.2.1");

#endif /* EXAMPLES_NVME_SPEC_H */
