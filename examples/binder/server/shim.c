// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * libhfbinder.so: with it, a program finds the binder devices of `hfbinder serve` where others find the driver's.
 *
 *	LD_PRELOAD=libhfbinder.so PROGRAM
 *
 * With HFBINDER_BUSY in the environment a thread does not sleep before its call does, as in a driver: for tests that wait
 * for that.
 *
 * A path is such a device if it is a socket whose server says so.  What is open is told by the number of its inode, so
 * descriptors are copied as usual.  wire.h says what is sent.
 *
 * What differs from a driver: a child after fork() cannot use a descriptor that it has inherited, and a descriptor is
 * always closed by execve(); the driver is not told of one that dup2() closes; a signal handler must not use a device
 * that its thread is in a call of; an epoll() is always told as long as there is something (level-triggered), and only
 * by epoll_wait() and epoll_pwait().
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "wire.h"

#define EXPORTED	__attribute__((visibility("default")))

/* The function that this one stands before. */
#define NEXT(name)									\
	__extension__ ({								\
		static __typeof__(&name) next_;						\
		__typeof__(&name) found_ = __atomic_load_n(&next_, __ATOMIC_RELAXED);	\
											\
		if (!found_) {								\
			*(void **)&found_ = dlsym(RTLD_NEXT, #name);			\
			__atomic_store_n(&next_, found_, __ATOMIC_RELAXED);		\
		}									\
		found_;									\
	})

/* ---- What is open ---- */

struct mapped {
	struct mapped *next;
	void *address;
	size_t size;
	int fd;			/* a mapping keeps its file open */
	ino_t inode;
};

struct channel {
	struct channel *next;
	ino_t inode;		/* of the file's socket */
	int sock;
	uint64_t calls;
};

/* Those of a thread. */
struct thread {
	struct thread *next;
	struct channel *first;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ino_t *inodes;			/* of the sockets of files */
static size_t inode_count;
static struct mapped *mappings;
static struct thread *threads;
static pthread_key_t key;
static bool looks_busy;
static _Thread_local struct thread *self;

static bool is_known(ino_t inode)
{
	bool known = false;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < inode_count; i++)
		known |= inodes[i] == inode;
	pthread_mutex_unlock(&lock);
	return known;
}

static int know(ino_t inode)
{
	ino_t *more;

	pthread_mutex_lock(&lock);
	more = realloc(inodes, (inode_count + 1) * sizeof(*inodes));
	if (more) {
		inodes = more;
		inodes[inode_count] = inode;
		__atomic_store_n(&inode_count, inode_count + 1, __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&lock);
	return more ? 0 : -ENOMEM;
}

static void forget(ino_t inode)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < inode_count; i++) {
		if (inodes[i] != inode)
			continue;
		inodes[i] = inodes[inode_count - 1];
		__atomic_store_n(&inode_count, inode_count - 1, __ATOMIC_RELAXED);
		break;
	}
	pthread_mutex_unlock(&lock);
}

/* Whether a descriptor is one of a device, and of which open file. */
static bool is_device(int fd, ino_t *inode)
{
	const int saved = errno;
	struct stat st;
	bool is;

	if (!__atomic_load_n(&inode_count, __ATOMIC_RELAXED))
		return false;
	is = !fstat(fd, &st) && S_ISSOCK(st.st_mode) && is_known(st.st_ino);
	*inode = is ? st.st_ino : 0;
	errno = saved;
	return is;
}

/* ---- Channels ---- */

static void end_channels(struct thread *t)
{
	while (t->first) {
		struct channel *const c = t->first;

		t->first = c->next;
		close(c->sock);
		free(c);
	}
}

static void end_thread(void *thread)
{
	struct thread **link;

	pthread_mutex_lock(&lock);
	for (link = &threads; *link != thread; link = &(*link)->next)
		;
	*link = (*link)->next;
	pthread_mutex_unlock(&lock);
	end_channels(thread);
	free(thread);
}

/* A child has none of the files: its process is another one. */
static void begin_child(void)
{
	pthread_mutex_init(&lock, NULL);
	for (struct thread *t = threads; t; t = t->next)
		end_channels(t);
	for (struct mapped *m = mappings; m; m = m->next)
		close(m->fd);
	/* Those of threads that the child does not have. */
	threads = self;
	if (self)
		self->next = NULL;
	mappings = NULL;
	inode_count = 0;
}

