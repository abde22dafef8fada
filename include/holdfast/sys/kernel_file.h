/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The kernel back end of files: miscellaneous devices.
 */
#ifndef HOLDFAST_SYS_KERNEL_FILE_H
#define HOLDFAST_SYS_KERNEL_FILE_H

#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>

/** A poll() under way. */
struct hf_poll {
	struct file *file_;
	poll_table *table_;
};

#define hf_sys_poll_wait(p, q)	poll_wait((p)->file_, &(q)->q_, (p)->table_)

#define hf_sys_node_ops		file_operations

/* A node in /dev. */
struct hf_sys_node {
	struct miscdevice misc_;
	void *ctx_;
};

HF_SYS_INLINE __must_check int hf_sys_node_make(struct hf_sys_node *n, const char *text,
						const struct hf_sys_node_ops *ops, void *ctx)
{
	if (hf_kernel_alloc_fails())
		return -ENOMEM;
	n->ctx_ = ctx;
	n->misc_ = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR, .name = text, .fops = ops };
	return misc_register(&n->misc_);
}

/* misc_open() calls open() under the lock that is taken here: none is under way afterwards. */
HF_SYS_INLINE void hf_sys_node_remove(struct hf_sys_node *n)
{
	misc_deregister(&n->misc_);
}

#define HF_SYS_FILE_HOW_(f)								\
	((struct hf_file){ .nonblocking = (f)->f_flags & O_NONBLOCK,			\
			   .readable = (__force unsigned int)((f)->f_mode & FMODE_READ),	\
			   .writable = (__force unsigned int)((f)->f_mode & FMODE_WRITE) })

/* Functions of the types that the kernel calls, around those of file.h. */
#define HF_SYS_NODE_OPS_DEFINE_(name)							\
	static int name##_fops_open_(struct inode *inode, struct file *f)		\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
		struct miscdevice *misc = f->private_data;				\
		int err;								\
											\
		err = name##_open_(container_of(misc, struct hf_sys_node, misc_)->ctx_, &how, &f->private_data); \
		return err ? err : stream_open(inode, f);				\
	}										\
	static int name##_fops_release_(struct inode *inode, struct file *f)		\
	{										\
		name##_close_(f->private_data);						\
		return 0;								\
	}										\
	static ssize_t name##_fops_read_(struct file *f, char __user *to, size_t n, loff_t *at)	\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_read_(f->private_data, to, n, &how);			\
	}										\
	static ssize_t name##_fops_write_(struct file *f, const char __user *from, size_t n, loff_t *at) \
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_write_(f->private_data, from, n, &how);			\
	}										\
	static long name##_fops_ioctl_(struct file *f, unsigned int cmd, unsigned long arg)	\
	{										\
		const struct hf_file how = HF_SYS_FILE_HOW_(f);				\
											\
		return name##_ioctl_(f->private_data, cmd, (void __user *)arg, &how);	\
	}										\
	static __poll_t name##_fops_poll_(struct file *f, poll_table *table)		\
	{										\
		struct hf_poll poll = { .file_ = f, .table_ = table };			\
											\
		return name##_poll_(f->private_data, &poll);				\
	}										\
	static const struct file_operations name##_sys_ops_ __attribute__((unused)) = {		\
		.owner = THIS_MODULE,							\
		.open = name##_fops_open_,						\
		.release = name##_fops_release_,					\
		.read = name##_fops_read_,						\
		.write = name##_fops_write_,						\
		.unlocked_ioctl = name##_fops_ioctl_,					\
		.compat_ioctl = compat_ptr_ioctl,					\
		.poll = name##_fops_poll_,						\
	};

#endif
