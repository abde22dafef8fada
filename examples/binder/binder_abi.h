/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The interface of binder's device files, as the driver sees it: what a process writes is untrusted.  The layout and
 * the numbers are those of the kernel's include/uapi/linux/android/binder.h (7.3); older headers lack some of them.
 */
#ifndef EXAMPLES_BINDER_ABI_H
#define EXAMPLES_BINDER_ABI_H

#include <holdfast/cursor.h>

#define BINDER_PROTOCOL_VERSION	8u

/* ---- Objects in the data of a transaction ---- */

#define BINDER_TYPE(a, b, c)	((u32)(a) << 24 | (u32)(b) << 16 | (u32)(c) << 8 | 0x85u)
enum binder_type {
	BINDER_TYPE_BINDER = BINDER_TYPE('s', 'b', '*'),
	BINDER_TYPE_WEAK_BINDER = BINDER_TYPE('w', 'b', '*'),
	BINDER_TYPE_HANDLE = BINDER_TYPE('s', 'h', '*'),
	BINDER_TYPE_WEAK_HANDLE = BINDER_TYPE('w', 'h', '*'),
	BINDER_TYPE_FD = BINDER_TYPE('f', 'd', '*'),
	BINDER_TYPE_FDA = BINDER_TYPE('f', 'd', 'a'),
	BINDER_TYPE_PTR = BINDER_TYPE('p', 't', '*'),
};

enum { FLAT_BINDER_FLAG_ACCEPTS_FDS = 0x100 };

/* A node of the sender (@binder is its address there) or a handle; the driver exchanges one for the other. */
struct binder_flat {
	struct hf_untrusted_u32 type;
	struct hf_untrusted_u32 flags;
	struct hf_untrusted_u64 binder;		/* a handle is the first half */
	struct hf_untrusted_u64 cookie;
};
HF_WIRE_TYPE(binder_flat, struct binder_flat, HF_WIRE(type) HF_WIRE(flags) HF_WIRE(binder) HF_WIRE(cookie));

/*
 * Other objects begin as it does, and go on with more.
 *
 *	BINDER_TYPE_PTR	@binder is the address of bytes to be sent along, @cookie their number; binder_place follows:
 *			where their new address is written, if the flags say so
 *	BINDER_TYPE_FDA	@binder is the number of descriptors, @cookie the parent; the offset in it follows
 */
struct binder_place {
	struct hf_untrusted_u64 parent;		/* the index of an object that is a BINDER_TYPE_PTR */
	struct hf_untrusted_u64 parent_offset;	/* in the bytes of that */
};
HF_WIRE_TYPE(binder_place, struct binder_place, HF_WIRE(parent) HF_WIRE(parent_offset));

enum { BINDER_BUFFER_FLAG_HAS_PARENT = 0x01 };

/* What a descriptor is in such an object, in place of a handle. */
struct binder_fd {
	struct hf_untrusted_u32 fd;
};
HF_WIRE_TYPE(binder_fd, struct binder_fd, HF_WIRE(fd));

/* Where in the data an object is. */
struct binder_offset {
	struct hf_untrusted_u64 at;
};
HF_WIRE_TYPE(binder_offset, struct binder_offset, HF_WIRE(at));

/* ---- Transactions ---- */

enum { TF_ONE_WAY = 0x01, TF_ACCEPT_FDS = 0x10, TF_CLEAR_BUF = 0x20, TF_UPDATE_TXN = 0x40 };

struct binder_txn_data {
	struct hf_untrusted_u64 target;		/* written: a handle, the first half; read: the node's address */
	struct hf_untrusted_u64 cookie;
	struct hf_untrusted_u32 code;
	struct hf_untrusted_u32 flags;
	struct hf_untrusted_u32 sender_pid;
	struct hf_untrusted_u32 sender_euid;
	struct hf_untrusted_u64 data_size;
	struct hf_untrusted_u64 offsets_size;
	struct hf_untrusted_u64 data;
	struct hf_untrusted_u64 offsets;
};
HF_WIRE_TYPE(binder_txn_data, struct binder_txn_data,
	     HF_WIRE(target) HF_WIRE(cookie) HF_WIRE(code) HF_WIRE(flags) HF_WIRE(sender_pid) HF_WIRE(sender_euid)
	     HF_WIRE(data_size) HF_WIRE(offsets_size) HF_WIRE(data) HF_WIRE(offsets));

