// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * nvme_spec.h beside the kernel's own include/linux/nvme.h: this builds only if both say the same, on each kernel that the
 * tests know.  Nothing in it is executed.
 *
 * Of names that both have, linux_… keeps the kernel's values, before nvme_spec.h hides them.
 */
#include <linux/module.h>
#include <linux/nvme.h>

#define SAME(X)											\
	X(NVME_REG_CAP) X(NVME_REG_VS) X(NVME_REG_INTMS) X(NVME_REG_INTMC) X(NVME_REG_CC)	\
	X(NVME_REG_CSTS) X(NVME_REG_NSSR) X(NVME_REG_AQA) X(NVME_REG_ASQ) X(NVME_REG_ACQ)	\
	X(NVME_REG_CMBLOC) X(NVME_REG_CRTO) X(NVME_CC_EN_SHIFT) X(NVME_CC_CSS_SHIFT)		\
	X(NVME_CC_MPS_SHIFT) X(NVME_CC_AMS_SHIFT) X(NVME_CC_SHN_SHIFT) X(NVME_CC_IOSQES_SHIFT)	\
	X(NVME_CC_IOCQES_SHIFT) X(NVME_CAP_CSS_NVM) X(NVME_CAP_CSS_CSI) X(NVME_CSI_NVM)		\
	X(NVME_NIDT_EUI64) X(NVME_NIDT_UUID) X(NVME_NIDT_CSI) X(NVME_FEAT_ARBITRATION)		\
	X(NVME_FEAT_NUM_QUEUES) X(NVME_LOG_ERROR) X(NVME_LOG_SMART) X(NVME_STATUS_MORE)		\
	X(NVME_STATUS_DNR) X(NVME_DSM_MAX_RANGES) X(NVME_SC_SUCCESS) X(NVME_SC_INVALID_OPCODE)	\
	X(NVME_SC_INVALID_FIELD) X(NVME_SC_POWER_LOSS) X(NVME_SC_INTERNAL) X(NVME_SC_LBA_RANGE)	\
	X(NVME_SC_CQ_INVALID) X(NVME_SC_QID_INVALID) X(NVME_SC_QUEUE_SIZE) X(NVME_SC_ABORT_LIMIT) \
	X(NVME_SC_ASYNC_LIMIT) X(NVME_SC_INVALID_VECTOR) X(NVME_SC_INVALID_LOG_PAGE)		\
	X(NVME_SC_READ_ONLY) X(NVME_SC_WRITE_FAULT) X(NVME_SC_READ_ERROR) X(NVME_SC_GUARD_CHECK)	\
	X(NVME_SC_APPTAG_CHECK) X(NVME_SC_REFTAG_CHECK) X(NVME_SC_COMPARE_FAILED)		\
	X(NVME_SC_ACCESS_DENIED)
/* These have a shift in the kernel's header. */
#define SHIFTED(X)										\
	X(NVME_CC_SHN_NONE) X(NVME_CC_SHN_NORMAL) X(NVME_CC_SHN_ABRUPT) X(NVME_CSTS_SHST_NORMAL)	\
	X(NVME_RW_FUA) X(NVME_RW_LR)

#define KEEP(name)	linux_##name = name,
enum { SAME(KEEP) SHIFTED(KEEP) linux_nsid_all = NVME_NSID_ALL };
#undef NVME_VS
#undef NVME_NSID_ALL
#undef NVME_DSM_MAX_RANGES

