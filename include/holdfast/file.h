/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Character devices whose open files own their data.
 *
 * The bug, three times in ten lines:
 *
 *	static ssize_t edu_read(struct file *file, char __user *to, size_t n, loff_t *at)
 *	{
 *		struct edu *edu = file->private_data;	// or the miscdevice?  Freed, if the device was removed?
 *
 *		if (copy_to_user(to, edu->result, edu->len))	// more than n bytes
 *			return -EFAULT;
 *		return edu->len;				// and says so
 *	}
 *
 * Here an open file owns what open() made, of a type of its own, and a transfer counts itself:
 *
 *	HF_FILE_DEFINE(edu_node, edu_arc, session_own);
 *
 *	static struct session_own_result edu_open(const struct edu *edu, const struct hf_file *file);
 *	static int edu_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *file)
 *	{
 *		return hf_uaccess_write(to, hf_const(s->result));
 *	}
 *
 *	HF_FILE_OPS(edu_node, session_own, .open = edu_open, .read = edu_read);
 *
 *	hf_let(edu_node, node, hf_try(hf_node_register(edu_node, "edu", hf_clone(edu), GFP_KERNEL)));
 *
 * The node in /dev is an owner (own.h), which has a reference to the device.  Its drop removes the node; files that
 * are open stay open, each with its own data.  What they need of the device is a reference that open() took
 * (hf_arc_from()), and what of it may be gone is revocable (revocable.h).
 *
 * Several threads may be in calls of one file at once, so its data is lent as `const T *`, and what changes in it
 * has a lock.  Its owner is dropped when the file is closed and nobody is inside.
 *
 * Rust: MiscDevice, MiscDeviceRegistration, File, Kiocb, PollTable.
 */
#ifndef HOLDFAST_FILE_H
#define HOLDFAST_FILE_H

#include <holdfast/cursor.h>
#include <holdfast/own.h>
#include <holdfast/wait.h>

/** How a file was opened. */
struct hf_file {
	bool nonblocking;	/**< O_NONBLOCK, now: give -EAGAIN instead of waiting */
	bool readable;		/**< it was opened for reading */
	bool writable;		/**< it was opened for writing */
};

/** The argument of an ioctl: user memory, of the size and in the direction that its command says. */
struct hf_ioctl_arg {
	unsigned int cmd_;
	void __user *ptr_;
};

/** hf_ioctl_reader() - read the argument; it has no bytes if the command writes none (_IOR, _IO). */
HF_INLINE struct hf_uaccess_reader hf_ioctl_reader(const struct hf_ioctl_arg *arg)
{
	return hf_uaccess_reader(arg->ptr_, _IOC_DIR(arg->cmd_) & _IOC_WRITE ? _IOC_SIZE(arg->cmd_) : 0);
}

/** hf_ioctl_writer() - write the argument; it has room for nothing if the command reads none (_IOW, _IO). */
HF_INLINE struct hf_uaccess_writer hf_ioctl_writer(const struct hf_ioctl_arg *arg)
{
	return hf_uaccess_writer(arg->ptr_, _IOC_DIR(arg->cmd_) & _IOC_READ ? _IOC_SIZE(arg->cmd_) : 0);
}

/**
 * hf_poll_wait() - have a poll() asked again when a condition variable is notified.
 * @poll: what the operation was given.
 * @cv: pointer to the condition variable.  It lives until the file is closed; hf_cond_fini() before is a violation (pin).
 *
 * Before the condition is looked at, or a notification between both is missed.  Context: may sleep.
 */
#define hf_poll_wait(poll, cv)	hf_sys_poll_wait((poll), &HF_CONDVAR_(cv)->q)

/* The longest name of a node, with its end. */
#define HF_NODE_NAME_SIZE_	64