struct binder_txn_data_sg {
	struct binder_txn_data data;
	struct hf_untrusted_u64 buffers_size;
};

struct binder_txn_data_secctx {
	struct binder_txn_data data;
	struct hf_untrusted_u64 secctx;
};

struct binder_ptr_cookie {
	struct hf_untrusted_u64 ptr;
	struct hf_untrusted_u64 cookie;
};
HF_WIRE_TYPE(binder_ptr_cookie, struct binder_ptr_cookie, HF_WIRE(ptr) HF_WIRE(cookie));

struct binder_handle_cookie {
	struct hf_untrusted_u32 handle;
	struct hf_untrusted_u64 cookie;
} __attribute__((packed));
HF_WIRE_TYPE(binder_handle_cookie, struct binder_handle_cookie, HF_WIRE(handle) HF_WIRE(cookie));

struct binder_frozen_state_info {
	struct hf_untrusted_u64 cookie;
	struct hf_untrusted_u32 is_frozen;
	struct hf_untrusted_u32 reserved;
};
HF_WIRE_TYPE(binder_frozen_state_info, struct binder_frozen_state_info,
	     HF_WIRE(cookie) HF_WIRE(is_frozen) HF_WIRE(reserved));

/* ---- Arguments of ioctls ---- */

struct binder_write_read {
	struct hf_untrusted_u64 write_size;
	struct hf_untrusted_u64 write_consumed;
	struct hf_untrusted_u64 write_buffer;
	struct hf_untrusted_u64 read_size;
	struct hf_untrusted_u64 read_consumed;
	struct hf_untrusted_u64 read_buffer;
};
HF_WIRE_TYPE(binder_write_read, struct binder_write_read,
	     HF_WIRE(write_size) HF_WIRE(write_consumed) HF_WIRE(write_buffer)
	     HF_WIRE(read_size) HF_WIRE(read_consumed) HF_WIRE(read_buffer));

struct binder_node_debug_info {
	struct hf_untrusted_u64 ptr;
	struct hf_untrusted_u64 cookie;
	struct hf_untrusted_u32 has_strong_ref;
	struct hf_untrusted_u32 has_weak_ref;
};
HF_WIRE_TYPE(binder_node_debug_info, struct binder_node_debug_info,
	     HF_WIRE(ptr) HF_WIRE(cookie) HF_WIRE(has_strong_ref) HF_WIRE(has_weak_ref));

struct binder_node_info_for_ref {
	struct hf_untrusted_u32 handle;
	struct hf_untrusted_u32 strong_count;
	struct hf_untrusted_u32 weak_count;
	struct hf_untrusted_u32 reserved[3];
};
HF_WIRE_TYPE(binder_node_info_for_ref, struct binder_node_info_for_ref,
	     HF_WIRE(handle) HF_WIRE(strong_count) HF_WIRE(weak_count) HF_WIRE(reserved));

struct binder_freeze_info {
	struct hf_untrusted_u32 pid;
	struct hf_untrusted_u32 enable;
	struct hf_untrusted_u32 timeout_ms;
};
HF_WIRE_TYPE(binder_freeze_info, struct binder_freeze_info, HF_WIRE(pid) HF_WIRE(enable) HF_WIRE(timeout_ms));

struct binder_frozen_status_info {
	struct hf_untrusted_u32 pid;
	struct hf_untrusted_u32 sync_recv;	/* bit 0: somebody wanted to call it; bit 1: a transaction is outstanding */
	struct hf_untrusted_u32 async_recv;
};
HF_WIRE_TYPE(binder_frozen_status_info, struct binder_frozen_status_info,
	     HF_WIRE(pid) HF_WIRE(sync_recv) HF_WIRE(async_recv));

struct binder_extended_error {
	struct hf_untrusted_u32 id;
	struct hf_untrusted_u32 command;
	struct hf_untrusted_u32 param;		/* a negative errno */
};
HF_WIRE_TYPE(binder_extended_error, struct binder_extended_error, HF_WIRE(id) HF_WIRE(command) HF_WIRE(param));

