// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The exchanges of exchange.h on a driver of the kernel: each actor is a process, or a thread.
 *
 *	binder_user DEVICE SUITE [EXCHANGE...]
 *	binder_user DEVICE --without-memory PART PARTS
 *
 * It says in KTAP what came out, as a suite of that name; by default of all of them.  Without memory, what the driver
 * allocates may fail: it makes the steps of a part of the exchanges, without those that sleep, and says how many of
 * the exchanges did not go as they should.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../exchange.h"
#include "../exchanges.h"

static const char *device;
static struct actor *actors;
static int differences;
static int line[ACTORS];		/* a socket to each process */
static int alive;			/* files that are open */
static bool without_memory, slept;

/* ---- In the process of an actor ---- */

static int fds[ACTORS], epolls[ACTORS];
static sem_t starts[ACTORS], ends[ACTORS];	/* steps of its threads */

static int fd_of(const struct actor *a)
{
	return fds[a - actors];
}

/* The other device has the same name with a 2. */
int actor_open(struct actor *a)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s%s", device, a->elsewhere ? "2" : "");
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno;
	fds[a - actors] = fd;
	a->file = a;
	return 0;
}

int actor_map(struct actor *a, size_t size, int prot, int flags)
{
	void *const p = mmap(NULL, size, prot, flags, fd_of(a), 0);

	if (p == MAP_FAILED)
		return errno;
	a->mapping = (uintptr_t)p;
	return 0;
}

void actor_unmap(struct actor *a)
{
	if (munmap((void *)(uintptr_t)a->mapping, a->mapped))
		exit(2);
}

void actor_shrink(void)
{
	const int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd < 0 || write(fd, "2", 1) != 1 || close(fd))
		exit(2);
}

int actor_ioctl(struct actor *a, unsigned int command, void *argument)
{
	return ioctl(fd_of(a), command, argument) ? errno : 0;
}

bool actor_poll(struct actor *a, bool waits)
{
	int *const epoll = &epolls[a - actors];
	struct pollfd p = { .fd = fd_of(a), .events = POLLIN };
	struct epoll_event e = { .events = EPOLLIN };
	struct stat s;

	/*
	 * From the first time on, until the file is closed, epoll refers to what the driver has of this thread.  The files of
	 * a server in userspace are no devices, and have poll() only.
	 */
	if (!*epoll && !fstat(p.fd, &s) && S_ISCHR(s.st_mode)) {
		*epoll = epoll_create1(EPOLL_CLOEXEC);
		if (epoll_ctl(*epoll, EPOLL_CTL_ADD, p.fd, &e))
			abort();
	}
	return waits && *epoll ? epoll_wait(*epoll, &e, 1, -1) == 1 : poll(&p, 1, waits ? -1 : 0) == 1;
}

void actor_flush(struct actor *a)
{
	close(dup(fd_of(a)));
}

void actor_close(struct actor *a)
{
	(void)a;
	_exit(0);
}

static void serve(struct actor *self, int sock);

/* A process of its own, to which this one passes its steps on. */
static void fork_child(struct actor *a)
{
	const size_t i = (size_t)(a - actors);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		exit(2);
	fds[i] = fd_of(a->parent);
	a->pid = (uint32_t)fork();
	if (!a->pid) {
		close(pair[0]);
		a->pid = (uint32_t)getpid();
		serve(a, pair[1]);
	}
	close(pair[1]);
	line[i] = pair[0];
}

static void pass_on(struct actor *a)
{
	const size_t i = (size_t)(a->process - actors);
	uint8_t byte = (uint8_t)(a - actors);

	if (write(line[i], &byte, 1) != 1)
		exit(2);
	if (read(line[i], &byte, 1) == 1)
		return;
	waitpid((pid_t)a->process->pid, NULL, 0);
	close(line[i]);
	if (a->step != STEP_DIE)
		exit(2);
}

static void *serve_thread(void *number)
{
	const size_t i = (size_t)number;

	for (;;) {
		sem_wait(&starts[i]);
		run(&actors[i]);
		sem_post(&ends[i]);
	}
	return NULL;
}

static void serve(struct actor *self, int sock)
{
	uint8_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(sock, &i, 1) == 1) {
		struct actor *const a = &actors[i];
		pthread_t thread;

		if (a->step == STEP_THREAD) {
			sem_init(&starts[i], 0, 0);
			sem_init(&ends[i], 0, 0);
			fds[i] = fd_of(a->process);
			if (pthread_create(&thread, NULL, serve_thread, (void *)(size_t)i))
				break;
		}
		if (a->step == STEP_FORK) {
			fork_child(a);
		} else if (a->process != self) {
			pass_on(a);
		} else if (a == self) {
			run(a);
		} else {
			if (a->step == STEP_SLEEP)
				fcntl(fds[i], F_SETFL, 0);
			if (a->step != STEP_WAKE)
				sem_post(&starts[i]);
			if (a->step == STEP_SLEEP) {
				await_sleep(a);
				fcntl(fds[i], F_SETFL, O_NONBLOCK);
			} else {
				sem_wait(&ends[i]);
			}
		}
		if (write(sock, &i, 1) != 1)
			break;
	}
	_exit(1);
}

/* ---- Here ---- */

