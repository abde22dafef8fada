// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* file.h: nodes, and the files that are opened through them. */
#include <holdfast/arc.h>
#include <holdfast/file.h>

#include "harness.h"

#ifdef HF_TEST_CLOCK
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/* What is written comes out again; the device outlives its node while a file is open. */
struct pipe_data {
	u8 byte[16];
	size_t len;
	bool refuses;
};

HF_LOCKED_DEFINE(locked_pipe, mutex, struct pipe_data);
HF_CONDVAR_DEFINE(locked_pipe);

struct pipe {
	struct hf_refs refs;
	struct locked_pipe state;
	struct locked_pipe_condvar changed;
};

static int pipes_ended, sessions_ended, flushes;

static int pipe_init(struct pipe *p, int unused)
{
	(void)unused;
	hf_lock_init(&p->state);
	hf_cond_init(&p->changed);
	return 0;
}

static void pipe_destroy(struct pipe *p)
{
	pipes_ended++;
	hf_cond_fini(&p->changed);
	hf_lock_fini(&p->state);
}

static void pipe_release(struct pipe *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(pipe, struct pipe, refs, pipe_destroy, pipe_release);

struct session {
	struct pipe_arc pipe;
};

static void session_end(struct session *s)
{
	sessions_ended++;
	pipe_arc_drop(&s->pipe);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_end);
HF_FILE_DEFINE(pipe_node, pipe_arc, session_own);
HF_FILE_DEFINE(bare_node, pipe_arc, session_own);

static struct session_own_result pipe_open(const struct pipe *p, const struct hf_file *how)
{
	(void)how;
	{
		hf_lock(d, &p->state);
		if (d->refuses)
			return hf_err(session_own, -EPERM);
	}
	hf_let(session, s, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));
	hf_set(hf_mut(s)->pipe, hf_arc_from(pipe, p));
	return hf_ok(session_own, hf_move(s));
}

static int pipe_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	const struct pipe *const p = hf_ref(s->pipe);

	hf_lock(d, &p->state);
	while (!d->len) {
		if (how->nonblocking)
			return -EAGAIN;
		hf_try_errno(hf_wait_interruptible(&p->changed, d));
	}
	for (bool first = true; d->len && hf_remaining(to); first = false) {
		const int err = hf_uaccess_write_u8(to, d->byte[0]);

		if (err)
			return first ? err : 0;
		d->len--;
		memmove(d->byte, d->byte + 1, d->len);
	}
	return 0;
}

static int pipe_write(const struct session *s, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	const struct pipe *const p = hf_ref(s->pipe);

	(void)how;
	hf_lock(d, &p->state);
	for (bool first = true; hf_remaining(from); first = false) {
		if (d->len == sizeof(d->byte))
			return first ? -ENOSPC : 0;
		d->byte[d->len] = hf_accept_any(hf_try(hf_uaccess_read_u8(from)));
		d->len++;
	}
	hf_notify_all(&p->changed);
	return 0;
}

#define PIPE_LENGTH	_IOR('h', 1, u32)
#define PIPE_FILL	_IOW('h', 2, u32)

static int pipe_ioctl(const struct session *s, unsigned int cmd, const struct hf_ioctl_arg *arg, const struct hf_file *how)
{
	const struct pipe *const p = hf_ref(s->pipe);
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);

	if (!how->readable)
		return -EBADF;
	hf_lock(d, &p->state);
	switch (cmd) {
	case PIPE_LENGTH:
		HF_EXPECT_EQ(hf_remaining(&r), 0);
		return hf_uaccess_write_u32(&w, (u32)d->len);
	case PIPE_FILL:
		HF_EXPECT_EQ(hf_remaining(&w), 0);
		d->len = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(&r)), 16));
		hf_notify_all(&p->changed);
		return 0;
	default:
		return -ENOTTY;
	}
}

static __poll_t pipe_poll(const struct session *s, struct hf_poll *poll)
{
	const struct pipe *const p = hf_ref(s->pipe);
	__poll_t can = 0;

	hf_poll_wait(poll, &p->changed);
	hf_lock(d, &p->state);
	if (d->len)
		can |= EPOLLIN;
	if (d->len < sizeof(d->byte))
		can |= EPOLLOUT;
	return can;
}

static void pipe_flush(const struct session *s)
{
	HF_EXPECT(!hf_is_empty(s->pipe));
	flushes++;
}