#define BINDER_WRITE_READ		_IOWR('b', 1, struct binder_write_read)
#define BINDER_SET_IDLE_TIMEOUT		_IOW('b', 3, s64)
#define BINDER_SET_MAX_THREADS		_IOW('b', 5, u32)
#define BINDER_SET_IDLE_PRIORITY	_IOW('b', 6, s32)
#define BINDER_SET_CONTEXT_MGR		_IOW('b', 7, s32)
#define BINDER_THREAD_EXIT		_IOW('b', 8, s32)
#define BINDER_VERSION			_IOWR('b', 9, u32)
#define BINDER_GET_NODE_DEBUG_INFO	_IOWR('b', 11, struct binder_node_debug_info)
#define BINDER_GET_NODE_INFO_FOR_REF	_IOWR('b', 12, struct binder_node_info_for_ref)
#define BINDER_SET_CONTEXT_MGR_EXT	_IOW('b', 13, struct binder_flat)
#define BINDER_FREEZE			_IOW('b', 14, struct binder_freeze_info)
#define BINDER_GET_FROZEN_INFO		_IOWR('b', 15, struct binder_frozen_status_info)
#define BINDER_ENABLE_ONEWAY_SPAM_DETECTION	_IOW('b', 16, u32)
#define BINDER_GET_EXTENDED_ERROR	_IOWR('b', 17, struct binder_extended_error)

/* ---- What a process reads ---- */

#define BR_ERROR			_IOR('r', 0, s32)
#define BR_OK				_IO('r', 1)
#define BR_TRANSACTION			_IOR('r', 2, struct binder_txn_data)
#define BR_REPLY			_IOR('r', 3, struct binder_txn_data)
#define BR_DEAD_REPLY			_IO('r', 5)
#define BR_TRANSACTION_COMPLETE		_IO('r', 6)
#define BR_INCREFS			_IOR('r', 7, struct binder_ptr_cookie)
#define BR_ACQUIRE			_IOR('r', 8, struct binder_ptr_cookie)
#define BR_RELEASE			_IOR('r', 9, struct binder_ptr_cookie)
#define BR_DECREFS			_IOR('r', 10, struct binder_ptr_cookie)
#define BR_NOOP				_IO('r', 12)
#define BR_SPAWN_LOOPER			_IO('r', 13)
#define BR_DEAD_BINDER			_IOR('r', 15, u64)
#define BR_CLEAR_DEATH_NOTIFICATION_DONE	_IOR('r', 16, u64)
#define BR_FAILED_REPLY			_IO('r', 17)
#define BR_FROZEN_REPLY			_IO('r', 18)
#define BR_ONEWAY_SPAM_SUSPECT		_IO('r', 19)
#define BR_TRANSACTION_PENDING_FROZEN	_IO('r', 20)
#define BR_FROZEN_BINDER		_IOR('r', 21, struct binder_frozen_state_info)
#define BR_CLEAR_FREEZE_NOTIFICATION_DONE	_IOR('r', 22, u64)

/* ---- What a process writes ---- */

#define BC_TRANSACTION			_IOW('c', 0, struct binder_txn_data)
#define BC_REPLY			_IOW('c', 1, struct binder_txn_data)
#define BC_FREE_BUFFER			_IOW('c', 3, u64)
#define BC_INCREFS			_IOW('c', 4, u32)
#define BC_ACQUIRE			_IOW('c', 5, u32)
#define BC_RELEASE			_IOW('c', 6, u32)
#define BC_DECREFS			_IOW('c', 7, u32)
#define BC_INCREFS_DONE			_IOW('c', 8, struct binder_ptr_cookie)
#define BC_ACQUIRE_DONE			_IOW('c', 9, struct binder_ptr_cookie)
#define BC_REGISTER_LOOPER		_IO('c', 11)
#define BC_ENTER_LOOPER			_IO('c', 12)
#define BC_EXIT_LOOPER			_IO('c', 13)
#define BC_REQUEST_DEATH_NOTIFICATION	_IOW('c', 14, struct binder_handle_cookie)
#define BC_CLEAR_DEATH_NOTIFICATION	_IOW('c', 15, struct binder_handle_cookie)
#define BC_DEAD_BINDER_DONE		_IOW('c', 16, u64)
#define BC_TRANSACTION_SG		_IOW('c', 17, struct binder_txn_data_sg)
#define BC_REPLY_SG			_IOW('c', 18, struct binder_txn_data_sg)
#define BC_REQUEST_FREEZE_NOTIFICATION	_IOW('c', 19, struct binder_handle_cookie)
#define BC_CLEAR_FREEZE_NOTIFICATION	_IOW('c', 20, struct binder_handle_cookie)
#define BC_FREEZE_NOTIFICATION_DONE	_IOW('c', 21, u64)

#endif