/**
 * HF_FILE_DEFINE() - make `struct name`, a node in /dev, its owner, and `struct name_ops`.
 * @name: names the types and functions.
 * @device: what the node owns, without `struct`: edu_arc.  D is what that owns.
 * @file: what an open file owns, without `struct`: session_own.  F is what that owns.
 *
 * The operations; each may sleep, and each but open may be left out:
 *
 *	struct file_result open(const D *, const struct hf_file *)
 *		makes what the new file owns, or gives the error of open(2)
 *	int read(const F *, struct hf_uaccess_writer *, const struct hf_file *)
 *		writes to the memory of the caller.  0: what was written is the value of read(2), and nothing is
 *		the end of the file.  An error is the value of read(2), whatever was written before it: to keep
 *		what a stream gave, return 0 after the first byte
 *	int write(const F *, struct hf_uaccess_reader *, const struct hf_file *)
 *		reads from the memory of the caller.  0: what was read is the value of write(2); or an error, as
 *		above
 *	int ioctl(const F *, unsigned int cmd, const struct hf_ioctl_arg *, const struct hf_file *)
 *		the value of ioctl(2), 0 or above; or an error: -ENOTTY for a command that it does not know
 *	__poll_t poll(const F *, struct hf_poll *)
 *		hf_poll_wait() for each condition variable; then what is possible now: EPOLLIN and the like
 *	int mmap(const F *, struct hf_vma *, const struct hf_file *)
 *		0 after it has mapped pages of the driver's (pages.h), or an error.  The memory of the process is
 *		locked meanwhile (mmap_lock): neither user memory may be accessed here, nor while a lock is held
 *		that is taken here
 *	void flush(const F *)
 *		a descriptor of the file is closed, of several perhaps; others may be inside, and wait
 *
 * Also makes what HF_OWN_DEFINE(name, struct name, ...) makes.  The drop removes the node, waits for an open() that is
 * under way, drops the device's handle and frees the memory.  It sleeps.
 */