__attribute__((constructor)) static void begin(void)
{
	looks_busy = getenv("HFBINDER_BUSY") != NULL;
	pthread_key_create(&key, end_thread);
	pthread_atfork(NULL, NULL, begin_child);
}

static struct thread *this_thread(void)
{
	struct thread *const t = self ? self : calloc(1, sizeof(*t));

	if (self || !t)
		return t;
	pthread_mutex_lock(&lock);
	t->next = threads;
	threads = t;
	pthread_mutex_unlock(&lock);
	pthread_setspecific(key, t);
	return self = t;
}

/* Those of files that are closed. */
static void drop_old(struct thread *t)
{
	for (struct channel **link = &t->first; *link;) {
		struct channel *const c = *link;
		struct pollfd p = { .fd = c->sock };

		if (NEXT(poll)(&p, 1, 0) == 1 && p.revents & POLLHUP) {
			*link = c->next;
			forget(c->inode);
			close(c->sock);
			free(c);
		} else {
			link = &c->next;
		}
	}
}

static uint32_t tid(void)
{
	return (uint32_t)syscall(SYS_gettid);
}

/* To the file itself, whose socket may be a nonblocking one. */
static int send_to_file(int fd, const struct wire *m, int along)
{
	int err;

	while ((err = wire_send(fd, m, along, 0)) == -EAGAIN)
		sched_yield();
	return err;
}

/* NULL, with errno, if there is none. */
static struct channel *channel_of(int fd, ino_t inode)
{
	const struct wire m = { .kind = WIRE_THREAD, .tid = tid() };
	struct thread *const t = this_thread();
	struct channel *c;
	int pair[2], err;

	if (!t)
		return NULL;
	for (c = t->first; c; c = c->next)
		if (c->inode == inode)
			return c;
	drop_old(t);
	c = calloc(1, sizeof(*c));
	if (!c || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		free(c);
		return NULL;
	}
	err = send_to_file(fd, &m, pair[1]);
	close(pair[1]);
	if (err) {
		close(pair[0]);
		free(c);
		errno = ENXIO;
		return NULL;
	}
	*c = (struct channel){ .next = t->first, .inode = inode, .sock = pair[0] };
	t->first = c;
	return c;
}

/* ---- Calls ---- */

/* What only this process can do for the server.  @along: came with it, and is closed here. */
static void oblige(struct channel *c, const struct wire *m, int along)
{
	struct wire answer = { .kind = WIRE_ANSWER };
	int fd = -1;

	switch (m->kind) {
	case WIRE_FD_GET:
		fd = (int)m->number;
		break;
	case WIRE_FD_RESERVE:
		answer.result = eventfd(0, EFD_CLOEXEC);
		if (answer.result < 0)
			answer.result = -errno;
		break;
	case WIRE_FD_FILL:
		/* Not dup3(), whose value GCC's analyzer takes for one more descriptor. */
		if (along < 0 || syscall(SYS_dup3, along, (int)m->number, O_CLOEXEC) < 0)
			answer.result = -EBADF;
		break;
	case WIRE_FD_GIVE_BACK:
		close((int)m->number);
		break;
	}
	/* A number may be no descriptor, or one of a kind that cannot be sent. */
	if (wire_send(c->sock, &answer, fd, 0) && m->kind == WIRE_FD_GET) {
		answer.result = -EBADF;
		wire_send(c->sock, &answer, -1, 0);
	}
	if (along >= 0)
		close(along);
}

static int call_begin(struct channel *c, struct wire *m)
{
	m->call = ++c->calls;
	return wire_send(c->sock, m, -1, 0) ? -ENXIO : 0;
}