HF_FILE_OPS(pipe_node, session_own, .open = pipe_open, .read = pipe_read, .write = pipe_write, .ioctl = pipe_ioctl,
	    .poll = pipe_poll, .flush = pipe_flush);
HF_FILE_OPS(bare_node, session_own, .open = pipe_open);

static int strict_write(const struct session *s, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	(void)s;
	(void)how;
	hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), 7));
	return 0;
}

static int strict_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	(void)s;
	(void)how;
	hf_try_errno(hf_uaccess_write_u8(to, 1));
	return -EIO;
}

HF_FILE_DEFINE(strict_node, pipe_arc, session_own);
HF_FILE_OPS(strict_node, session_own, .open = pipe_open, .read = strict_read, .write = strict_write);

#define NODE	"holdfast_test"

static struct pipe_arc pipe_make(void)
{
	pipes_ended = sessions_ended = flushes = 0;
	return hf_expect(hf_new_arc_with(pipe, GFP_KERNEL, pipe_init, 0), "there is memory");
}

HF_TEST(file, bytes_written_are_read)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer fill = hf_uaccess_writer(page, 8);
	struct hf_uaccess_reader look = hf_uaccess_reader((char __user *)page + 8, 8);
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_uaccess_write_u64(&fill, 0x1122334455667788), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_write(&f, page, 8), 8);
	HF_EXPECT_EQ(hf_test_read(&f, (char __user *)page + 8, 5), 5);
	HF_EXPECT_EQ(hf_test_read(&f, (char __user *)page + 13, 100), 3);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u64(&look), "it was written")), 0x1122334455667788);
	hf_test_close(&f);
	hf_test_user_unmap(page);
	HF_EXPECT_EQ(sessions_ended, 1);
}

HF_TEST(file, transfer_counts_itself)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR | O_NONBLOCK, &f), 0);
	HF_EXPECT_EQ(hf_test_read(&f, page, 1), -EAGAIN);
	/* This driver tells the error by the next call, as the bytes before it count. */
	HF_EXPECT_EQ(hf_test_write(&f, page, 20), 16);
	HF_EXPECT_EQ(hf_test_write(&f, page, 1), -ENOSPC);
	HF_EXPECT_EQ(hf_test_read(&f, (char __user *)page + HF_TEST_PAGE - 2, 4), 2);
	HF_EXPECT_EQ(hf_test_read(&f, HF_TEST_USER_BAD, 4), -EFAULT);
	HF_EXPECT_EQ(hf_test_write(&f, HF_TEST_USER_BAD, 1), -EFAULT);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

HF_TEST(file, error_after_some_bytes_is_the_value)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(strict_node, node, hf_expect(hf_node_register(strict_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer w = hf_uaccess_writer(page, 8);
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 8), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 7), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_write(&f, page, 8), -ERANGE);
	HF_EXPECT_EQ(hf_test_write(&f, (char __user *)page + 4, 4), 4);
	HF_EXPECT_EQ(hf_test_read(&f, page, 4), -EIO);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

HF_TEST(file, ioctl_has_what_its_command_says)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer fill = hf_uaccess_writer(page, 8);
	struct hf_uaccess_reader look = hf_uaccess_reader((char __user *)page + 8, 4);
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_uaccess_write_u32(&fill, 7), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&fill, 17), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_ioctl(&f, PIPE_FILL, page), 0);
	HF_EXPECT_EQ(hf_test_ioctl(&f, PIPE_FILL, (char __user *)page + 4), -ERANGE);
	HF_EXPECT_EQ(hf_test_ioctl(&f, PIPE_FILL, HF_TEST_USER_BAD), -EFAULT);
	HF_EXPECT_EQ(hf_test_ioctl(&f, PIPE_LENGTH, (char __user *)page + 8), 0);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u32(&look), "it was written")), 7);
	HF_EXPECT_EQ(hf_test_ioctl(&f, _IO('h', 3), page), -ENOTTY);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

HF_TEST(file, poll_says_what_is_possible)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLOUT);
	HF_EXPECT_EQ(hf_test_write(&f, page, 1), 1);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLIN | EPOLLOUT);
	HF_EXPECT_EQ(hf_test_write(&f, page, 15), 15);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLIN);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLOUT), 0);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

HF_TEST(file, flush_is_called_by_each_close)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(flushes, 0);
	hf_test_flush(&f);
	HF_EXPECT_EQ(flushes, 1);
	HF_EXPECT_EQ(sessions_ended, 0);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLOUT);
	hf_test_close(&f);
	HF_EXPECT_EQ(flushes, 2);
	HF_EXPECT_EQ(sessions_ended, 1);
}