#define HF_FILE_DEFINE(name, device, file)						\
	struct name {									\
		struct device data_;							\
		char text_[HF_NODE_NAME_SIZE_];						\
		struct hf_sys_node node_;						\
	};										\
	struct name##_ops {								\
		struct file##_result (*open)(HF_LENT_SHARED_(device) device, const struct hf_file *how);	\
		int (*read)(HF_LENT_SHARED_(file) file, struct hf_uaccess_writer *to, const struct hf_file *how); \
		int (*write)(HF_LENT_SHARED_(file) file, struct hf_uaccess_reader *from,	\
			     const struct hf_file *how);				\
		int (*ioctl)(HF_LENT_SHARED_(file) file, unsigned int cmd, const struct hf_ioctl_arg *arg, \
			     const struct hf_file *how);				\
		__poll_t (*poll)(HF_LENT_SHARED_(file) file, struct hf_poll *poll);	\
		int (*mmap)(HF_LENT_SHARED_(file) file, struct hf_vma *vma, const struct hf_file *how); \
		void (*flush)(HF_LENT_SHARED_(file) file);				\
	};										\
	HF_INLINE void name##_remove_(struct name *n)					\
	{										\
		hf_sys_node_remove(&n->node_);						\
		device##_drop(&n->data_);						\
		hf_sys_free(n);								\
	}										\
	HF_SLEEPING_OWN_DEFINE_(name, struct name, name##_remove_);			\
	HF_INLINE struct name##_own_result						\
	name##_register_(const struct hf_sys_node_ops *ops, const char *text, struct device data, gfp_t gfp) HF_SLEEPS \
	{										\
		struct name *n = hf_sys_alloc(sizeof(*n), gfp);				\
		int err = n ? 0 : HF_CALLER_ERROR_(-ENOMEM);				\
											\
		if (!err && !hf_copy_name_(n->text_, sizeof(n->text_), text))		\
			err = HF_CALLER_ERROR_(-ENAMETOOLONG);				\
		if (!err) {								\
			/* It may be opened before the request returns. */		\
			n->data_.own.ptr_ = data.own.ptr_;				\
			err = hf_sys_node_make(&n->node_, n->text_, ops, n);		\
		}									\
		if (err) {								\
			device##_drop(&data);						\
			hf_sys_free(n);							\
			return name##_own_new_((void *)(long)err);			\
		}									\
		return name##_own_new_(n);						\
	}										\
	struct name

/* The value of read(2) and write(2). */
HF_INLINE ssize_t hf_transferred_(size_t asked, size_t left, int err, const struct hf_violation *no_errno)
{
	return err ? hf_errno_check_(err, no_errno) : (ssize_t)(asked - left);
}

/* What the system calls, with the `void *` of the node or of the open file. */
#define HF_FILE_CALLS_(name, file)							\
	HF_INLINE int name##_open_(const void *node, const struct hf_file *how, void **opened) \
	{										\
		struct file##_result r = name##_ops_.open(((const struct name *)node)->data_.own.ptr_, how); \
											\
		if (hf_is_ok(r))							\
			*opened = r.val_.own.ptr_;					\
		return hf_errno(r);							\
	}										\
	HF_INLINE void name##_close_(void *opened)					\
	{										\
		struct file owner = { .own = { .ptr_ = opened } };			\
											\
		file##_drop(&owner);							\
	}										\
	HF_INLINE ssize_t name##_read_(const void *opened, void __user *to, size_t n, const struct hf_file *how) \
	{										\
		struct hf_uaccess_writer w = hf_uaccess_writer(to, n);			\
		const int err = name##_ops_.read ? name##_ops_.read(opened, &w, how) : -EINVAL;	\
											\
		return hf_transferred_(n, hf_remaining(&w), err, HF_SITE(HF_UNWRAP, #name ".read gave no negative errno")); \
	}										\
	HF_INLINE ssize_t name##_write_(const void *opened, const void __user *from, size_t n, \
					const struct hf_file *how)			\
	{										\
		struct hf_uaccess_reader r = hf_uaccess_reader(from, n);		\
		const int err = name##_ops_.write ? name##_ops_.write(opened, &r, how) : -EINVAL; \
											\
		return hf_transferred_(n, hf_remaining(&r), err, HF_SITE(HF_UNWRAP, #name ".write gave no negative errno")); \
	}										\
	HF_INLINE int name##_ioctl_(const void *opened, unsigned int cmd, void __user *to, \
				    const struct hf_file *how)				\
	{										\
		const struct hf_ioctl_arg arg = { .cmd_ = cmd, .ptr_ = to };		\
											\
		return name##_ops_.ioctl ? name##_ops_.ioctl(opened, cmd, &arg, how) : -ENOTTY; \
	}										\
	HF_INLINE __poll_t name##_poll_(const void *opened, struct hf_poll *poll)	\
	{										\
		return name##_ops_.poll ? name##_ops_.poll(opened, poll)		\
			: (__force __poll_t)(EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM); \
	}										\
	HF_INLINE int name##_mmap_(const void *opened, struct hf_vma *vma, const struct hf_file *how) \
	{										\
		const int err = name##_ops_.mmap ? name##_ops_.mmap(opened, vma, how) : -ENODEV; \
											\
		/* The kernel would give a positive number to the process, as an address. */ \
		return err ? hf_errno_check_(err, HF_SITE(HF_UNWRAP, #name ".mmap gave no negative errno")) : 0; \
	}										\
	HF_INLINE void name##_flush_(const void *opened)				\
	{										\
		if (name##_ops_.flush)							\
			name##_ops_.flush(opened);					\
	}

/**
 * HF_FILE_OPS() - say which functions serve the files of a node.
 * @name: as in HF_FILE_DEFINE().
 * @file: as in HF_FILE_DEFINE().
 *
 * The other arguments initialise a `struct name_ops`: `.open = edu_open, .read = edu_read`.  Once, at file scope,
 * behind the functions and before hf_node_register().
 */
#define HF_FILE_OPS(name, file, ...)							\
	_Pragma("GCC diagnostic push")							\
	_Pragma("GCC diagnostic error \"-Wincompatible-pointer-types\"")			\
	static const struct name##_ops name##_ops_ = { __VA_ARGS__ };			\
	_Pragma("GCC diagnostic pop")							\
	HF_FILE_CALLS_(name, file)							\
	HF_SYS_NODE_OPS_DEFINE_(name)							\
	struct name

/**
 * hf_node_register() - put a node into /dev.
 * @name: as in HF_FILE_DEFINE().
 * @text: its name there, of at most 63 bytes; copied.
 * @data: the handle of the device, which moves into the node.  On failure it is dropped.
 * @gfp: how the memory of the node may be obtained.
 *
 * It may be opened before this returns.  Only root may open it, unless a udev rule says else.
 *
 * Return: a `struct name_own_result`; -ENOMEM; -ENAMETOOLONG; -EEXIST if there is one of that name; what else the
 * kernel's misc_register() gives.
 * Context: sleeps.  Rust: MiscDeviceRegistration::register.
 */
#define hf_node_register(name, text, data, gfp)	name##_register_(&name##_sys_ops_, (text), (data), (gfp))

#endif