/* In C a name can be an enumerator once, and a structure once. */
#define NVME_SC_SUCCESS		our_success
#define NVME_SC_INVALID_OPCODE	our_invalid_opcode
#define NVME_SC_INVALID_FIELD	our_invalid_field
#define NVME_SC_POWER_LOSS	our_power_loss
#define NVME_SC_INTERNAL	our_internal
#define NVME_SC_LBA_RANGE	our_lba_range
#define NVME_SC_CQ_INVALID	our_cq_invalid
#define NVME_SC_QID_INVALID	our_qid_invalid
#define NVME_SC_QUEUE_SIZE	our_queue_size
#define NVME_SC_ABORT_LIMIT	our_abort_limit
#define NVME_SC_ASYNC_LIMIT	our_async_limit
#define NVME_SC_INVALID_VECTOR	our_invalid_vector
#define NVME_SC_INVALID_LOG_PAGE our_invalid_log_page
#define NVME_SC_READ_ONLY	our_read_only
#define NVME_SC_WRITE_FAULT	our_write_fault
#define NVME_SC_READ_ERROR	our_read_error
#define NVME_SC_GUARD_CHECK	our_guard_check
#define NVME_SC_APPTAG_CHECK	our_apptag_check
#define NVME_SC_REFTAG_CHECK	our_reftag_check
#define NVME_SC_COMPARE_FAILED	our_compare_failed
#define NVME_SC_ACCESS_DENIED	our_access_denied
#define nvme_admin_opcode	our_admin_opcode
#define nvme_dsm_range		our_dsm_range
#define nvme_id_ctrl		our_id_ctrl
#define nvme_id_ctrl_nvm	our_id_ctrl_nvm
#define nvme_id_ns		our_id_ns
#define nvme_lbaf		our_lbaf
#include "../../nvme_spec.h"
#undef nvme_dsm_range
#undef nvme_id_ctrl
#undef nvme_id_ctrl_nvm
#undef nvme_id_ns
#undef nvme_lbaf

#define IS(ours, theirs)	static_assert((u64)(ours) == (u64)(theirs));
#define CHECK(name)		IS(name, linux_##name)
SAME(CHECK)
IS(NVME_NSID_ALL, (u32)linux_nsid_all)

/* ---- The same numbers by other names ---- */

IS(NVME_REG_DOORBELLS, NVME_REG_DBS)
IS(NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_NONE), linux_NVME_CC_SHN_NONE)
IS(NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_NORMAL), linux_NVME_CC_SHN_NORMAL)
IS(NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_ABRUPT), linux_NVME_CC_SHN_ABRUPT)
IS(NVME_PUT(NVME_CC_IOSQES, NVME_SQE_SHIFT), NVME_CC_IOSQES)
IS(NVME_PUT(NVME_CC_IOCQES, NVME_CQE_SHIFT), NVME_CC_IOCQES)
IS(NVME_PUT(NVME_CSTS_RDY, 1u), NVME_CSTS_RDY)
IS(NVME_PUT(NVME_CSTS_CFS, 1u), NVME_CSTS_CFS)
IS(NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_NORMAL), linux_NVME_CSTS_SHST_NORMAL)
IS(NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_BUSY), NVME_CSTS_SHST_OCCUR)
IS(NVME_PUT(NVME_CSTS_SHST, NVME_CSTS_SHST_DONE), NVME_CSTS_SHST_CMPLT)
#define CAP_OF(name)	(NVME_PUT(name, ~0ull))
IS(NVME_FIELD(CAP_OF(NVME_CAP_MQES), NVME_CAP_MQES), NVME_CAP_MQES(CAP_OF(NVME_CAP_MQES)))
IS(NVME_FIELD(CAP_OF(NVME_CAP_TO), NVME_CAP_TO), NVME_CAP_TIMEOUT(CAP_OF(NVME_CAP_TO)))
IS(NVME_FIELD(CAP_OF(NVME_CAP_DSTRD), NVME_CAP_DSTRD), NVME_CAP_STRIDE(CAP_OF(NVME_CAP_DSTRD)))
IS(NVME_FIELD(CAP_OF(NVME_CAP_CSS), NVME_CAP_CSS), NVME_CAP_CSS(CAP_OF(NVME_CAP_CSS)))
IS(NVME_FIELD(CAP_OF(NVME_CAP_MPSMIN), NVME_CAP_MPSMIN), NVME_CAP_MPSMIN(CAP_OF(NVME_CAP_MPSMIN)))
IS(NVME_FIELD(CAP_OF(NVME_CAP_MPSMAX), NVME_CAP_MPSMAX), NVME_CAP_MPSMAX(CAP_OF(NVME_CAP_MPSMAX)))
IS(NVME_PUT(NVME_CAP_CRWMS, 1ull), NVME_CAP_CRMS_CRWMS)

