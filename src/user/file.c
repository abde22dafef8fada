// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Nodes, and the calls of the processes that open them. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <holdfast/file.h>

/* --- nodes -------------------------------------------------------------------------------------- */

/* As in the kernel, open() runs under the lock that makes and removes nodes. */
static struct {
	pthread_mutex_t lock;
	struct hf_sys_node *first;
} nodes = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The link to the node of that name, or to the end.  With the lock held. */
static struct hf_sys_node **find(const char *text)
{
	struct hf_sys_node **link = &nodes.first;

	while (*link && strcmp((*link)->text_, text) != 0)
		link = &(*link)->next_;
	return link;
}

int hf_sys_node_make(struct hf_sys_node *n, const char *text, const struct hf_sys_node_ops *ops, const void *ctx)
{
	struct hf_sys_node **link;
	int err = 0;

	*n = (struct hf_sys_node){ .text_ = text, .ops_ = ops, .ctx_ = ctx };
	pthread_mutex_lock(&nodes.lock);
	link = find(text);
	if (*link)
		err = -EEXIST;
	else
		*link = n;
	pthread_mutex_unlock(&nodes.lock);
	return err;
}

void hf_sys_node_remove(struct hf_sys_node *n)
{
	pthread_mutex_lock(&nodes.lock);
	*find(n->text_) = n->next_;
	pthread_mutex_unlock(&nodes.lock);
}

/* --- files -------------------------------------------------------------------------------------- */

struct hf_user_file {
	const struct hf_sys_node_ops *ops;
	struct hf_file how;
	bool nonblocking;	/* now; while others call */
	void *opened;
	unsigned int users;	/* who opened it, and each mapping */
};

static struct hf_file how_now(const struct hf_user_file *f)
{
	struct hf_file how = f->how;

	how.nonblocking = __atomic_load_n(&f->nonblocking, __ATOMIC_RELAXED);
	return how;
}

