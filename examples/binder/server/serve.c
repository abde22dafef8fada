// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * hfbinder serve: the core in a process of its own, whose clients are other processes (wire.h, shim.c).
 *
 * Each channel has a thread here, which may sleep in the core for its client's.  What clients have closed is settled
 * before the next call of any client is begun, as a driver does it before the process that closes goes on.
 *
 * A client can harm itself only: what it sends is of one size, its threads are counted, and no thread waits for it but
 * those of its own channels.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../hfbinder/hfbinder.h"
#include "host.h"

#define NODE		"hfbinder"
#define EVENTS		256		/* looked at in one go */
#define CHANNELS	512u		/* of one file */
#define FILES		256u		/* of one process */

struct channel {
	struct channel *next;		/* an older one */
	struct session *session;
	struct caller caller;
	struct hf_user_task task;
	u64 call;			/* the last one that has begun */
	u64 interrupted;		/* a call */
	bool calling;
	bool says_sleeps;
	bool ends;			/* a newer thread has its number */
};

/* An open file. */
struct session {
	struct session *next;
	int sock;
	struct caller caller;		/* its process */
	struct hf_user_file *file;	/* NULL until the client has said that it is one */
	struct hf_area *area;		/* what it has mapped, once; NULL: nothing */
	u64 area_address;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct channel *channels;
	unsigned int channel_count;
	bool closed;
	unsigned int users;		/* its channels; and while it is not closed */
};

static struct {
	pthread_mutex_t lock;		/* of all here, and held while events are handled */
	int events, listener, signals;
	int spare;			/* closed to have a descriptor by which to refuse */
	struct session *sessions;
	unsigned int threads;		/* of channels */
	pthread_cond_t thread_ended;
	unsigned long opened;
	bool ends;
} server = { .lock = PTHREAD_MUTEX_INITIALIZER, .thread_ended = PTHREAD_COND_INITIALIZER };

/* ---- Channels ---- */

static void session_put(struct session *s)
{
	unsigned int left;

	pthread_mutex_lock(&s->lock);
	left = --s->users;
	pthread_mutex_unlock(&s->lock);
	if (left)
		return;
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
	free(s);
}

/*
 * Ends its call, and what is heard from it.  The client is told when the call has ended, after which its memory is not
 * written any more.  The session is locked.
 */
static void channel_stop(struct channel *c)
{
	shutdown(c->caller.channel, SHUT_RD);
	hf_user_task_signal(&c->task, true);
}

static bool has_older(const struct channel *c)
{
	for (const struct channel *o = c->next; o; o = o->next)
		if (o->caller.tid == c->caller.tid)
			return true;
	return false;
}

