// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Nodes and open files: every operation, a file that outlives its node, a registration that fails.
#include <holdfast/holdfast.h>

#define DEV_GET		_IOR('d', 1, u32)
#define DEV_SET		_IOW('d', 2, u32)

struct state {
	u32 value;
	bool changed;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);
HF_CONDVAR_DEFINE(locked_state);

struct dev {
	struct hf_refs refs;
	struct locked_state state;
	struct locked_state_condvar changed;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

struct session {
	struct dev_arc dev;
};

static void session_end(struct session *s)
{
	dev_arc_drop(&s->dev);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_end);
HF_FILE_DEFINE(dev_node, dev_arc, session_own);
/* A file may share its data, and a node may own its device alone. */
HF_OWN_DEFINE(single, struct session, session_end);
HF_FILE_DEFINE(single_node, single_own, dev_arc);

static struct session_own_result dev_open(const struct dev *d, const struct hf_file *how)
{
	if (!how->readable)
		return hf_err(session_own, -EACCES);
	hf_let(session, s, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));
	hf_set(hf_mut(s)->dev, hf_arc_from(dev, d));
	return hf_ok(session_own, hf_move(s));
}

static int dev_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	const struct dev *const d = hf_ref(s->dev);

	hf_lock(g, &d->state);
	while (!g->changed) {
		if (how->nonblocking)
			return -EAGAIN;
		hf_try_errno(hf_wait_interruptible(&d->changed, g));
	}
	g->changed = false;
	return hf_uaccess_write_u32(to, g->value);
}

static int dev_set(const struct dev *d, u32 value)
{
	hf_lock(g, &d->state);

	g->value = value;
	g->changed = true;
	hf_notify_all(&d->changed);
	return 0;
}

static int dev_write(const struct session *s, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	const u32 value = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), 1000));

	(void)how;
	return dev_set(hf_ref(s->dev), value);
}

static int dev_ioctl(const struct session *s, unsigned int cmd, const struct hf_ioctl_arg *arg, const struct hf_file *how)
{
	const struct dev *const d = hf_ref(s->dev);

	if (!how->writable)
		return -EBADF;
	switch (cmd) {
	case DEV_GET: {
		struct hf_uaccess_writer w = hf_ioctl_writer(arg);

		hf_lock(g, &d->state);
		return hf_uaccess_write_u32(&w, g->value);
	}
	case DEV_SET: {
		struct hf_uaccess_reader r = hf_ioctl_reader(arg);
		const u32 value = hf_accept_any(hf_try(hf_uaccess_read_u32(&r)));

		return dev_set(d, value);
	}
	default:
		return -ENOTTY;
	}
}

static __poll_t dev_poll(const struct session *s, struct hf_poll *poll)
{
	const struct dev *const d = hf_ref(s->dev);

	hf_poll_wait(poll, &d->changed);
	hf_lock(g, &d->state);
	return g->changed ? EPOLLIN : 0;
}

HF_FILE_OPS(dev_node, session_own, .open = dev_open, .read = dev_read, .write = dev_write, .ioctl = dev_ioctl,
	    .poll = dev_poll);

static struct dev_arc_result single_open(const struct session *s, const struct hf_file *how)
{
	(void)how;
	return hf_ok(dev_arc, hf_clone(s->dev));
}

HF_FILE_OPS(single_node, dev_arc, .open = single_open);

struct driver {
	struct dev_node_own node;
};

void driver_remove(struct driver *d);
int driver_probe(struct driver *d, struct dev_arc arg);

int driver_probe(struct driver *d, struct dev_arc arg)
{
	hf_let_arc(dev, dev, arg);

	return hf_set_ok(d->node, hf_node_register(dev_node, "dev", hf_move(dev), GFP_KERNEL));
}

void driver_remove(struct driver *d)
{
	dev_node_own_drop(&d->node);
}