/* Wait until the server has done it: the result.  @got: what came with it; NULL: nothing does. */
static int call_end(struct channel *c, int fd, bool sleeps, int *got)
{
	const struct wire signalled = { .kind = WIRE_INTERRUPT, .tid = tid(), .call = c->calls };

	for (;;) {
		struct wire m;
		int along;
		const int err = wire_recv(c->sock, &m, &along, sleeps ? 0 : MSG_DONTWAIT);

		if (err == -EAGAIN) {
			sched_yield();
		} else if (err == -EINTR) {
			send_to_file(fd, &signalled, -1);
		} else if (err) {
			return -ENXIO;
		} else if (m.kind == WIRE_SLEEPS) {
			sleeps = true;
		} else if (m.kind == WIRE_DONE) {
			if (got)
				*got = along;
			else if (along >= 0)
				close(along);
			return m.result;
		} else {
			oblige(c, &m, along);
		}
	}
}

static int call(int fd, ino_t inode, struct wire *m, int *got)
{
	struct channel *const c = channel_of(fd, inode);
	int err;

	if (!c)
		return -errno;
	err = call_begin(c, m);
	return err ? err : call_end(c, fd, !m->says_sleeps, got);
}

static bool is_nonblocking(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

/* As system calls give their errors. */
static int given(int result)
{
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

EXPORTED int ioctl(int fd, unsigned long command, ...)
{
	ino_t inode;
	va_list args;
	void *argument;

	va_start(args, command);
	argument = va_arg(args, void *);
	va_end(args);
	if (_IOC_TYPE(command) != 'b' || !is_device(fd, &inode))
		return NEXT(ioctl)(fd, command, argument);
	return given(call(fd, inode, &(struct wire){
		.kind = WIRE_IOCTL, .number = (uint32_t)command, .address = (uintptr_t)argument,
		.nonblocking = is_nonblocking(fd), .says_sleeps = looks_busy,
	}, NULL));
}

/* ---- open ---- */

/* What the server says of it: a descriptor; -ENXIO if there is no server. */
static int connect_to(int dir, const char *path, int flags)
{
	static const uint32_t word = WIRE_OPEN;
	const struct wire hello = { .kind = WIRE_OPEN, .address = (uintptr_t)&word, .number = (uint32_t)flags & O_ACCMODE };
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const int place = NEXT(openat)(dir, path, O_PATH | O_CLOEXEC);
	struct ucred server;
	socklen_t size = sizeof(server);
	struct wire m;
	struct stat st;
	int sock = -1, along, err = -ENXIO;

	/* By its descriptor: the path may be relative, or longer than a socket's may be. */
	snprintf(a.sun_path, sizeof(a.sun_path), "/proc/self/fd/%d", place);
	if (place >= 0)
		sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (sock >= 0 && connect(sock, (struct sockaddr *)&a, sizeof(a)))
		err = errno == EACCES ? -EACCES : -ENXIO;
	else if (sock >= 0 && !getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &server, &size)) {
		/* For systems on which only who is named may access the memory of a process. */
		prctl(PR_SET_PTRACER, (unsigned long)server.pid, 0, 0, 0);
		err = wire_send(sock, &hello, -1, 0);
		while (!err && (err = wire_recv(sock, &m, &along, 0)) == -EINTR)
			err = 0;
		if (!err)
			err = m.result;
		if (!err && (fstat(sock, &st) || know(st.st_ino)))
			err = -ENOMEM;
		if (!err && flags & O_NONBLOCK)
			fcntl(sock, F_SETFL, O_NONBLOCK);
	}
	if (place >= 0)
		close(place);
	if (!err)
		return sock;
	if (sock >= 0)
		close(sock);
	return err == -EPIPE || err == -EPROTO ? -ENXIO : err;
}

static int open_at(int dir, const char *path, int flags, unsigned int mode)
{
	const int fd = NEXT(openat)(dir, path, flags, mode);

	/* The error of a path that is a socket. */
	if (fd >= 0 || errno != ENXIO)
		return fd;
	return given(connect_to(dir, path, flags));
}

#define MODE_(flags)									\
	__extension__ ({								\
		unsigned int mode_ = 0;							\
		va_list args_;								\
											\
		va_start(args_, flags);							\
		if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE)		\
			mode_ = va_arg(args_, unsigned int);				\
		va_end(args_);								\
		mode_;									\
	})

EXPORTED int open(const char *path, int flags, ...)
{
	return open_at(AT_FDCWD, path, flags, MODE_(flags));
}

