// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * hfbinder torture: processes that do at random what stress.h does, and are killed at any time.
 *
 * In the end no calls are made any more, and all that were made are answered; then half of the processes are killed,
 * and the others are told so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hfbinder.h"
#include "stress.h"

#define PROCESSES	8
#define THREADS		4
#define FIRST_FD	900		/* not one that is sent by mistake */
#define SETTLED_MS	60000		/* then it never will be */

struct shared {
	struct stress_world world;
	uint32_t life[PROCESSES];
	uint32_t errors;		/* processes that did not begin */
};

static const char *device;
static struct shared *shared;
static struct stress_process process;
static struct stress_thread threads[THREADS];
static struct choices thread_choices[THREADS];

/* ---- In a process ---- */

void stress_report(enum stress_wrong wrong, const char *text)
{
	static unsigned int reports;

	if (__atomic_fetch_add(&reports, 1, __ATOMIC_RELAXED) < 10)
		cli_error("%s %s", stress_wrong_names[wrong], text);
}

int stress_open(struct stress_process *p)
{
	const int fd = open(device, O_RDWR | O_CLOEXEC | (p->blocks ? 0 : O_NONBLOCK));
	const int high = fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);

	if (high < 0)
		return errno;
	close(fd);
	p->file = (void *)(intptr_t)high;
	return 0;
}

static int fd_of(const struct stress_process *p)
{
	return (int)(intptr_t)p->file;
}

int stress_map(struct stress_process *p, size_t size)
{
	void *const at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd_of(p), 0);

	if (at == MAP_FAILED)
		return errno;
	p->mapping = (uintptr_t)at;
	p->mapped = size;
	return 0;
}

int stress_ioctl(struct stress_thread *t, unsigned int command, void *argument)
{
	return ioctl(fd_of(t->process), command, argument) ? errno : 0;
}

void stress_wait(struct stress_thread *t)
{
	struct pollfd p = { .fd = fd_of(t->process), .events = POLLIN };

	const bool stopped = __atomic_load_n(&shared->world.stopped, __ATOMIC_ACQUIRE);

	/* Who could call does not wait for calls of others, nor does who is waited for, or may be. */
	if (!t->process->blocks && !t->untidy && (stress_awaits_answer(t) || (!t->is_busy && (!t->calls || stopped))))
		poll(&p, 1, -1);
}

static void *run(void *given)
{
	const size_t k = (size_t)given;

	stress_thread_begin(&process, &threads[k], &thread_choices[k], 0, k);
	for (;;)
		stress_step(&threads[k]);
	return NULL;
}

static bool is_settled(char question)
{
	return question == 'q' ? !process.busy : !stress_waits(&process);
}

static void fail(const char *what, int err)
{
	cli_error("%s: %s: %s", device, what, strerror(err));
	__atomic_fetch_add(&shared->errors, 1, __ATOMIC_RELAXED);
	_exit(1);
}

/* Its questions come from the parent: 'q', are all calls answered? 't', thaw; 's', is all told? 'j', what is wrong? */
static void be_process(unsigned int i, struct choices c, int control)
{
	char question;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process.pid = (uint32_t)getpid();
	process.blocks = choose(&c, 2);
	/* The driver may end the last manager some time after it is gone. */
	while ((err = stress_begin(&shared->world, &process, &c, i)) == EBUSY) {
		close(fd_of(&process));
		sched_yield();
	}
	if (err)
		fail("does not begin", err);
	shared->world.pids[i] = process.pid;
	__atomic_store_n(&shared->life[i], process.life, __ATOMIC_RELEASE);
	for (size_t k = 0; k < THREADS; k++) {
		pthread_t thread;

		thread_choices[k].random = c.random + (k << 32);
		err = pthread_create(&thread, NULL, run, (void *)k);
		if (err)
			fail("no thread", err);
	}
	while (read(control, &question, 1) == 1) {
		pthread_mutex_lock(&process.lock);
		if (question == 't')
			stress_thaw(&process);
		while (strchr("qs", question) && !is_settled(question))
			pthread_cond_wait(&process.changed, &process.lock);
		if (question == 'j')
			stress_judge(&process, threads, THREADS, false);
		pthread_mutex_unlock(&process.lock);
		if (write(control, &question, 1) != 1)
			break;
	}
	_exit(0);
}

/* ---- The parent ---- */