/* How many open files the kernel's own driver has; -1 if nobody says. */
static int files(void)
{
	static char text[64 << 10];
	FILE *const f = fopen("/sys/kernel/debug/binder/stats", "r");
	const char *found;
	size_t n;
	int active = 0;

	if (!f)
		return -1;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	found = strstr(text, "\nproc: active ");
	if (found)
		sscanf(found, "\nproc: active %d", &active);
	return active;
}

/* The kernel's own driver ends a process some time after that is gone. */
static void settle(void)
{
	if (strcmp(device, "/dev/binder"))
		return;
	while (files() > alive)
		sched_yield();
}

static void act(struct actor *a)
{
	const int i = (int)((a->process->parent ? a->process->parent : a->process) - actors);
	uint8_t byte = (uint8_t)(a - actors);

	/* What is to wake it may fail. */
	if (without_memory && (a->step == STEP_SLEEP || a->step == STEP_WAKE)) {
		slept = true;
		return;
	}
	a->blocks = a->blocks && !without_memory;
	alive += a->step == STEP_OPEN;
	if (a->step == STEP_OPEN && a->process == a) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
			exit(2);
		a->pid = (uint32_t)fork();
		if (!a->pid) {
			close(pair[0]);
			a->pid = (uint32_t)getpid();
			serve(a, pair[1]);
		}
		close(pair[1]);
		line[i] = pair[0];
	}
	if (write(line[i], &byte, 1) != 1)
		exit(2);
	/* Who dies does not answer. */
	if (read(line[i], &byte, 1) == 1)
		return;
	waitpid((pid_t)a->pid, NULL, 0);
	close(line[i]);
	for (size_t k = 0; k < ACTORS; k++)
		alive -= actors[k].process == a && actors[k].file == &actors[k];
	if (a->step != STEP_DIE) {
		fprintf(stderr, "%s ended\n", a->name);
		exit(2);
	}
	settle();
}

static void differs(const char *file, int where, const char *name, const char *expected, const char *found)
{
	differences++;
	if (without_memory)
		return;
	printf("    # %s:%d: %s\n", strrchr(file, '/') + 1, where, name);
	printf("    #   expected: %s\n", expected);
	printf("    #   found:    %s\n", found);
}

/* In a process of its own, so that one that goes wrong leaves nothing. */
static bool plays(const struct exchange *e)
{
	static const struct stage stage = { .act = act, .differs = differs };
	const pid_t child = fork();
	int status = 1;

	if (!child) {
		play(e, &stage, actors);
		exit(differences && !slept);
	}
	return waitpid(child, &status, 0) == child && !status;
}

static int play_without_memory(size_t part, size_t parts)
{
	unsigned int all = 0, bad = 0;

	without_memory = true;
	for (size_t i = part; i < exchange_count; i += parts, all++)
		bad += !plays(&exchanges[i]);
	printf("%u of %u exchanges go wrong\n", bad, all);
	return 0;
}

static bool wanted(const struct exchange *e, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], e->name))
			return true;
	return !count;
}

/* Of 6.1, the kernel's own driver takes memory for a one-way call also for a structure of its own. */
#define NAME(name)	#name,
static const char *const newer[] = { "oneway_spam_by_number", EXCHANGES_FREEZE_NEWER(NAME) };

static bool differs_by_age(const struct exchange *e)
{
	struct utsname kernel;

	if (strcmp(device, "/dev/binder") || uname(&kernel))
		return false;
	if (!strcmp(e->name, "cve_2026_98778") && !strncmp(kernel.release, "6.", 2))
		return true;
	if (strncmp(kernel.release, "6.1.", 4))
		return false;
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (!strcmp(newer[i], e->name))
			return true;
	return false;
}

/* The server in userspace is never short of memory, its clients have no children, and it has one device. */
static bool is_beyond_server(const char *suite, const struct exchange *e)
{
	return !strcmp(suite, "server") && (strstr(e->name, "taken_back") || strstr(e->name, "a_child") ||
					    strstr(e->name, "devices") ||
					    !strcmp(e->name, "memory_of_eight_megabytes"));
}

int main(int argc, char **argv)
{
	unsigned int n = 0, bad = 0, all = 0;

	if (argc < 3)
		return 2;
	device = argv[1];
	actors = mmap(NULL, ACTORS * sizeof(*actors), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (actors == MAP_FAILED)
		return 2;
	/* A line at a time, which the kernel's log needs. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (argc == 5 && !strcmp(argv[2], "--without-memory"))
		return play_without_memory((size_t)atoi(argv[3]), (size_t)atoi(argv[4]));
	for (size_t i = 0; i < exchange_count; i++)
		all += wanted(&exchanges[i], argv + 3, argc - 3);
	printf("1..1\n");
	printf("    # Subtest: %s\n", argv[2]);
	printf("    1..%u\n", all);
	for (size_t i = 0; i < exchange_count; i++) {
		bool good;

		if (!wanted(&exchanges[i], argv + 3, argc - 3))
			continue;
		if (differs_by_age(&exchanges[i])) {
			printf("    ok %u %s # SKIP this kernel is older\n", ++n, exchanges[i].name);
			continue;
		}
		if (is_beyond_server(argv[2], &exchanges[i])) {
			printf("    ok %u %s # SKIP the server does not do so\n", ++n, exchanges[i].name);
			continue;
		}
		good = plays(&exchanges[i]);
		bad += !good;
		printf("    %s %u %s\n", good ? "ok" : "not ok", ++n, exchanges[i].name);
	}
	printf("%s 1 %s\n", bad ? "not ok" : "ok", argv[2]);
	return 0;
}