/* A thread that has ended without a word may have left its number to this one.  The core shall see one at a time. */
static void replace_older(struct channel *c)
{
	struct session *const s = c->session;

	pthread_mutex_lock(&s->lock);
	for (struct channel *o = c->next; o; o = o->next) {
		if (o->caller.tid != c->caller.tid)
			continue;
		o->ends = true;
		channel_stop(o);
	}
	while (has_older(c))
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

static bool call_begin(struct channel *c, u64 call)
{
	struct session *const s = c->session;
	bool begins;

	pthread_mutex_lock(&s->lock);
	begins = c->calling = !s->closed && !c->ends;
	c->call = call;
	if (begins)
		hf_user_task_signal(&c->task, c->interrupted == call);
	pthread_mutex_unlock(&s->lock);
	return begins;
}

static void call_end(struct channel *c)
{
	struct session *const s = c->session;

	pthread_mutex_lock(&s->lock);
	c->calling = false;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* Called in the core: it must not wait for a client, which has room for this unless it reads nothing. */
static void say_sleeps(struct hf_user_task *t)
{
	const struct channel *const c = (struct channel *)(void *)((char *)t - offsetof(struct channel, task));
	const struct wire m = { .kind = WIRE_SLEEPS };

	if (c->says_sleeps)
		(void)wire_send(c->caller.channel, &m, -1, MSG_DONTWAIT);
}

static s32 map(struct session *s, const struct wire *m, int *along)
{
	struct hf_area *area = NULL;
	const s32 result = hf_user_mmap_at(s->file, (void *)(unsigned long)m->address, m->size, (int)m->prot,
					   (int)m->number, m->offset, along, &area);

	if (!area)
		return result;
	pthread_mutex_lock(&s->lock);
	s->area = area;
	s->area_address = m->address;
	pthread_mutex_unlock(&s->lock);
	return result;
}

static s32 unmap(struct session *s, u64 address)
{
	struct hf_area *area = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->area && s->area_address == address) {
		area = s->area;
		s->area = NULL;
	}
	pthread_mutex_unlock(&s->lock);
	if (area)
		hf_user_munmap_at(area);
	return area ? 0 : -EINVAL;
}

/* @along: what shall be sent with the answer. */
static bool call(const struct channel *c, const struct wire *m, s32 *result, int *along)
{
	struct hf_user_file *const file = c->session->file;
	void *const address = (void *)(unsigned long)m->address;

	switch (m->kind) {
	case WIRE_IOCTL:
		hf_user_set_nonblocking(file, m->nonblocking);
		*result = hf_user_ioctl(file, m->number, address);
		return true;
	case WIRE_MMAP:
		*result = map(c->session, m, along);
		return true;
	case WIRE_MUNMAP:
		*result = unmap(c->session, m->address);
		return true;
	case WIRE_FLUSH:
		hf_user_flush(file);
		*result = 0;
		return true;
	case WIRE_POLL:
		*result = (s32)hf_user_poll(file, (__poll_t)m->number, m->nonblocking ? 0 : HF_SYS_FOREVER);
		return true;
	default:
		return false;
	}
}

static void settle(void);

static void *channel_run(void *channel)
{
	struct channel *const c = channel;
	struct session *const s = c->session;
	struct channel **link;
	struct wire m;
	int along, err;

	replace_older(c);
	for (;;) {
		struct wire done = { .kind = WIRE_DONE };
		bool knows;

		do
			err = wire_recv(c->caller.channel, &m, &along, 0);
		while (err == -EINTR);
		if (along >= 0)
			close(along);
		if (err)
			break;
		settle();
		if (!call_begin(c, m.call))
			break;
		along = -1;
		c->says_sleeps = m.says_sleeps;
		caller_enter(&c->caller);
		hf_user_task_enter(&c->task);
		knows = call(c, &m, &done.result, &along);
		hf_user_task_enter(NULL);
		caller_enter(NULL);
		call_end(c);
		err = knows ? wire_send(c->caller.channel, &done, along, MSG_DONTWAIT) : -EPROTO;
		if (along >= 0)
			close(along);
		if (err)
			break;
	}
	pthread_mutex_lock(&s->lock);
	for (link = &s->channels; *link != c; link = &(*link)->next)
		;
	*link = c->next;
	s->channel_count--;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	close(c->caller.channel);
	hf_user_task_fini(&c->task);
	free(c);
	session_put(s);
	pthread_mutex_lock(&server.lock);
	server.threads--;
	pthread_cond_signal(&server.thread_ended);
	pthread_mutex_unlock(&server.lock);
	return NULL;
}

/* A thread that cannot be served finds its channel closed. */
static void channel_new(struct session *s, u32 tid, int sock)
{
	struct channel *const c = calloc(1, sizeof(*c));
	pthread_attr_t attributes;
	pthread_t thread;
	int err;

	if (!c || !s->file) {
		free(c);
		close(sock);
		return;
	}
	c->session = s;
	c->caller = s->caller;
	c->caller.tid = tid;
	c->caller.channel = sock;
	hf_user_task_init(&c->task, (pid_t)s->caller.pid, say_sleeps);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&s->lock);
	c->next = s->channels;
	err = s->channel_count < CHANNELS ? pthread_create(&thread, &attributes, channel_run, c) : EAGAIN;
	if (!err) {
		s->channels = c;
		s->channel_count++;
		s->users++;
		server.threads++;
	}
	pthread_mutex_unlock(&s->lock);
	pthread_attr_destroy(&attributes);
	if (!err)
		return;
	hf_user_task_fini(&c->task);
	free(c);
	close(sock);
}

