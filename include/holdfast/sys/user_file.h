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
struct hf_vma;
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
	int (*mmap)(const void *opened, struct hf_vma *vma, const struct hf_file *how);
	void (*flush)(const void *opened);
};

struct hf_sys_node {
	struct hf_sys_node *next_;
	const char *text_;
	const struct hf_sys_node_ops *ops_;
	const void *ctx_;
};

int hf_sys_node_make(struct hf_sys_node *n, const char *text, const struct hf_sys_node_ops *ops, const void *ctx)
	__attribute__((__warn_unused_result__));
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
	static int name##_sys_mmap_(const void *opened, struct hf_vma *vma, const struct hf_file *how) \
	{										\
		return name##_mmap_(opened, vma, how);					\
	}										\
	static void name##_sys_flush_(const void *opened)				\
	{										\
		name##_flush_(opened);							\
	}										\
	static const struct hf_sys_node_ops name##_sys_ops_ __attribute__((__unused__)) = { \
		.open = name##_sys_open_,						\
		.close = name##_sys_close_,						\
		.read = name##_sys_read_,						\
		.write = name##_sys_write_,						\
		.ioctl = name##_sys_ioctl_,						\
		.poll = name##_sys_poll_,						\
		.mmap = name##_sys_mmap_,						\
		.flush = name##_sys_flush_,						\
	};

/* --- pages that processes map --------------------------------------------------------------------
 *
 * A file of memory, which the driver has mapped and each mmap() maps again.  It exists until the last of these
 * mappings ends.
 */
struct hf_sys_pages {
	u8 *cpu_;
	size_t len_;
	int fd_;
	struct hf_area *area_;	/* or those of it that begin at cpu_ */
};

int hf_sys_pages_make(struct hf_sys_pages *p, size_t size, gfp_t gfp) __attribute__((__warn_unused_result__));
void hf_sys_pages_free(struct hf_sys_pages *p);

/**
 * A part of the memory of a process.
 *
 * Its file is mapped whole for the driver, and for the process without any rights.  Pages that are needed it may read;
 * those that are taken back are holes of the file, without rights.
 */
struct hf_area {
	unsigned int refs_;
	pthread_mutex_t lock_;
	bool closed_;		/* the process has unmapped it */
	bool elsewhere_;	/* the mapping is in another process, which sees zeros where no page is */
	int prot_;
	u8 *user_;
	struct hf_sys_pages all_;
	struct hf_user_slot *slots_;
	struct hf_area *next_;
};

int hf_sys_area_make(struct hf_vma *v, u64 most, gfp_t gfp, struct hf_area **area)
	__attribute__((__warn_unused_result__));
void hf_sys_area_get(struct hf_area *area);
void hf_sys_area_put(struct hf_area *area);
int hf_sys_pages_need(struct hf_sys_pages *p, struct hf_area *area, u64 at, u64 n)
	__attribute__((__warn_unused_result__));
#define hf_sys_area_size(a)		((a)->all_.len_)
#define hf_sys_area_address(a)		((u64)(unsigned long)(a)->user_)
#define hf_sys_area_closed(a)		__atomic_load_n(&(a)->closed_, __ATOMIC_RELAXED)
#define hf_sys_pages_at(p, at, n)	((void)(n), (p)->cpu_ + (at))

/* They are not needed any more. */
void hf_user_pages_done_(struct hf_sys_pages *p);
/* The process has unmapped it, or mmap() fails. */
void hf_user_area_close_(struct hf_area *area);

/** hf_user_shrink() - take back all pages of areas that nobody needs, as if memory was short: how many they were. */
size_t hf_user_shrink(void);

/** A mmap() under way: the part of the process's memory that it makes. */
struct hf_vma {
	void *addr_;
	size_t size_;
	u64 offset_;
	int prot_;
	bool shared_;
	bool mapped_;
	int *fd_;	/* of a mapping that somebody else makes, from this */
	struct hf_area *area_;
};

#define hf_sys_vma_size(v)	((u64)(v)->size_)
#define hf_sys_vma_offset(v)	((v)->offset_)
#define hf_sys_vma_address(v)	((u64)(unsigned long)(v)->addr_)
#define hf_sys_vma_shared(v)	((v)->shared_)
bool hf_sys_vma_writes(const struct hf_vma *v);
bool hf_sys_vma_executes(const struct hf_vma *v);
int hf_sys_vma_map(struct hf_vma *v, const struct hf_sys_pages *p, bool writable)
	__attribute__((__warn_unused_result__));