EXPORTED int open64(const char *path, int flags, ...)
{
	return open_at(AT_FDCWD, path, flags | O_LARGEFILE, MODE_(flags));
}

EXPORTED int openat(int dir, const char *path, int flags, ...)
{
	return open_at(dir, path, flags, MODE_(flags));
}

EXPORTED int openat64(int dir, const char *path, int flags, ...)
{
	return open_at(dir, path, flags | O_LARGEFILE, MODE_(flags));
}

/* What _FORTIFY_SOURCE makes of calls without a mode. */
EXPORTED int __open_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags, 0);
}

EXPORTED int __open64_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

EXPORTED int __openat_2(int dir, const char *path, int flags)
{
	return open_at(dir, path, flags, 0);
}

EXPORTED int __openat64_2(int dir, const char *path, int flags)
{
	return open_at(dir, path, flags | O_LARGEFILE, 0);
}

/* ---- mmap ---- */

static void *mmap_raw(void *address, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, address, size, prot, flags, fd, offset);
}

/* The address is known before anything is there: the server is told of it. */
static int map(int fd, ino_t inode, size_t size, int prot, int flags, off_t offset, void **address)
{
	struct mapped *const m = malloc(sizeof(*m));
	void *const at = mmap_raw(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const int kept = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int pages = -1, err;

	err = !m || at == MAP_FAILED || kept < 0 ? -ENOMEM : call(fd, inode, &(struct wire){
		.kind = WIRE_MMAP, .address = (uintptr_t)at, .size = size, .prot = (uint32_t)prot,
		.number = (uint32_t)flags & (MAP_SHARED | MAP_PRIVATE), .offset = (uint64_t)offset,
	}, &pages);
	if (!err && mmap_raw(at, size, prot, MAP_SHARED | MAP_FIXED, pages, offset) == MAP_FAILED)
		err = -errno;
	if (pages >= 0)
		close(pages);
	if (err) {
		if (at != MAP_FAILED)
			syscall(SYS_munmap, at, size);
		if (kept >= 0)
			syscall(SYS_close, kept);
		free(m);
		return err;
	}
	/* A child has it no more than the descriptor. */
	madvise(at, size, MADV_DONTFORK);
	*m = (struct mapped){ .address = at, .size = size, .fd = kept, .inode = inode };
	pthread_mutex_lock(&lock);
	m->next = mappings;
	mappings = m;
	pthread_mutex_unlock(&lock);
	*address = at;
	return 0;
}

EXPORTED void *mmap(void *address, size_t size, int prot, int flags, int fd, off_t offset)
{
	void *result = MAP_FAILED;
	ino_t inode;

	if (flags & MAP_ANONYMOUS || !is_device(fd, &inode))
		return mmap_raw(address, size, prot, flags, fd, offset);
	given(flags & MAP_FIXED ? -EINVAL : map(fd, inode, size, prot, flags, offset, &result));
	return result;
}

EXPORTED void *mmap64(void *address, size_t size, int prot, int flags, int fd, off64_t offset)
{
	return mmap(address, size, prot, flags, fd, offset);
}

/* Of what the process has mapped, this is gone.  The driver uses nothing of a mapping of which a part is gone. */
static void lose(const void *address, size_t size)
{
	struct mapped *lost = NULL;

	pthread_mutex_lock(&lock);
	for (struct mapped **link = &mappings; *link;) {
		struct mapped *const m = *link;
		const uintptr_t at = (uintptr_t)m->address, gone = (uintptr_t)address;

		if (gone >= at + m->size || at >= gone + size) {
			link = &m->next;
			continue;
		}
		*link = m->next;
		m->next = lost;
		lost = m;
	}
	pthread_mutex_unlock(&lock);
	while (lost) {
		struct mapped *const m = lost;

		lost = m->next;
		call(m->fd, m->inode, &(struct wire){ .kind = WIRE_MUNMAP, .address = (uintptr_t)m->address }, NULL);
		syscall(SYS_close, m->fd);
		free(m);
	}
}

EXPORTED int munmap(void *address, size_t size)
{
	const int result = (int)syscall(SYS_munmap, address, size);

	if (!result && __atomic_load_n(&mappings, __ATOMIC_RELAXED))
		lose(address, size);
	return result;
}

EXPORTED void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	va_list args;
	void *to, *result;

	va_start(args, flags);
	to = flags & MREMAP_FIXED ? va_arg(args, void *) : NULL;
	va_end(args);
	result = (void *)syscall(SYS_mremap, old, old_size, size, flags, to);
	if (result != MAP_FAILED && (result != old || size < old_size) && __atomic_load_n(&mappings, __ATOMIC_RELAXED))
		lose(old, old_size);
	return result;
}