static void interrupt(struct session *s, u32 tid, u64 call)
{
	pthread_mutex_lock(&s->lock);
	for (struct channel *c = s->channels; c; c = c->next) {
		if (c->caller.tid != tid)
			continue;
		c->interrupted = call;
		if (c->calling && c->call == call)
			hf_user_task_signal(&c->task, true);
		break;
	}
	pthread_mutex_unlock(&s->lock);
}

/* ---- Files ---- */

static bool watch(int fd, void *what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = what };

	return !epoll_ctl(server.events, EPOLL_CTL_ADD, fd, &e);
}

static unsigned int files_of(u32 pid)
{
	unsigned int n = 0;

	for (const struct session *s = server.sessions; s; s = s->next)
		n += s->caller.pid == pid;
	return n;
}

static void accept_client(void)
{
	const int sock = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC);
	struct session *s = NULL;
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (sock < 0 && (errno == EMFILE || errno == ENFILE)) {
		close(server.spare);
		close(accept4(server.listener, NULL, NULL, SOCK_CLOEXEC));
		server.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	if (sock < 0)
		return;
	if (!getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &size) && files_of((u32)peer.pid) < FILES)
		s = calloc(1, sizeof(*s));
	if (!s || !watch(sock, s)) {
		free(s);
		close(sock);
		return;
	}
	s->sock = sock;
	s->users = 1;
	s->caller = (struct caller){ .pid = (u32)peer.pid, .uid = peer.uid, .channel = -1 };
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	s->next = server.sessions;
	server.sessions = s;
}

static bool is_calling(const struct session *s)
{
	for (const struct channel *c = s->channels; c; c = c->next)
		if (c->calling)
			return true;
	return false;
}

/* All that its process had is over when this returns. */
static void session_close(struct session *s)
{
	struct session **link;

	for (link = &server.sessions; *link != s; link = &(*link)->next)
		;
	*link = s->next;
	pthread_mutex_lock(&s->lock);
	s->closed = true;
	for (struct channel *c = s->channels; c; c = c->next)
		channel_stop(c);
	while (is_calling(s))
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
	if (s->area)
		hf_user_munmap_at(s->area);
	if (s->file)
		hf_user_close(s->file);
	close(s->sock);
	session_put(s);
}

/* Whether the client's memory can be read, without which nothing can. */
static int check_memory(const struct session *s, u64 address)
{
	struct hf_user_task t;
	u32 word = 0;
	int err;

	hf_user_task_init(&t, (pid_t)s->caller.pid, NULL);
	hf_user_task_enter(&t);
	err = hf_sys_copy_from_user(&word, (const void __user *)(unsigned long)address, sizeof(word));
	hf_user_task_enter(NULL);
	hf_user_task_fini(&t);
	return err || word != WIRE_OPEN ? -EACCES : 0;
}

static int session_open(struct session *s, const struct wire *m)
{
	struct wire done = { .kind = WIRE_DONE };

	if (s->file)
		return -EPROTO;
	done.result = check_memory(s, m->address);
	caller_enter(&s->caller);
	if (!done.result)
		done.result = hf_user_open(NODE, (int)m->number & O_ACCMODE, &s->file);
	caller_enter(NULL);
	server.opened += !done.result;
	return wire_send(s->sock, &done, -1, MSG_DONTWAIT);
}

static void session_event(struct session *s, u32 events)
{
	struct wire m;
	int along, err;

	if (events & (EPOLLHUP | EPOLLERR)) {
		session_close(s);
		return;
	}
	err = wire_recv(s->sock, &m, &along, MSG_DONTWAIT);
	if (err == -EAGAIN || err == -EINTR)
		return;
	if (!err && m.kind == WIRE_THREAD && along >= 0) {
		channel_new(s, m.tid, along);
		return;
	}
	if (along >= 0)
		close(along);
	if (!err && m.kind == WIRE_INTERRUPT)
		interrupt(s, m.tid, m.call);
	else if (!err && m.kind == WIRE_OPEN)
		err = session_open(s, &m);
	else if (!err)
		err = -EPROTO;
	if (err)
		session_close(s);
}