HF_TEST(file, device_outlives_its_node)
{
	void __user *const page = hf_test_user_map();
	struct hf_test_file f;

	{
		hf_let_arc(pipe, p, pipe_make());
		hf_let(pipe_node, node,
		       hf_expect(hf_node_register(pipe_node, NODE, hf_move(p), GFP_KERNEL), "it is the first"));

		HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	}
	HF_EXPECT_EQ(pipes_ended, 0);
	HF_EXPECT_EQ(hf_test_write(&f, page, 3), 3);
	HF_EXPECT_EQ(hf_test_read(&f, page, 9), 3);
	hf_test_close(&f);
	HF_EXPECT_EQ(sessions_ended, 1);
	HF_EXPECT_EQ(pipes_ended, 1);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), -ENOENT);
	hf_test_user_unmap(page);
}

HF_TEST(file, open_may_fail)
{
	const size_t live = hf_test_live();

	{
		hf_let_arc(pipe, p, pipe_make());
		hf_let(pipe_node, node,
		       hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
		struct hf_test_file f;

		{
			hf_lock(d, &hf_ref(p)->state);
			d->refuses = true;
		}
		HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), -EPERM);
		{
			hf_lock(d, &hf_ref(p)->state);
			d->refuses = false;
		}
		hf_test_fail_alloc(1);
		HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), -ENOMEM);
		hf_test_fail_alloc(0);
		HF_EXPECT_EQ(sessions_ended, 0);
	}
	HF_EXPECT_EQ(pipes_ended, 1);
	HF_EXPECT_EQ(hf_test_live(), live);
}

static int register_as(const char *text, struct pipe_arc p)
{
	struct pipe_node_own_result r = hf_node_register(pipe_node, text, p, GFP_KERNEL);

	HF_EXPECT(!hf_is_ok(r));
	return hf_errno(r);
}

HF_TEST(file, failed_registration_drops_the_device)
{
	const size_t live = hf_test_live();

	{
		hf_let_arc(pipe, p, pipe_make());
		hf_let(pipe_node, node,
		       hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));

#ifdef HF_TEST_NODE_TWICE
		HF_EXPECT_EQ(register_as(NODE, hf_clone(p)), -EEXIST);
#endif
		hf_test_fail_alloc(1);
		HF_EXPECT_EQ(register_as(NODE, hf_clone(p)), -ENOMEM);
		hf_test_fail_alloc(0);
		HF_EXPECT_EQ(register_as("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", hf_clone(p)),
			     -ENAMETOOLONG);
	}
	HF_EXPECT_EQ(pipes_ended, 1);
	HF_EXPECT_EQ(hf_test_live(), live);
}

HF_TEST(file, the_name_is_copied)
{
	char text[] = NODE;
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, text, hf_clone(p), GFP_KERNEL), "it is the first"));
	struct hf_test_file f;

	text[0] = '?';
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	hf_test_close(&f);
}

HF_TEST(file, what_was_left_out)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(bare_node, node, hf_expect(hf_node_register(bare_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_read(&f, page, 1), -EINVAL);
	HF_EXPECT_EQ(hf_test_write(&f, page, 1), -EINVAL);
	HF_EXPECT_EQ(hf_test_ioctl(&f, PIPE_LENGTH, page), -ENOTTY);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLIN | EPOLLOUT);
	hf_test_flush(&f);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

HF_TEST(file, file_is_of_one_direction)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_test_file in, out;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDONLY, &in), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_WRONLY, &out), 0);
	HF_EXPECT_EQ(hf_test_write(&in, page, 1), -EBADF);
	HF_EXPECT_EQ(hf_test_read(&out, page, 1), -EBADF);
	HF_EXPECT_EQ(hf_test_write(&out, page, 1), 1);
	HF_EXPECT_EQ(hf_test_read(&in, page, 2), 1);
	hf_test_close(&out);
	hf_test_close(&in);
	hf_test_user_unmap(page);
}

static void fill(void *pipe)
{
	hf_lock(d, &((const struct pipe *)pipe)->state);
	d->len = 1;
	hf_notify_all(&((const struct pipe *)pipe)->changed);
}