EXPORTED int close(int fd)
{
	ino_t inode;

	if (is_device(fd, &inode))
		call(fd, inode, &(struct wire){ .kind = WIRE_FLUSH }, NULL);
	return (int)syscall(SYS_close, fd);
}

/* ---- poll ---- */

/* One of what poll() is asked for. */
struct polled {
	ino_t inode;		/* 0: not of a device */
	struct channel *channel;	/* NULL: an earlier one is the same file */
};

static bool is_repeated(const struct polled *devices, nfds_t i)
{
	for (nfds_t k = 0; k < i; k++)
		if (devices[k].inode == devices[i].inode)
			return true;
	return false;
}

static int ask(struct pollfd *fds, struct polled *devices, nfds_t n, bool waits)
{
	for (nfds_t i = 0; i < n; i++) {
		struct wire m = { .kind = WIRE_POLL, .number = (uint16_t)fds[i].events, .nonblocking = !waits };

		if (!devices[i].inode || is_repeated(devices, i))
			continue;
		devices[i].channel = channel_of(fds[i].fd, devices[i].inode);
		if (!devices[i].channel || call_begin(devices[i].channel, &m))
			return -ENXIO;
	}
	return 0;
}

static int answers(struct pollfd *fds, const struct polled *devices, nfds_t n)
{
	int ready = 0;

	for (nfds_t i = 0; i < n; i++) {
		int result;

		if (!devices[i].channel)
			continue;
		result = call_end(devices[i].channel, fds[i].fd, true, NULL);
		fds[i].revents = (short)(result < 0 ? POLLERR : result);
		ready += fds[i].revents != 0;
	}
	return ready;
}

static int poll_devices(struct pollfd *fds, struct pollfd *others, struct polled *devices, nfds_t n,
			const struct timespec *timeout, const sigset_t *mask)
{
	static const struct timespec now;
	int err, ready, got;

	err = ask(fds, devices, n, false);
	if (err)
		return given(err);
	ready = answers(fds, devices, n);
	if (!ready && !(timeout && !timeout->tv_sec && !timeout->tv_nsec)) {
		err = ask(fds, devices, n, true);
		if (err)
			return given(err);
		for (nfds_t i = 0; i < n; i++)
			if (devices[i].channel)
				others[i] = (struct pollfd){ .fd = devices[i].channel->sock, .events = POLLIN };
		got = NEXT(ppoll)(others, n, timeout, mask);
		err = got < 0 ? errno : 0;
		for (nfds_t i = 0; i < n; i++) {
			if (!devices[i].channel)
				continue;
			send_to_file(fds[i].fd, &(struct wire){
				.kind = WIRE_INTERRUPT, .tid = tid(), .call = devices[i].channel->calls,
			}, -1);
			if (got > 0 && others[i].revents)
				got--;
		}
		ready = answers(fds, devices, n);
		if (got < 0 && !ready) {
			errno = err;
			return -1;
		}
	} else {
		got = NEXT(ppoll)(others, n, &now, mask);
	}
	for (nfds_t i = 0; i < n; i++)
		if (!devices[i].channel)
			fds[i].revents = devices[i].inode ? 0 : others[i].revents;
	return ready + (got > 0 ? got : 0);
}

