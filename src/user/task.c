// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Threads of other processes, for which threads of this one make calls. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/uio.h>
#include <unistd.h>

#include <holdfast/sys/sys.h>

static _Thread_local struct hf_user_task *task;

void hf_user_task_init(struct hf_user_task *t, pid_t pid, void (*sleeps)(struct hf_user_task *t))
{
	*t = (struct hf_user_task){ .pid_ = pid, .sleeps_ = sleeps };
	pthread_mutex_init(&t->lock_, NULL);
}

void hf_user_task_fini(struct hf_user_task *t)
{
	pthread_mutex_destroy(&t->lock_);
}

void hf_user_task_enter(struct hf_user_task *t)
{
	task = t;
}

/* A queue that it waits for stays as long as the lock is held. */
void hf_user_task_signal(struct hf_user_task *t, bool pending)
{
	pthread_mutex_lock(&t->lock_);
	__atomic_store_n(&t->signalled_, pending, __ATOMIC_RELEASE);
	if (pending && t->waits_)
		hf_sys_wake_all(t->waits_);
	pthread_mutex_unlock(&t->lock_);
}

void hf_user_task_waits_(struct hf_sys_waitq *q)
{
	if (!task)
		return;
	pthread_mutex_lock(&task->lock_);
	task->waits_ = q;
	pthread_mutex_unlock(&task->lock_);
}

bool hf_user_task_signalled_(void)
{
	return task && __atomic_load_n(&task->signalled_, __ATOMIC_ACQUIRE);
}

void hf_user_task_sleeps_(void)
{
	if (task && task->sleeps_)
		task->sleeps_(task);
}

/* --- its memory ---------------------------------------------------------------------------------- */

int hf_sys_copy_from_user(void *to, const void __user *from, size_t n)
{
	struct iovec local = { .iov_base = to, .iov_len = n };
	struct iovec remote = { .iov_base = (void *)(unsigned long)from, .iov_len = n };

	/* The kernel reads, so unmapped memory is an error and not a fault. */
	return process_vm_readv(task ? task->pid_ : getpid(), &local, 1, &remote, 1, 0) == (ssize_t)n ? 0 : -EFAULT;
}

int hf_sys_copy_to_user(void __user *to, const void *from, size_t n)
{
	struct iovec local = { .iov_base = (void *)(unsigned long)from, .iov_len = n };
	struct iovec remote = { .iov_base = to, .iov_len = n };

	return process_vm_writev(task ? task->pid_ : getpid(), &local, 1, &remote, 1, 0) == (ssize_t)n ? 0 : -EFAULT;
}
