// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See host.h. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../binder.h"
#include "host.h"

_Thread_local u32 host_tid, host_pid;

u32 binder_host_tid(void)
{
	return host_tid;
}

u32 binder_host_pid(void)
{
	return host_pid;
}

u32 binder_host_euid(void)
{
	return 0;
}

/* Here all processes have the same descriptors. */
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

struct binder_host_file *binder_host_file_of(u32 fd)
{
	const int copy = dup((int)fd);

	if (copy < 0)
		return NULL;
	hf_let_arc(file, f, hf_empty(file_arc));

	if (hf_set_ok(f, hf_new_arc(file, GFP_KERNEL))) {
		close(copy);
		return NULL;
	}
	struct binder_host_file *const raw = hf_expect(hf_arc_unique(f), "it is new");

	raw->fd = copy;
	/* SAFETY: the caller adopts it. */
	(void)hf_leak(f);
	return raw;
}

struct u32_result binder_host_fd_reserve(void)
{
	const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? hf_err(u32, -errno) : hf_ok(u32, (u32)fd);
}

void binder_host_fd_fill(u32 fd, struct host_file_arc given)
{
	hf_let_arc(host_file, f, given);

	/* Not dup2(), whose value GCC's analyzer takes for one more descriptor. */
	hf_require(HF_UNWRAP, syscall(SYS_dup3, hf_ref(f)->fd, (int)fd, O_CLOEXEC) == (long)fd);
}

void binder_host_fd_give_back(u32 fd)
{
	close((int)fd);
}

void binder_host_fd_close(u32 fd)
{
	close((int)fd);
}
