/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The messages between `hfbinder serve` and the shim in its clients.
 *
 * What a program opens is a socket to the server, which is the open file: the file is closed when the socket is.  Each
 * thread that makes a call has one more, a channel: a call is a message of the thread's, and is done when the server
 * says so.  Meanwhile the server asks the thread for what only its process can do, which is about descriptors.  User
 * memory the server reads and writes itself (process_vm_readv(2)).
 *
 * Each side takes messages of this size only, and ends the connection at any other.
 */
#ifndef EXAMPLES_BINDER_WIRE_H
#define EXAMPLES_BINDER_WIRE_H

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum wire_kind {
	/* On the socket of the file, to the server. */
	WIRE_OPEN = 0x68666201,	/* address: of a word that is WIRE_OPEN.  The only one with an answer */
	WIRE_THREAD,		/* tid; comes with its channel */
	WIRE_INTERRUPT,		/* tid, call: a signal came during this call */
	/* On a channel, to the server. */
	WIRE_IOCTL,		/* number, address, nonblocking, says_sleeps */
	WIRE_MMAP,		/* address, size, offset, number: flags, prot */
	WIRE_MUNMAP,		/* address: of what is no longer mapped */
	WIRE_FLUSH,		/* a descriptor is closed */
	WIRE_POLL,		/* number: events, nonblocking */
	WIRE_ANSWER,		/* result; to what the server asks for */
	/* From the server. */
	WIRE_DONE,		/* result; of mmap() with a descriptor to map */
	WIRE_SLEEPS,		/* the call waits; only if it wants to know */
	WIRE_FD_GET,		/* number: of a descriptor, which comes with the answer */
	WIRE_FD_RESERVE,	/* the answer is a free number */
	WIRE_FD_FILL,		/* number: it becomes the descriptor that comes along */
	WIRE_FD_GIVE_BACK,	/* number */
};

struct wire {
	uint32_t kind;
	uint32_t tid;
	uint32_t number;
	int32_t result;		/* or a negative errno */
	uint8_t nonblocking, says_sleeps;
	uint16_t unused;
	uint32_t prot;
	uint64_t call;		/* counted by the thread */
	uint64_t address;
	uint64_t size;
	uint64_t offset;
};

/* @fd: goes along, or -1.  0 or a negative errno. */
static inline int wire_send(int sock, const struct wire *m, int fd, int flags)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec v = { .iov_base = (void *)(uintptr_t)m, .iov_len = sizeof(*m) };
	struct msghdr h = { .msg_iov = &v, .msg_iovlen = 1 };
	ssize_t n;

	if (fd >= 0) {
		struct cmsghdr *c;

		h.msg_control = control.bytes;
		h.msg_controllen = sizeof(control.bytes);
		c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	do
		n = sendmsg(sock, &h, flags | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* @fd: what came along, or -1.  -EPIPE at the end; -EPROTO: it is no such message, and what came along is closed. */
static inline int wire_recv(int sock, struct wire *m, int *fd, int flags)
{
	/* With room for one: the system closes the others. */
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec v = { .iov_base = m, .iov_len = sizeof(*m) };
	struct msghdr h = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes),
	};
	const ssize_t n = recvmsg(sock, &h, flags | MSG_CMSG_CLOEXEC);

	*fd = -1;
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	if (n == sizeof(*m) && !(h.msg_flags & MSG_TRUNC))
		return 0;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return n ? -EPROTO : -EPIPE;
}

#endif