HF_TEST(file, read_waits_until_there_is_something)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	void __user *const page = hf_test_user_map();
	struct hf_test_thread filler;
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	hf_test_spawn(&filler, fill, (void *)(unsigned long)hf_ref(p));
	HF_EXPECT_EQ(hf_test_read(&f, page, 1), 1);
	hf_test_join(&filler);
	hf_test_close(&f);
	hf_test_user_unmap(page);
}

#ifdef HF_TEST_CLOCK
static void poll_in(void *file)
{
	HF_EXPECT_EQ(hf_user_poll(((struct hf_test_file *)file)->f, EPOLLIN, HF_SYS_FOREVER), EPOLLIN);
}

HF_TEST(file, poll_ends_with_a_notification)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	struct hf_test_thread poller;
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	hf_test_spawn(&poller, poll_in, &f);
	HF_EXPECT_EQ(hf_test_write(&f, "x", 1), 1);
	hf_test_join(&poller);
	hf_test_close(&f);
}

HF_TEST(file, poll_ends_at_its_time)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_user_poll(f.f, EPOLLIN, hf_sys_now_ns()), 0);
	hf_test_close(&f);
}

/* A thread in a call for a task, and a pipe by which it says that it sleeps. */
struct reader {
	struct hf_user_task task;
	struct hf_test_file f;
	int sleeps[2];
	ssize_t got;
};

static void say_sleeps(struct hf_user_task *task)
{
	/* It is the first member. */
	const struct reader *const r = (const void *)task;

	HF_EXPECT_EQ(write(r->sleeps[1], "", 1), 1);
}

static void read_as(void *reader)
{
	struct reader *const r = reader;
	u8 byte;

	hf_user_task_enter(&r->task);
	r->got = hf_test_read(&r->f, (void __user *)&byte, 1);
	hf_user_task_enter(NULL);
}

HF_TEST(file, signal_of_a_task_ends_its_call)
{
	hf_let_arc(pipe, p, pipe_make());
	hf_let(pipe_node, node, hf_expect(hf_node_register(pipe_node, NODE, hf_clone(p), GFP_KERNEL), "it is the first"));
	struct hf_test_thread thread;
	struct reader r;
	char byte;

	HF_EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, r.sleeps), 0);
	hf_user_task_init(&r.task, getpid(), say_sleeps);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &r.f), 0);
	/* While it sleeps, and before it does. */
	hf_test_spawn(&thread, read_as, &r);
	HF_EXPECT_EQ(read(r.sleeps[0], &byte, 1), 1);
	hf_user_task_signal(&r.task, true);
	hf_test_join(&thread);
	HF_EXPECT_EQ(r.got, -EINTR);
	read_as(&r);
	HF_EXPECT_EQ(r.got, -EINTR);
	hf_user_task_enter(&r.task);
	HF_EXPECT_EQ(hf_user_poll(r.f.f, EPOLLIN, HF_SYS_FOREVER), 0);
	hf_user_task_enter(NULL);
	/* It is no longer pending. */
	hf_user_task_signal(&r.task, false);
	HF_EXPECT_EQ(hf_test_write(&r.f, "x", 1), 1);
	read_as(&r);
	HF_EXPECT_EQ(r.got, 1);
	hf_test_close(&r.f);
	hf_user_task_fini(&r.task);
	close(r.sleeps[0]);
	close(r.sleeps[1]);
}

HF_TEST(file, memory_of_a_task_is_that_of_its_process)
{
	static u32 word = 1;
	struct hf_uaccess_reader reader = hf_uaccess_reader((void __user *)&word, sizeof(word));
	struct hf_uaccess_writer writer = hf_uaccess_writer((void __user *)&word, sizeof(word));
	struct hf_user_task task;
	int line[2], status;
	pid_t child;
	char byte = 0;

	HF_EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, line), 0);
	child = fork();
	if (!child) {
		word = 2;
		_exit(write(line[1], &byte, 1) != 1 || read(line[1], &byte, 1) != 1 || word != 3);
	}
	HF_EXPECT_EQ(read(line[0], &byte, 1), 1);
	hf_user_task_init(&task, child, NULL);
	hf_user_task_enter(&task);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u32(&reader), "it is there")), 2);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&writer, 3), 0);
	hf_user_task_enter(NULL);
	HF_EXPECT_EQ(word, 1);
	HF_EXPECT_EQ(write(line[0], &byte, 1), 1);
	HF_EXPECT_EQ(waitpid(child, &status, 0), child);
	HF_EXPECT_EQ(status, 0);
	hf_user_task_fini(&task);
	close(line[0]);
	close(line[1]);
}
#endif
