// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Nodes, and the calls of the processes that open them. */
#include <fcntl.h>
#include <stdlib.h>

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
	void *opened;
};

int hf_user_open(const char *text, int flags, struct hf_user_file **file)
{
	const int mode = flags & O_ACCMODE;
	struct hf_user_file *f = calloc(1, sizeof(*f));
	const struct hf_sys_node *n;
	int err = -ENOENT;

	if (!f)
		return -ENOMEM;
	f->how = (struct hf_file){
		.nonblocking = (flags & O_NONBLOCK) != 0,
		.readable = mode != O_WRONLY,
		.writable = mode != O_RDONLY,
	};
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

void hf_user_close(struct hf_user_file *file)
{
	file->ops->close(file->opened);
	free(file);
}

ssize_t hf_user_read(struct hf_user_file *file, void *to, size_t n)
{
	return file->how.readable ? file->ops->read(file->opened, to, n, &file->how) : -EBADF;
}

ssize_t hf_user_write(struct hf_user_file *file, const void *from, size_t n)
{
	return file->how.writable ? file->ops->write(file->opened, from, n, &file->how) : -EBADF;
}

int hf_user_ioctl(struct hf_user_file *file, unsigned int cmd, void *arg)
{
	return file->ops->ioctl(file->opened, cmd, arg, &file->how);
}

/* --- poll --------------------------------------------------------------------------------------- */

#define MAX_QUEUES	8

/* The queues that may change the answer, and how often each had been woken when it was named. */
struct hf_poll {
	const struct hf_sys_waitq *queue[MAX_QUEUES];
	unsigned int seen[MAX_QUEUES];
	unsigned int n;
};

void hf_sys_poll_wait(struct hf_poll *p, struct hf_sys_waitq *q)
{
	if (p->n == MAX_QUEUES)
		abort();
	p->queue[p->n] = q;
	p->seen[p->n++] = __atomic_load_n(&q->wakeups_, __ATOMIC_ACQUIRE);
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
	__poll_t got;
	int err = 0;

	for (;;) {
		struct hf_poll poll = { .n = 0 };

		got = file->ops->poll(file->opened, &poll) & (events | EPOLLERR | EPOLLHUP);
		if (got || err)
			break;
		while (!woken(&poll) && !err) {
			struct hf_sys_waiter w;

			hf_sys_wait_begin(polls, &w, HF_UNINTERRUPTIBLE);
			err = hf_sys_wait_sleep(polls, &w, woken(&poll) ? 0 : until_ns, HF_UNINTERRUPTIBLE);
			if (woken(&poll))
				err = 0;
		}
	}
	hf_user_polls_end_();
	return got;
}