EXPORTED int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	struct pollfd *others;
	struct polled *devices;
	bool any = false;
	int result = -1;

	if (!__atomic_load_n(&inode_count, __ATOMIC_RELAXED))
		return NEXT(ppoll)(fds, n, timeout, mask);
	others = calloc(n + 1, sizeof(*others));
	devices = calloc(n + 1, sizeof(*devices));
	for (nfds_t i = 0; others && devices && i < n; i++) {
		others[i] = fds[i];
		any |= is_device(fds[i].fd, &devices[i].inode);
		if (devices[i].inode)
			others[i].fd = -1;
	}
	if (others && devices)
		result = any ? poll_devices(fds, others, devices, n, timeout, mask) : NEXT(ppoll)(fds, n, timeout, mask);
	else
		errno = ENOMEM;
	free(others);
	free(devices);
	return result;
}

EXPORTED int poll(struct pollfd *fds, nfds_t n, int ms)
{
	const struct timespec timeout = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };

	if (!__atomic_load_n(&inode_count, __ATOMIC_RELAXED))
		return NEXT(poll)(fds, n, ms);
	return ppoll(fds, n, ms < 0 ? NULL : &timeout, NULL);
}

EXPORTED int __poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t size)
{
	if (size / sizeof(*fds) < n)
		abort();
	return poll(fds, n, ms);
}

/* ---- select ---- */

static bool any_device(int n, const fd_set *sets[3])
{
	ino_t inode;

	if (!__atomic_load_n(&inode_count, __ATOMIC_RELAXED))
		return false;
	for (int fd = 0; fd < n; fd++)
		for (int k = 0; k < 3; k++)
			if (sets[k] && FD_ISSET(fd, sets[k]) && is_device(fd, &inode))
				return true;
	return false;
}

static int select_devices(int n, fd_set *sets[3], const struct timespec *timeout, const sigset_t *mask)
{
	static const short asks[3] = { POLLIN, POLLOUT, POLLPRI };
	static const short means[3] = { POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI };
	struct pollfd fds[FD_SETSIZE];
	nfds_t count = 0;
	int ready = 0;

	for (int fd = 0; fd < n; fd++) {
		struct pollfd p = { .fd = fd };

		for (int k = 0; k < 3; k++)
			if (sets[k] && FD_ISSET(fd, sets[k]))
				p.events |= asks[k];
		if (p.events)
			fds[count++] = p;
	}
	if (ppoll(fds, count, timeout, mask) < 0)
		return -1;
	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].revents & POLLNVAL)
			return given(-EBADF);
		for (int k = 0; k < 3; k++) {
			if (!sets[k] || !(fds[i].events & asks[k]))
				continue;
			if (fds[i].revents & means[k])
				ready++;
			else
				FD_CLR(fds[i].fd, sets[k]);
		}
	}
	return ready;
}

EXPORTED int pselect(int n, fd_set *r, fd_set *w, fd_set *e, const struct timespec *timeout, const sigset_t *mask)
{
	fd_set *sets[3] = { r, w, e };

	if (n < 0 || n > FD_SETSIZE || !any_device(n, (const fd_set *[3]){ r, w, e }))
		return NEXT(pselect)(n, r, w, e, timeout, mask);
	return select_devices(n, sets, timeout, mask);
}

EXPORTED int select(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *timeout)
{
	fd_set *sets[3] = { r, w, e };
	struct timespec t;

	if (n < 0 || n > FD_SETSIZE || !any_device(n, (const fd_set *[3]){ r, w, e }))
		return NEXT(select)(n, r, w, e, timeout);
	if (timeout)
		t = (struct timespec){ .tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000 };
	return select_devices(n, sets, timeout ? &t : NULL, NULL);
}

/* ---- epoll ---- */

/* A device that an epoll() has, instead of the kernel's. */
struct watched {
	struct watched *next;
	int epoll, fd;
	ino_t inode;
	struct epoll_event event;
};

static struct watched *watched;

/* The link to it, or to the end.  With the lock held. */
static struct watched **find_watched(int epoll, int fd, ino_t inode)
{
	struct watched **link = &watched;

	while (*link && ((*link)->epoll != epoll || (*link)->fd != fd || (*link)->inode != inode))
		link = &(*link)->next;
	return link;
}