static struct child {
	pid_t pid;
	int control;			/* a socket */
} children[PROCESSES];

static int start(unsigned int i, uint64_t seed)
{
	struct child *const c = &children[i];
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return cli_error("a socket: %s", strerror(errno));
	shared->life[i] = 0;
	c->pid = fork();
	if (!c->pid) {
		close(pair[0]);
		be_process(i, (struct choices){ .random = seed }, pair[1]);
	}
	close(pair[1]);
	c->control = pair[0];
	return c->pid < 0 ? cli_error("a process: %s", strerror(errno)) : CLI_OK;
}

static void end(unsigned int i)
{
	struct child *const c = &children[i];
	struct stress_world *const w = &shared->world;

	if (c->pid <= 0)
		return;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	close(c->control);
	c->pid = 0;
	w->counts[STRESS_KILLED]++;
	__atomic_store_n(&w->dead[shared->life[i] % STRESS_LIVES], 1, __ATOMIC_RELEASE);
}

/* Ask them all; false if one does not answer. */
static bool ask_all(char question)
{
	bool good = true;

	for (unsigned int i = 0; i < PROCESSES; i++)
		if (children[i].pid && write(children[i].control, &question, 1) != 1)
			good = false;
	for (unsigned int i = 0; i < PROCESSES; i++) {
		struct pollfd p = { .fd = children[i].control, .events = POLLIN };
		char answer;

		if (children[i].pid && (poll(&p, 1, SETTLED_MS) != 1 || read(p.fd, &answer, 1) != 1))
			good = false;
	}
	return good;
}

static double seconds_since(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

static int torture(const struct cli_options *o, struct choices *c)
{
	struct stress_world *const w = &shared->world;
	struct timespec begin;
	int err = CLI_OK;
	bool settled;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (unsigned int i = 0; i < PROCESSES && !err; i++)
		err = start(i, o->seed + i);
	for (unsigned int n = PROCESSES; !err && !shared->errors; n++) {
		/* Without the first one, the manager, the others can do little. */
		const unsigned int i = choose(c, 4 * PROCESSES) ? 1 + choose(c, PROCESSES - 1) : 0;
		/* Soon after it began, or later. */
		const struct timespec pause = { .tv_nsec = 1000 * (1l << choose(c, 19)) };

		if (o->commands ? __atomic_load_n(&w->counts[STRESS_COMMANDS], __ATOMIC_RELAXED) >= o->commands :
				  seconds_since(&begin) >= o->seconds)
			break;
		nanosleep(&pause, NULL);
		end(i);
		err = start(i, o->seed + n);
	}
	__atomic_store_n(&w->stopped, true, __ATOMIC_RELEASE);
	settled = !err && !shared->errors && ask_all('q');
	for (unsigned int i = 1; i < PROCESSES && settled; i += 2)
		end(i);
	settled = settled && ask_all('t') && ask_all('s');
	/* What is not, is counted now. */
	ask_all('j');
	for (unsigned int i = 0; i < PROCESSES; i++)
		end(i);
	if (!err && (shared->errors || !settled))
		err = cli_error(shared->errors ? "a process did not begin" : "not all was settled in %d seconds",
				     SETTLED_MS / 1000);
	return err;
}

int hfbinder_torture(const struct cli_options *o)
{
	struct choices c = { .random = ~o->seed };
	struct hfb b;
	int status = hfbinder_open(o, &b);

	if (status)
		return status;
	hfb_close(&b);
	device = o->device;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return cli_error("shared memory: %s", strerror(errno));
	shared->world.hostile = true;
	shared->world.places = PROCESSES;
	/* A line at a time, as the kernel's log cuts what is longer than a thousand bytes. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	printf("seed %llu\n", (unsigned long long)o->seed);
	/* Before there are other processes. */
	if (cli_flush())
		return CLI_FAILED;
	status = torture(o, &c);
	for (size_t i = 0; i < STRESS_COUNT; i++)
		printf("%12llu %s\n", (unsigned long long)shared->world.counts[i], stress_count_names[i]);
	printf("what must be 0:\n");
	for (size_t i = 0; i < STRESS_WRONG; i++) {
		printf("%12llu %s\n", (unsigned long long)shared->world.wrong[i], stress_wrong_names[i]);
		if (shared->world.wrong[i])
			status = CLI_FAILED;
	}
	munmap(shared, sizeof(*shared));
	return status;
}
