/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The userspace back end of files: nodes that a test opens, and the calls that the kernel would make.
 */
#ifndef HOLDFAST_SYS_USER_FILE_H
#define HOLDFAST_SYS_USER_FILE_H

#include <linux/ioctl.h>
#include <sys/epoll.h>
#include <sys/types.h>

struct hf_file;
/** A poll() under way. */
struct hf_poll;

/* From the first to the second of these, a wake-up of any queue also wakes the queue that the first gives. */
struct hf_sys_waitq *hf_user_polls_begin_(void);
void hf_user_polls_end_(void);

/* Asks again when @q is woken. */
void hf_sys_poll_wait(struct hf_poll *p, struct hf_sys_waitq *q);

/** What serves the files of a node: file.h makes it. */
struct hf_sys_node_ops {
	int (*open)(const void *node, const struct hf_file *how, void **opened);
	void (*close)(void *opened);
	ssize_t (*read)(const void *opened, void __user *to, size_t n, const struct hf_file *how);
	ssize_t (*write)(const void *opened, const void __user *from, size_t n, const struct hf_file *how);
	int (*ioctl)(const void *opened, unsigned int cmd, void __user *arg, const struct hf_file *how);
	__poll_t (*poll)(const void *opened, struct hf_poll *poll);
};

struct hf_sys_node {
	struct hf_sys_node *next_;
	const char *text_;
	const struct hf_sys_node_ops *ops_;
	const void *ctx_;
};

int hf_sys_node_make(struct hf_sys_node *n, const char *text, const struct hf_sys_node_ops *ops, const void *ctx)
	__attribute__((warn_unused_result));
void hf_sys_node_remove(struct hf_sys_node *n);

#define HF_SYS_NODE_OPS_DEFINE_(name)							\
	static int name##_sys_open_(const void *node, const struct hf_file *how, void **opened) \
	{										\
		return name##_open_(node, how, opened);					\
	}										\
	static void name##_sys_close_(void *opened)					\
	{										\
		name##_close_(opened);							\
	}										\
	static ssize_t name##_sys_read_(const void *opened, void __user *to, size_t n, const struct hf_file *how) \
	{										\
		return name##_read_(opened, to, n, how);				\
	}										\
	static ssize_t name##_sys_write_(const void *opened, const void __user *from, size_t n, \
					 const struct hf_file *how)			\
	{										\
		return name##_write_(opened, from, n, how);				\
	}										\
	static int name##_sys_ioctl_(const void *opened, unsigned int cmd, void __user *arg,	\
				     const struct hf_file *how)				\
	{										\
		return name##_ioctl_(opened, cmd, arg, how);				\
	}										\
	static __poll_t name##_sys_poll_(const void *opened, struct hf_poll *poll)	\
	{										\
		return name##_poll_(opened, poll);					\
	}										\
	static const struct hf_sys_node_ops name##_sys_ops_ __attribute__((unused)) = {		\
		.open = name##_sys_open_,						\
		.close = name##_sys_close_,						\
		.read = name##_sys_read_,						\
		.write = name##_sys_write_,						\
		.ioctl = name##_sys_ioctl_,						\
		.poll = name##_sys_poll_,						\
	};

/* --- the calls of a process ----------------------------------------------------------------------
 *
 * As the kernel makes them, from any thread, several at once on one file.
 */

/** An open file. */
struct hf_user_file;

/**
 * hf_user_open() - open a node by its name.
 * @text: the name.
 * @flags: as of open(2): O_RDONLY, O_WRONLY or O_RDWR, and O_NONBLOCK.
 * @file: where the open file is put.
 *
 * Return: 0; -ENOENT if there is no such node; -ENOMEM; the error of the operation.
 */
int hf_user_open(const char *text, int flags, struct hf_user_file **file) __attribute__((warn_unused_result));
/** hf_user_close() - close a file, after all calls have returned. */
void hf_user_close(struct hf_user_file *file);
/** hf_user_read() - as read(2): the number of bytes, or a negative errno; -EBADF if it is not open for reading. */
ssize_t hf_user_read(struct hf_user_file *file, void *to, size_t n);
/** hf_user_write() - as write(2). */
ssize_t hf_user_write(struct hf_user_file *file, const void *from, size_t n);
/** hf_user_ioctl() - as ioctl(2). */
int hf_user_ioctl(struct hf_user_file *file, unsigned int cmd, void *arg);
/**
 * hf_user_poll() - as poll(2) of one file.
 * @file: the file.
 * @events: what is waited for, EPOLLIN and the like; EPOLLERR and EPOLLHUP always are.
 * @until_ns: when it ends, of hf_sys_now_ns(); HF_SYS_FOREVER for never.
 *
 * Return: those of @events that are possible; 0 at @until_ns.
 */
__poll_t hf_user_poll(struct hf_user_file *file, __poll_t events, u64 until_ns);

#endif