IS(NVME_ADMIN_DELETE_SQ, nvme_admin_delete_sq)
IS(NVME_ADMIN_CREATE_SQ, nvme_admin_create_sq)
IS(NVME_ADMIN_GET_LOG_PAGE, nvme_admin_get_log_page)
IS(NVME_ADMIN_DELETE_CQ, nvme_admin_delete_cq)
IS(NVME_ADMIN_CREATE_CQ, nvme_admin_create_cq)
IS(NVME_ADMIN_IDENTIFY, nvme_admin_identify)
IS(NVME_ADMIN_ABORT, nvme_admin_abort_cmd)
IS(NVME_ADMIN_SET_FEATURES, nvme_admin_set_features)
IS(NVME_ADMIN_GET_FEATURES, nvme_admin_get_features)
IS(NVME_ADMIN_ASYNC_EVENT, nvme_admin_async_event)
IS(NVME_ADMIN_NS_MANAGEMENT, nvme_admin_ns_mgmt)
IS(NVME_ADMIN_NS_ATTACHMENT, nvme_admin_ns_attach)
IS(NVME_ADMIN_KEEP_ALIVE, nvme_admin_keep_alive)
IS(NVME_ADMIN_FORMAT, nvme_admin_format_nvm)
IS(NVME_ADMIN_SANITIZE, nvme_admin_sanitize_nvm)
IS(NVME_IO_FLUSH, nvme_cmd_flush)
IS(NVME_IO_WRITE, nvme_cmd_write)
IS(NVME_IO_READ, nvme_cmd_read)
IS(NVME_IO_COMPARE, nvme_cmd_compare)
IS(NVME_IO_WRITE_ZEROES, nvme_cmd_write_zeroes)
IS(NVME_IO_DSM, nvme_cmd_dsm)

IS(NVME_SC_CID_CONFLICT, NVME_SC_CMDID_CONFLICT)
IS(NVME_SC_DATA_TRANSFER, NVME_SC_DATA_XFER_ERROR)
IS(NVME_SC_ABORT_REQUESTED, NVME_SC_ABORT_REQ)
IS(NVME_SC_ABORT_SQ_DELETED, NVME_SC_ABORT_QUEUE)
IS(NVME_SC_INVALID_NAMESPACE, NVME_SC_INVALID_NS)
IS(NVME_SC_COMMAND_SEQUENCE, NVME_SC_CMD_SEQ_ERROR)
IS(NVME_SC_SGL_LENGTH, NVME_SC_SGL_INVALID_DATA)
IS(NVME_SC_SGL_TYPE, NVME_SC_SGL_INVALID_TYPE)
IS(NVME_SC_PRP_OFFSET, NVME_SC_PRP_INVALID_OFFSET)
IS(NVME_SC_WRITE_PROTECTED, NVME_SC_NS_WRITE_PROTECTED)
IS(NVME_SC_CAPACITY_EXCEEDED, NVME_SC_CAP_EXCEEDED)
IS(NVME_SC_NAMESPACE_NOT_READY, NVME_SC_NS_NOT_READY)
IS(NVME_SC_QUEUE_DELETION, NVME_SC_INVALID_QUEUE)
IS(NVME_SC_NOT_SAVEABLE, NVME_SC_FEATURE_NOT_SAVEABLE)
IS(NVME_SC_NOT_CHANGEABLE, NVME_SC_FEATURE_NOT_CHANGEABLE)
IS(NVME_SC_CONFLICTING_ATTRIBUTES, NVME_SC_BAD_ATTRIBUTES)
IS(NVME_SC_INVALID_PROTECTION, NVME_SC_INVALID_PI)
IS(NVME_SC_UNWRITTEN, NVME_SC_UNWRITTEN_BLOCK)