static int control(int epoll, int op, int fd, ino_t inode, const struct epoll_event *event)
{
	struct watched *fresh = op == EPOLL_CTL_ADD ? malloc(sizeof(*fresh)) : NULL, *out = fresh, **link;
	int err = 0;

	if (op == EPOLL_CTL_ADD && !fresh)
		return -ENOMEM;
	pthread_mutex_lock(&lock);
	link = find_watched(epoll, fd, inode);
	if ((op == EPOLL_CTL_ADD) == (*link != NULL)) {
		err = *link ? -EEXIST : -ENOENT;
	} else if (op == EPOLL_CTL_ADD) {
		*fresh = (struct watched){ .next = watched, .epoll = epoll, .fd = fd, .inode = inode, .event = *event };
		__atomic_store_n(&watched, fresh, __ATOMIC_RELAXED);
		out = NULL;
	} else if (op == EPOLL_CTL_MOD) {
		(*link)->event = *event;
	} else {
		out = *link;
		*link = out->next;
	}
	pthread_mutex_unlock(&lock);
	free(out);
	return err;
}

EXPORTED int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
	ino_t inode;

	if (!is_device(fd, &inode))
		return NEXT(epoll_ctl)(epoll, op, fd, event);
	return given(control(epoll, op, fd, inode, event));
}

/* The devices of an epoll(), behind itself: copies.  Those that were closed are dropped. */
static struct watched *devices_of(int epoll, nfds_t *count)
{
	struct watched *copies = NULL, *more;

	*count = 0;
	for (;;) {
		struct watched *next;
		nfds_t i = 0;
		ino_t inode;

		pthread_mutex_lock(&lock);
		for (next = watched; next && (next->epoll != epoll || i++ < *count); next = next->next)
			;
		more = next ? realloc(copies, (*count + 1) * sizeof(*copies)) : NULL;
		if (more) {
			copies = more;
			copies[*count] = *next;
		}
		pthread_mutex_unlock(&lock);
		if (!more)
			return copies;
		if (is_device(copies[*count].fd, &inode) && inode == copies[*count].inode)
			(*count)++;
		else
			control(epoll, EPOLL_CTL_DEL, copies[*count].fd, copies[*count].inode, NULL);
	}
}

static int wait_devices(int epoll, struct epoll_event *events, int max, int ms, const sigset_t *mask,
			const struct watched *devices, struct pollfd *fds, nfds_t count)
{
	const struct timespec timeout = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };
	int n = 0, others;

	fds[0] = (struct pollfd){ .fd = epoll, .events = POLLIN };
	for (nfds_t i = 0; i < count; i++)
		fds[i + 1] = (struct pollfd){ .fd = devices[i].fd, .events = (short)devices[i].event.events };
	if (ppoll(fds, count + 1, ms < 0 ? NULL : &timeout, mask) < 0)
		return -1;
	for (nfds_t i = 0; i < count && n < max; i++) {
		struct epoll_event once = devices[i].event;

		if (!fds[i + 1].revents)
			continue;
		events[n++] = (struct epoll_event){ .events = (uint16_t)fds[i + 1].revents, .data = devices[i].event.data };
		once.events = 0;
		if (devices[i].event.events & EPOLLONESHOT)
			control(epoll, EPOLL_CTL_MOD, devices[i].fd, devices[i].inode, &once);
	}
	others = fds[0].revents && n < max ? NEXT(epoll_wait)(epoll, events + n, max - n, 0) : 0;
	return others < 0 ? others : n + others;
}

EXPORTED int epoll_pwait(int epoll, struct epoll_event *events, int max, int ms, const sigset_t *mask)
{
	struct watched *devices = NULL;
	struct pollfd *fds = NULL;
	nfds_t count = 0;
	int result;

	if (__atomic_load_n(&watched, __ATOMIC_RELAXED))
		devices = devices_of(epoll, &count);
	if (count)
		fds = calloc(count + 1, sizeof(*fds));
	if (!count)
		result = NEXT(epoll_pwait)(epoll, events, max, ms, mask);
	else
		result = fds ? wait_devices(epoll, events, max, ms, mask, devices, fds, count) : given(-ENOMEM);
	free(fds);
	free(devices);
	return result;
}

EXPORTED int epoll_wait(int epoll, struct epoll_event *events, int max, int ms)
{
	return epoll_pwait(epoll, events, max, ms, NULL);
}