/* After the barrier the compiler does not read @from again. */
static inline __attribute__((__always_inline__, __unused__)) void
hf_sys_copy_shared(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	__asm__ volatile("" : : "r"(to) : "memory");
}

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
int hf_user_open(const char *text, int flags, struct hf_user_file **file)
	__attribute__((__warn_unused_result__));
/** hf_user_set_nonblocking() - as fcntl(2) with O_NONBLOCK: for the calls that begin afterwards. */
void hf_user_set_nonblocking(struct hf_user_file *file, bool nonblocking);
/** hf_user_flush() - what close(2) of a descriptor does if the file has others. */
void hf_user_flush(struct hf_user_file *file);
/** hf_user_close() - close a file, after all calls have returned.  As in the kernel, a mapping keeps it open. */
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
/**
 * hf_user_mmap() - as mmap(2), at an address that the system chooses.
 * @file: the file.
 * @len: bytes; whole pages are mapped.
 * @prot: PROT_READ, PROT_WRITE, PROT_EXEC.
 * @flags: MAP_SHARED or MAP_PRIVATE.
 * @offset: where in what the driver maps; a multiple of the page size.
 * @addr: where the address is put.
 *
 * The mapping is real: a write through it is seen by the driver, and to one without PROT_WRITE it faults.  The
 * machine's mprotect(2) serves it, and makes it writable only if the driver allowed that; unlike in the kernel, it
 * makes it executable.  Memory that the operation left unmapped faults.
 *
 * Return: 0; -EINVAL, -EOVERFLOW or -ENOMEM of arguments that no driver sees; -EACCES if the file is not open so;
 * -ENODEV if the driver has no such operation; the error of the operation.
 */
int hf_user_mmap(struct hf_user_file *file, size_t len, int prot, int flags, u64 offset, void **addr)
	__attribute__((__warn_unused_result__));
/**
 * hf_user_mmap_at() - the same for a process that makes the mapping itself, at an address of its own.
 * @file: the file; the mapping does not keep it open.
 * @addr: where that process makes it.
 * @fd: where the descriptor is put of what it maps there, from @offset on; -1 if the operation mapped nothing.  It is
 *	open for writing only if the driver allowed that.  The caller closes it.
 * @area: where an area (pages.h) is put that it maps, for hf_user_munmap_at(); NULL if it is none.  Where no page of one is,
 *	the process sees zeros.
 */
int hf_user_mmap_at(struct hf_user_file *file, void *addr, size_t len, int prot, int flags, u64 offset, int *fd,
		    struct hf_area **area)
	__attribute__((__warn_unused_result__));
/** hf_user_munmap_at() - the process has unmapped an area. */
void hf_user_munmap_at(struct hf_area *area);
/** hf_user_munmap() - end the whole mapping at @addr.  The last one closes a file that was closed. */
void hf_user_munmap(void *addr);

/* --- the calls of other processes ----------------------------------------------------------------
 *
 * A server makes them: a thread of its own for each thread of theirs.
 */

/** A thread of another process. */
struct hf_user_task {
	pid_t pid_;
	bool signalled_;
	void (*sleeps_)(struct hf_user_task *t);
	pthread_mutex_t lock_;
	struct hf_sys_waitq *waits_;
};

/**
 * hf_user_task_init() - make a task.
 * @t: the task.
 * @pid: the process whose memory user memory is in its calls.  This process may trace it (ptrace(2)).
 * @sleeps: called before an interruptible wait sleeps: nothing wakes it before this returns, which does not sleep.
 *	NULL: nothing is.
 */
void hf_user_task_init(struct hf_user_task *t, pid_t pid, void (*sleeps)(struct hf_user_task *t));
/** hf_user_task_fini() - the end of a task that no thread makes calls for. */
void hf_user_task_fini(struct hf_user_task *t);
/** hf_user_task_enter() - from now on this thread makes calls for @t; NULL: for its own process. */
void hf_user_task_enter(struct hf_user_task *t);
/**
 * hf_user_task_signal() - a signal of the task is pending, or no longer is.
 *
 * While one is, interruptible and killable waits end with -EINTR, and hf_user_poll() ends with 0.
 */
void hf_user_task_signal(struct hf_user_task *t, bool pending);

void hf_user_task_waits_(struct hf_sys_waitq *q);
void hf_user_task_sleeps_(void);
bool hf_user_task_signalled_(void);

#endif
