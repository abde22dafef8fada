// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See stress_user.h. */
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>

#include <holdfast/file.h>

#include "host.h"
#include "stress_user.h"

int stress_open(struct stress_process *p)
{
	struct hf_user_file *f;
	const int err = hf_user_open(STRESS_NODE, O_RDWR | O_NONBLOCK, &f);

	p->file = err ? NULL : f;
	return -err;
}

int stress_map(struct stress_process *p, size_t size)
{
	void *at;
	const int err = hf_user_mmap(p->file, size, PROT_READ, MAP_PRIVATE, 0, &at);

	if (err)
		return -err;
	p->mapping = (uintptr_t)at;
	p->mapped = size;
	return 0;
}

static void call_as(const struct stress_thread *t)
{
	host_pid = t->process->pid;
	host_tid = t->tid;
}

int stress_ioctl(struct stress_thread *t, unsigned int command, void *argument)
{
	call_as(t);
	return -hf_user_ioctl(t->process->file, command, argument);
}

void stress_wait(struct stress_thread *t)
{
	call_as(t);
	/* There will be an answer; whether there will be anything else, nobody knows. */
	if (stress_awaits_answer(t) && !t->process->world->exact)
		hf_user_poll(t->process->file, EPOLLIN, HF_SYS_FOREVER);
	else
		sched_yield();
}

void stress_user_begin(struct stress_world *world, struct stress_user *u, unsigned int i, struct choices *c)
{
	memset(u, 0, sizeof(*u));
	u->process.pid = host_pid = i + 1;
	__atomic_store_n(&world->pids[i], i + 1, __ATOMIC_RELAXED);
	hf_require(HF_UNWRAP, !stress_begin(world, &u->process, c, i));
}

void stress_user_end(struct stress_user *u)
{
	struct stress_process *const p = &u->process;

	__atomic_store_n(&p->world->dead[p->life % STRESS_LIVES], 1, __ATOMIC_RELEASE);
	host_pid = p->pid;
	if (p->mapping)
		hf_user_munmap((void *)(uintptr_t)p->mapping);
	hf_user_close(p->file);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
}

/* Until nobody has anything to do. */
static void settle(struct stress_user *users, unsigned int n, bool all)
{
	bool done = true;

	while (done) {
		done = false;
		for (unsigned int i = 0; i < n; i++)
			for (unsigned int k = 0; k < users[i].n; k++)
				done |= stress_settle(&users[i].threads[k], all);
	}
}

static void judge(struct stress_user *users, unsigned int n, bool counts)
{
	for (unsigned int i = 0; i < n; i++)
		stress_judge(&users[i].process, users[i].threads, users[i].n, counts);
}

/* Whether all that is held is known, and so can be released. */
static bool all_known(const struct stress_user *users, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (users[i].process.lossy)
			return false;
	return true;
}

void stress_user_finish(struct stress_user *users, unsigned int n)
{
	settle(users, n, false);
	judge(users, n, false);
	for (unsigned int i = 0; i < n; i++)
		stress_thaw(&users[i].process);
	settle(users, n, false);
	judge(users, n, false);
	for (; n > 2; n--) {
		stress_user_end(&users[n - 1]);
		settle(users, n - 1, false);
		judge(users, n - 1, false);
	}
	settle(users, n, true);
	judge(users, n, all_known(users, n));
	for (; n; n--)
		stress_user_end(&users[n - 1]);
}