IS(NVME_QUEUE_PC, NVME_QUEUE_PHYS_CONTIG)
IS(NVME_CQ_IEN, NVME_CQ_IRQ_ENABLED)
IS(NVME_PUT(NVME_SQ_QPRIO, 3u), NVME_SQ_PRIO_LOW)
IS(NVME_FEAT_WRITE_CACHE, NVME_FEAT_VOLATILE_WC)
IS(NVME_FEAT_ASYNC_CONFIG, NVME_FEAT_ASYNC_EVENT)
IS(NVME_FEAT_POWER_TABLE, NVME_FEAT_AUTO_PST)
IS(NVME_FEAT_HOST_MEMORY, NVME_FEAT_HOST_MEM_BUF)
IS(NVME_HOST_MEMORY_ENABLE, NVME_HOST_MEM_ENABLE)
IS(NVME_HOST_MEMORY_RETURN, NVME_HOST_MEM_RETURN)
IS(NVME_POWER_IDLE, NVME_PS_FLAGS_NON_OP_STATE)
IS(NVME_ASYNC_NAMESPACES, NVME_AEN_CFG_NS_ATTR)
IS(NVME_EVENT_ERROR, NVME_AER_ERROR)
IS(NVME_EVENT_HEALTH, NVME_AER_SMART)
IS(NVME_EVENT_NOTICE, NVME_AER_NOTICE)
IS(NVME_EVENT_NAMESPACES, NVME_AER_NOTICE_NS_CHANGED)
IS(NVME_LOG_FIRMWARE, NVME_LOG_FW_SLOT)
IS(NVME_LOG_NAMESPACES, NVME_LOG_CHANGED_NS)
IS(NVME_CNS_NAMESPACE, NVME_ID_CNS_NS)
IS(NVME_CNS_CONTROLLER, NVME_ID_CNS_CTRL)
IS(NVME_CNS_ACTIVE_LIST, NVME_ID_CNS_NS_ACTIVE_LIST)
IS(NVME_CNS_DESCRIPTORS, NVME_ID_CNS_NS_DESC_LIST)
IS(NVME_CNS_COMMAND_SET, NVME_ID_CNS_CS_CTRL)
IS(NVME_NIDT_UUID_BYTES, NVME_NIDT_UUID_LEN)
IS(NVME_CSI_ZONED, NVME_CSI_ZNS)
IS(NVME_CNTRLTYPE_IO, NVME_CTRL_IO)
IS(NVME_ONCS_DSM, NVME_CTRL_ONCS_DSM)
IS(NVME_ONCS_WRITE_ZEROES, NVME_CTRL_ONCS_WRITE_ZEROES)
IS(NVME_VWC_PRESENT, NVME_CTRL_VWC_PRESENT)
IS(NVME_NSATTR_PROTECTED, NVME_NS_ATTR_RO)
IS(NVME_MASK_(NVME_DPS_TYPE), NVME_NS_DPS_PI_MASK)
IS(NVME_DPS_TYPE_3, NVME_NS_DPS_PI_TYPE3)
IS(NVME_MASK_(NVME_FLBAS_INDEX), NVME_NS_FLBAS_LBA_MASK)
IS(NVME_PUT(NVME_SQE_PSDT, NVME_SQE_PSDT_SGL), NVME_CMD_SGL_METABUF)

/* In the upper half of dword 12. */
IS(NVME_RW_FUA, (u32)linux_NVME_RW_FUA << 16)
IS(NVME_RW_LR, (u32)linux_NVME_RW_LR << 16)
IS(NVME_RW_PRACT, (u32)NVME_RW_PRINFO_PRACT << 16)
IS(NVME_RW_CHECK_GUARD, (u32)NVME_RW_PRINFO_PRCHK_GUARD << 16)
IS(NVME_RW_CHECK_REFERENCE, (u32)NVME_RW_PRINFO_PRCHK_REF << 16)
IS(NVME_DSM_IDR, NVME_DSMGMT_IDR)
IS(NVME_DSM_IDW, NVME_DSMGMT_IDW)
IS(NVME_DSM_AD, NVME_DSMGMT_AD)

/* ---- Structures ---- */

#define SIZE(ours, theirs)		IS(sizeof(struct ours), sizeof(struct theirs))
#define AT(ours, member, theirs, name)	IS(offsetof(struct ours, member), offsetof(struct theirs, name))
#define CTRL(member)			AT(our_id_ctrl, member, nvme_id_ctrl, member)
#define NS(member)			AT(our_id_ns, member, nvme_id_ns, member)
#define LIMITS(member)			AT(our_id_ctrl_nvm, member, nvme_id_ctrl_nvm, member)

SIZE(nvme_sqe, nvme_command)
AT(nvme_sqe, cid, nvme_common_command, command_id)
AT(nvme_sqe, nsid, nvme_common_command, nsid)
AT(nvme_sqe, mptr, nvme_common_command, metadata)
AT(nvme_sqe, prp1, nvme_common_command, dptr)
AT(nvme_sqe, cdw10, nvme_rw_command, slba)
AT(nvme_sqe, cdw12, nvme_rw_command, length)
AT(nvme_sqe, cdw14, nvme_rw_command, reftag)
AT(nvme_sqe, cdw10, nvme_identify, cns)
AT(nvme_sqe, cdw10, nvme_features, fid)
AT(nvme_sqe, cdw11, nvme_features, dword11)
AT(nvme_sqe, cdw15, nvme_features, dword15)
#define HALF(dword, shift, theirs, name)	\
	IS(offsetof(struct nvme_sqe, dword) + (shift) / 8, offsetof(struct theirs, name))