/* Handle what clients have sent and closed until now.  Called by any thread between calls. */
static void settle(void)
{
	struct epoll_event events[EVENTS];
	int n;

	pthread_mutex_lock(&server.lock);
	n = epoll_wait(server.events, events, EVENTS, 0);
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == &server.listener)
			accept_client();
		else if (events[i].data.ptr == &server.signals)
			__atomic_store_n(&server.ends, true, __ATOMIC_RELAXED);
		else
			session_event(events[i].data.ptr, events[i].events);
	}
	pthread_mutex_unlock(&server.lock);
}

/* ---- The command ---- */

/* A socket that a server has left which did not end by itself. */
static bool is_left(const struct sockaddr_un *a)
{
	struct stat st;
	int sock;
	bool is;

	/* The error is the same of what is no socket. */
	if (lstat(a->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return false;
	is = connect(sock, (const struct sockaddr *)a, sizeof(*a)) && errno == ECONNREFUSED;
	close(sock);
	return is;
}

static int listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int err;

	if (strlen(path) >= sizeof(a.sun_path))
		return cli_error("serve: the path has %zu bytes; a socket's may have %zu", strlen(path),
				      sizeof(a.sun_path) - 1);
	strcpy(a.sun_path, path);
	server.listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server.listener < 0)
		return cli_error("serve: socket: %s", strerror(errno));
	err = bind(server.listener, (struct sockaddr *)&a, sizeof(a)) ? errno : 0;
	if (err == EADDRINUSE && is_left(&a)) {
		unlink(path);
		err = bind(server.listener, (struct sockaddr *)&a, sizeof(a)) ? errno : 0;
	}
	if (err == EADDRINUSE)
		return cli_error("serve: %s: it exists; choose another path, or end the server that has it", path);
	if (err)
		return cli_error("serve: %s: %s", path, strerror(err));
	if (listen(server.listener, SOMAXCONN)) {
		unlink(path);
		return cli_error("serve: %s: %s", path, strerror(errno));
	}
	return CLI_OK;
}

static int serve(const char *path)
{
	struct rlimit files;
	struct epoll_event e;
	sigset_t ends;

	/* Of all threads; before there are any. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	server.spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	server.signals = signalfd(-1, &ends, SFD_CLOEXEC);
	server.events = epoll_create1(EPOLL_CLOEXEC);
	if (server.spare < 0 || server.signals < 0 || server.events < 0 || !watch(server.listener, &server.listener) ||
	    !watch(server.signals, &server.signals))
		return cli_error("serve: %s", strerror(errno));
	cli_line(stdout, "serving %s", path);
	if (cli_flush())
		return CLI_FAILED;
	while (!__atomic_load_n(&server.ends, __ATOMIC_RELAXED)) {
		(void)epoll_wait(server.events, &e, 1, -1);
		settle();
	}
	return CLI_OK;
}

int hfbinder_serve(const struct cli_options *o)
{
	const size_t live = hf_user_live();
	hf_let(binder_device, device, hf_empty(binder_device_own));
	int status;

	if (hf_set_ok(device, binder_bind(NODE, NULL)))
		return cli_error("serve: there is no memory for the device");
	status = listen_at(o->device);
	if (status)
		return status;
	status = serve(o->device);
	unlink(o->device);
	pthread_mutex_lock(&server.lock);
	while (server.sessions)
		session_close(server.sessions);
	while (server.threads)
		pthread_cond_wait(&server.thread_ended, &server.lock);
	pthread_mutex_unlock(&server.lock);
	hf_drop(binder_device, device);
	if (!o->quiet)
		printf("%lu files were opened; must be 0: %zu allocations left\n", server.opened, hf_user_live() - live);
	return status;
}