static void put(struct hf_user_file *f)
{
	if (__atomic_fetch_sub(&f->users, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	f->ops->close(f->opened);
	free(f);
}

int hf_user_open(const char *text, int flags, struct hf_user_file **file)
{
	const int mode = flags & O_ACCMODE;
	struct hf_user_file *f = calloc(1, sizeof(*f));
	const struct hf_sys_node *n;
	int err = -ENOENT;

	if (!f)
		return -ENOMEM;
	f->users = 1;
	f->how = (struct hf_file){
		.nonblocking = (flags & O_NONBLOCK) != 0,
		.readable = mode != O_WRONLY,
		.writable = mode != O_RDONLY,
	};
	f->nonblocking = f->how.nonblocking;
	pthread_mutex_lock(&nodes.lock);
	n = *find(text);
	if (n) {
		f->ops = n->ops_;
		err = f->ops->open(n->ctx_, &f->how, &f->opened);
	}
	pthread_mutex_unlock(&nodes.lock);
	if (err) {
		free(f);
		return err;
	}
	*file = f;
	return 0;
}

void hf_user_set_nonblocking(struct hf_user_file *file, bool nonblocking)
{
	__atomic_store_n(&file->nonblocking, nonblocking, __ATOMIC_RELAXED);
}

void hf_user_flush(struct hf_user_file *file)
{
	file->ops->flush(file->opened);
}

void hf_user_close(struct hf_user_file *file)
{
	hf_user_flush(file);
	put(file);
}

ssize_t hf_user_read(struct hf_user_file *file, void *to, size_t n)
{
	const struct hf_file how = how_now(file);

	return how.readable ? file->ops->read(file->opened, to, n, &how) : -EBADF;
}

ssize_t hf_user_write(struct hf_user_file *file, const void *from, size_t n)
{
	const struct hf_file how = how_now(file);

	return how.writable ? file->ops->write(file->opened, from, n, &how) : -EBADF;
}

int hf_user_ioctl(struct hf_user_file *file, unsigned int cmd, void *arg)
{
	const struct hf_file how = how_now(file);

	return file->ops->ioctl(file->opened, cmd, arg, &how);
}

/* --- mmap --------------------------------------------------------------------------------------- */

struct mapping {
	struct mapping *next;
	struct hf_user_file *file;
	struct hf_area *area;
	void *addr;
	size_t size;
};

static struct {
	pthread_mutex_t lock;
	struct mapping *first;
} mappings = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool hf_sys_vma_writes(const struct hf_vma *v)
{
	return (v->prot_ & PROT_WRITE) != 0;
}

bool hf_sys_vma_executes(const struct hf_vma *v)
{
	return (v->prot_ & PROT_EXEC) != 0;
}

int hf_sys_vma_map(struct hf_vma *v, const struct hf_sys_pages *p, bool writable)
{
	char path[32];
	void *addr;
	int fd;

	if (v->mapped_)
		return -EBUSY;
	if (hf_user_alloc_fails_())
		return -ENOMEM;
	/* A mapping of what is open only for reading is one that mprotect() cannot make writable. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->fd_);
	fd = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (v->fd_) {
		*v->fd_ = fd;
		v->mapped_ = true;
		return 0;
	}
	addr = mmap(v->addr_, v->size_, v->prot_, MAP_SHARED | MAP_FIXED, fd, (off_t)v->offset_);
	close(fd);
	v->mapped_ = addr != MAP_FAILED;
	return v->mapped_ ? 0 : -ENOMEM;
}

/* What the kernel refuses before it asks the driver.  Rounds *@len up to whole pages. */
static int may_map(const struct hf_user_file *file, size_t *len, int prot, int flags, u64 offset)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (offset % page || !*len)
		return -EINVAL;
	*len = (*len + page - 1) / page * page;
	if (!*len)
		return -ENOMEM;
	if (offset / page > (ULONG_MAX - *len) / page)
		return -EOVERFLOW;
	if (flags != MAP_SHARED && flags != MAP_PRIVATE)
		return -EINVAL;
	if (!file->how.readable || (flags == MAP_SHARED && (prot & PROT_WRITE) && !file->how.writable))
		return -EACCES;
	return 0;
}

static struct hf_vma vma_of(const struct hf_user_file *file, void *addr, size_t len, int prot, int flags, u64 offset)
{
	return (struct hf_vma){
		.addr_ = addr,
		.size_ = len,
		.offset_ = offset,
		.prot_ = prot,
		.shared_ = flags == MAP_SHARED && file->how.writable,
	};
}

int hf_user_mmap_at(struct hf_user_file *file, void *addr, size_t len, int prot, int flags, u64 offset, int *fd,
		    struct hf_area **area)
{
	struct hf_vma v;
	int err = may_map(file, &len, prot, flags, offset);

	if (err)
		return err;
	*fd = -1;
	*area = NULL;
	v = vma_of(file, addr, len, prot, flags, offset);
	v.fd_ = fd;
	err = file->ops->mmap(file->opened, &v, &file->how);
	if (err && v.mapped_) {
		close(*fd);
		*fd = -1;
	}
	if (err && v.area_)
		hf_user_area_close_(v.area_);
	else
		*area = v.area_;
	return err;
}

void hf_user_munmap_at(struct hf_area *area)
{
	hf_user_area_close_(area);
}

int hf_user_mmap(struct hf_user_file *file, size_t len, int prot, int flags, u64 offset, void **addr)
{
	struct mapping *m;
	struct hf_vma v;
	int err = may_map(file, &len, prot, flags, offset);

	if (err)
		return err;
	m = malloc(sizeof(*m));
	/* The address is known before anything is there. */
	v = vma_of(file, mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), len, prot, flags,
		   offset);
	if (!m || v.addr_ == MAP_FAILED)
		err = -ENOMEM;
	else
		err = file->ops->mmap(file->opened, &v, &file->how);
	if (err) {
		if (v.area_)
			hf_user_area_close_(v.area_);
		if (v.addr_ != MAP_FAILED)
			munmap(v.addr_, len);
		free(m);
		return err;
	}
	__atomic_fetch_add(&file->users, 1, __ATOMIC_RELAXED);
	*m = (struct mapping){ .file = file, .area = v.area_, .addr = v.addr_, .size = len };
	pthread_mutex_lock(&mappings.lock);
	m->next = mappings.first;
	mappings.first = m;
	pthread_mutex_unlock(&mappings.lock);
	*addr = v.addr_;
	return 0;
}

void hf_user_munmap(void *addr)
{
	struct mapping **link, *m;

	pthread_mutex_lock(&mappings.lock);
	for (link = &mappings.first; *link && (*link)->addr != addr; link = &(*link)->next)
		;
	m = *link;
	if (m)
		*link = m->next;
	pthread_mutex_unlock(&mappings.lock);
	if (!m)
		abort();
	if (m->area)
		hf_user_area_close_(m->area);
	munmap(m->addr, m->size);
	put(m->file);
	free(m);
}

/* --- poll --------------------------------------------------------------------------------------- */

#define MAX_QUEUES	8

/* The queues that may change the answer, and how often each had been woken when it was named. */
struct hf_poll {
	struct hf_sys_waitq *queue[MAX_QUEUES];
	unsigned int seen[MAX_QUEUES];
	unsigned int n;
};

void hf_sys_poll_wait(struct hf_poll *p, struct hf_sys_waitq *q)
{
	if (p->n == MAX_QUEUES)
		abort();
	__atomic_fetch_add(&q->polls_, 1, __ATOMIC_RELAXED);
	p->queue[p->n] = q;
	p->seen[p->n++] = __atomic_load_n(&q->wakeups_, __ATOMIC_ACQUIRE);
}

static void forget(const struct hf_poll *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		__atomic_fetch_sub(&p->queue[i]->polls_, 1, __ATOMIC_RELEASE);
}

static bool woken(const struct hf_poll *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (__atomic_load_n(&p->queue[i]->wakeups_, __ATOMIC_ACQUIRE) != p->seen[i])
			return true;
	return false;
}

__poll_t hf_user_poll(struct hf_user_file *file, __poll_t events, u64 until_ns)
{
	struct hf_sys_waitq *const polls = hf_user_polls_begin_();
	bool last;
	__poll_t got;
	int err = 0;

	do {
		struct hf_poll poll = { .n = 0 };

		got = file->ops->poll(file->opened, &poll) & (events | EPOLLERR | EPOLLHUP);
		last = err || hf_user_task_signalled_();
		while (!got && !woken(&poll) && !err && !hf_user_task_signalled_()) {
			struct hf_sys_waiter w;

			hf_sys_wait_begin(polls, &w, HF_UNINTERRUPTIBLE);
			err = hf_sys_wait_sleep(polls, &w, woken(&poll) || hf_user_task_signalled_() ? 0 : until_ns,
						HF_UNINTERRUPTIBLE);
			if (woken(&poll))
				err = 0;
		}
		forget(&poll);
	} while (!got && !last);
	hf_user_polls_end_();
	return got;
}