HALF(cdw10, NVME_QUEUE_QID_SHIFT, nvme_create_cq, cqid)
HALF(cdw10, NVME_QUEUE_QSIZE_SHIFT, nvme_create_cq, qsize)
HALF(cdw11, NVME_CQ_IV_SHIFT, nvme_create_cq, irq_vector)
HALF(cdw10, NVME_QUEUE_QID_SHIFT, nvme_create_sq, sqid)
HALF(cdw11, NVME_SQ_CQID_SHIFT, nvme_create_sq, cqid)
HALF(cdw10, NVME_QUEUE_QID_SHIFT, nvme_delete_queue, qid)
HALF(cdw10, NVME_ABORT_SQID_SHIFT, nvme_abort_cmd, sqid)
HALF(cdw10, NVME_ABORT_CID_SHIFT, nvme_abort_cmd, cid)
HALF(cdw10, NVME_LOG_LID_SHIFT, nvme_get_log_page_command, lid)
HALF(cdw10, NVME_LOG_NUMDL_SHIFT, nvme_get_log_page_command, numdl)
HALF(cdw11, NVME_IDENTIFY_CSI_SHIFT, nvme_identify, csi)
AT(nvme_sqe, cdw10, nvme_dsm_cmd, nr)
AT(nvme_sqe, cdw11, nvme_dsm_cmd, attributes)
SIZE(nvme_sgl, nvme_sgl_desc)
AT(nvme_sgl, len, nvme_sgl_desc, length)
AT(nvme_sgl, type, nvme_sgl_desc, type)
SIZE(nvme_cqe, nvme_completion)
AT(nvme_cqe, sqhd, nvme_completion, sq_head)
AT(nvme_cqe, sqid, nvme_completion, sq_id)
AT(nvme_cqe, cid, nvme_completion, command_id)
AT(nvme_cqe, status, nvme_completion, status)
SIZE(our_dsm_range, nvme_dsm_range)
AT(our_dsm_range, nlb, nvme_dsm_range, nlb)
AT(our_dsm_range, slba, nvme_dsm_range, slba)
SIZE(nvme_host_range, nvme_host_mem_buf_desc)
AT(nvme_host_range, pages, nvme_host_mem_buf_desc, size)
SIZE(nvme_power_state, nvme_id_power_state)
AT(nvme_power_state, flags, nvme_id_power_state, flags)
AT(nvme_power_state, enlat, nvme_id_power_state, entry_lat)
AT(nvme_power_state, exlat, nvme_id_power_state, exit_lat)
SIZE(our_lbaf, nvme_lbaf)
AT(our_lbaf, ms, nvme_lbaf, ms)
AT(our_lbaf, lbads, nvme_lbaf, ds)
SIZE(our_id_ctrl, nvme_id_ctrl)
CTRL(vid) CTRL(sn) CTRL(mn) CTRL(fr) CTRL(mdts) CTRL(cntlid) CTRL(ver) CTRL(rtd3e) CTRL(oaes) CTRL(ctratt) CTRL(cntrltype)
CTRL(oacs) CTRL(acl) CTRL(aerl) CTRL(npss) CTRL(apsta) CTRL(hmpre) CTRL(hmmin) CTRL(hmminds) CTRL(hmmaxd) CTRL(sqes)
CTRL(cqes) CTRL(maxcmd) CTRL(nn) CTRL(oncs) CTRL(fna) CTRL(vwc) CTRL(nwpc) CTRL(sgls) CTRL(subnqn) CTRL(psd)
SIZE(our_id_ctrl_nvm, nvme_id_ctrl_nvm)
LIMITS(vsl) LIMITS(wzsl) LIMITS(dmrl) LIMITS(dmrsl) LIMITS(dmsl)
SIZE(our_id_ns, nvme_id_ns)
NS(nsze) NS(ncap) NS(nsfeat) NS(nlbaf) NS(flbas) NS(dps) NS(dlfeat) NS(noiob) NS(npwg) NS(nows) NS(nsattr) NS(nguid) NS(eui64)
NS(lbaf)

MODULE_DESCRIPTION("A comparison of headers, made when this was built");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
