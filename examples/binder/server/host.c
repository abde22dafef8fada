// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the core asks of its host, for the clients of the server. */
#include "host.h"

#include <unistd.h>

static const struct caller nobody = { .channel = -1 };
static _Thread_local const struct caller *caller = &nobody;

void caller_enter(const struct caller *c)
{
	caller = c ? c : &nobody;
}

u32 binder_host_tid(void)
{
	return caller->tid;
}

u32 binder_host_pid(void)
{
	return caller->pid;
}

u32 binder_host_euid(void)
{
	return caller->uid;
}

/* ---- Files ---- */

struct binder_host_file {
	struct hf_refs refs;
	int fd;
};

static void file_destroy(struct binder_host_file *f)
{
	close(f->fd);
}

static void file_release(struct binder_host_file *f)
{
	hf_free(f);
}

HF_ARC_DEFINE(file, struct binder_host_file, refs, file_destroy, file_release);

void binder_host_file_get(struct binder_host_file *f)
{
	hf_let_arc(file, kept, hf_arc_from(file, f));

	/* SAFETY: binder_host_file_put() takes it back. */
	(void)hf_leak(kept);
}

void binder_host_file_put(struct binder_host_file *f)
{
	/* SAFETY: it was left by who got it. */
	hf_let_arc(file, last, hf_adopt_arc_unchecked(file, f));
}

/* Have the calling process do something with a descriptor: what it answers.  @fd: goes along; @got: comes with it. */
static int ask(enum wire_kind kind, u32 number, int fd, int *got)
{
	const struct wire question = { .kind = kind, .number = number };
	struct wire answer;
	int err;

	*got = -1;
	if (caller->channel < 0)
		return -ESRCH;
	/* There is room for it, unless the client reads nothing. */
	hf_try_errno(wire_send(caller->channel, &question, fd, MSG_DONTWAIT));
	do
		err = wire_recv(caller->channel, &answer, got, 0);
	while (err == -EINTR);
	hf_try_errno(err);
	if (answer.kind == WIRE_ANSWER)
		return answer.result;
	if (*got >= 0)
		close(*got);
	*got = -1;
	return -EPROTO;
}

/* The same, where nothing comes with the answer. */
static int tell(enum wire_kind kind, u32 number, int fd)
{
	int got;
	const int result = ask(kind, number, fd, &got);

	if (got >= 0)
		close(got);
	return result;
}

struct binder_host_file *binder_host_file_of(u32 fd)
{
	int got;

	(void)ask(WIRE_FD_GET, fd, -1, &got);
	if (got < 0)
		return NULL;
	struct file_arc_result made = hf_new_arc(file, GFP_KERNEL);

	if (!hf_is_ok(made)) {
		close(got);
		return NULL;
	}
	hf_let_arc(file, f, hf_expect(made, "it is there"));
	struct binder_host_file *const raw = hf_expect(hf_arc_unique(f), "it is new");

	raw->fd = got;
	/* SAFETY: the caller adopts it. */
	(void)hf_leak(f);
	return raw;
}

struct u32_result binder_host_fd_reserve(void)
{
	const int fd = tell(WIRE_FD_RESERVE, 0, -1);

	return fd < 0 ? hf_err(u32, fd == -ENOMEM ? -ENOMEM : -EMFILE) : hf_ok(u32, (u32)fd);
}

void binder_host_fd_fill(u32 fd, struct host_file_arc given)
{
	hf_let_arc(host_file, f, given);

	/* A process that is gone needs none. */
	(void)tell(WIRE_FD_FILL, fd, hf_ref(f)->fd);
}

void binder_host_fd_give_back(u32 fd)
{
	(void)tell(WIRE_FD_GIVE_BACK, fd, -1);
}

void binder_host_fd_close(u32 fd)
{
	(void)tell(WIRE_FD_GIVE_BACK, fd, -1);
}
