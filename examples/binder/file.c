// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Device files: what a process opens, and what is left when it closes. */
#include "core.h"

/* ---- Contexts ---- */

static int registry_init(struct registry *r, int unused)
{
	(void)unused;
	hf_lock_init(&r->procs);
	/* SAFETY: nobody else can reach it yet. */
	procs_init(hf_lock_get_mut_unchecked(&r->procs));
	return 0;
}

void registry_destroy(struct registry *r)
{
	/* SAFETY: nobody can reach it any more. */
	procs_fini(hf_lock_get_mut_unchecked(&r->procs));
	hf_lock_fini(&r->procs);
}

void registry_release(struct registry *r)
{
	hf_free(r);
}

static int context_init(struct context *c, const struct registry *r)
{
	hf_set(c->registry, hf_arc_from(registry, r));
	hf_lock_init(&c->manager);
	return 0;
}

void context_destroy(struct context *c)
{
	/* SAFETY: nobody can reach it any more. */
	node_arc_drop(&hf_lock_get_mut_unchecked(&c->manager)->node);
	hf_lock_fini(&c->manager);
	registry_arc_drop(&c->registry);
}

void context_release(struct context *c)
{
	hf_free(c);
}

struct context_arc_result context_new(const struct context *beside)
{
	hf_let_arc(registry, r, hf_empty(registry_arc));

	if (beside)
		hf_set(r, hf_clone(beside->registry));
	else
		hf_try_errno_in(context_arc, hf_set_ok(r, hf_new_arc_with(registry, GFP_KERNEL, registry_init, 0)));
	return hf_new_arc_with(context, GFP_KERNEL, context_init, hf_ref(r));
}

/* ---- Processes ---- */

static int proc_init(struct proc *p, const struct context *c)
{
	/* SAFETY: nobody else can reach it yet, and what is in its locks. */
	struct proc_inner *const in = hf_lock_get_mut_unchecked(&p->inner);
	struct proc_refs *const g = hf_lock_get_mut_unchecked(&p->refs_to);
	struct alloc *const a = hf_lock_get_mut_unchecked(&p->alloc);

	p->pid = binder_host_pid();
	hf_set(p->context, hf_arc_from(context, c));
	hf_lock_init(&p->inner);
	threads_init(&in->threads);
	waiters_init(&in->waiting);
	node_map_init(&in->nodes);
	works_init(&in->todo);
	works_init(&in->delivered);
	hf_cond_init(&p->polled);
	hf_cond_init(&p->drained);
	hf_lock_init(&p->refs_to);
	handles_init(&g->by_handle, 1, ~0u);
	ref_map_init(&g->by_node);
	hf_lock_init(&p->alloc);
	holes_init(&a->holes);
	used_init(&a->used);
	return 0;
}

void proc_destroy(struct proc *p)
{
	/* SAFETY: nobody can reach it any more, and what is in its locks. */
	struct proc_inner *const in = hf_lock_get_mut_unchecked(&p->inner);
	struct proc_refs *const g = hf_lock_get_mut_unchecked(&p->refs_to);
	struct alloc *const a = hf_lock_get_mut_unchecked(&p->alloc);

	used_fini(&a->used);
	holes_clear(&a->holes);
	holes_fini(&a->holes);
	hf_area_arc_drop(&a->mapping);
	hf_lock_fini(&p->alloc);
	ref_map_fini(&g->by_node);
	handles_fini(&g->by_handle);
	ref_arc_drop(&g->zero);
	hf_lock_fini(&p->refs_to);
	hf_require(HF_REFCOUNT, !in->outstanding);
	hf_cond_fini(&p->drained);
	hf_cond_fini(&p->polled);
	works_fini(&in->delivered);
	works_fini(&in->todo);
	node_map_fini(&in->nodes);
	waiters_fini(&in->waiting);
	threads_fini(&in->threads);
	hf_lock_fini(&p->inner);
	hf_link_fini(&p->opened);
	context_arc_drop(&p->context);
}

void proc_release(struct proc *p)
{
	hf_free(p);
}

struct proc_arc_result proc_new(const struct context *c)
{
	return hf_new_arc_with(proc, GFP_KERNEL, proc_init, c);
}

/* The manager is gone: the next one may be another process. */
static void end_manager(const struct proc *p)
{
	hf_let_arc(node, out, hf_empty(node_arc));
	hf_lock(m, &hf_ref(p->context)->manager);

	if (!hf_is_empty(m->node) && hf_ref(hf_ref(m->node)->owner) == p)
		hf_set(out, hf_take(m->node));
}

static struct thread_arc_result any_thread(const struct proc *p)
{
	hf_lock(in, &p->inner);
	const struct threads *const threads = &in->threads;

	return hf_ok(thread_arc, hf_arc_from(thread, hf_try_in(thread_arc, threads_first(threads))));
}

static void end_threads(const struct proc *p)
{
	for (;;) {
		hf_let_arc(thread, t, hf_empty(thread_arc));

		if (hf_set_ok(t, any_thread(p)))
			break;
		thread_exit(hf_ref(t));
	}
}

/* The file is closed.  Whoever calls its nodes, or waits for an answer of its threads, is told. */
static void proc_end(const struct proc *p)
{
	struct works todo;

	works_init(&todo);
	end_manager(p);
	{
		hf_lock(procs, &hf_ref(hf_ref(p->context)->registry)->procs);

		hf_drop_ok(proc_arc, procs_remove(procs, p));
	}
	{
		hf_lock(in, &p->inner);

		in->dead = true;
		in->frozen = false;
		hf_notify_all(&p->drained);
	}
	end_threads(p);
	proc_end_nodes(p);
	proc_end_refs(p);
	{
		hf_lock(in, &p->inner);

		works_take_all(&todo, &in->todo);
		works_take_all(&todo, &in->delivered);
	}
	works_cancel(&todo);
	works_fini(&todo);
	proc_end_buffers(p);
}

/* ---- Open files ---- */

struct opened {
	struct proc_arc proc;
};

static void opened_close(struct opened *o)
{
	if (!hf_is_empty(o->proc))
		proc_end(hf_ref(o->proc));
	proc_arc_drop(&o->proc);
	hf_free(o);
}

HF_OWN_DEFINE(opened, struct opened, opened_close);
HF_FILE_DEFINE(binder_file, context_arc, opened_own);

static struct opened_own_result binder_open(const struct context *c, const struct hf_file *how)
{
	hf_let(opened, o, hf_try_in(opened_own, hf_new(opened, GFP_KERNEL)));

	(void)how;
	hf_try_errno_in(opened_own, hf_set_ok(hf_mut(o)->proc, proc_new(c)));
	hf_lock(procs, &hf_ref(c->registry)->procs);
	procs_push_front(procs, hf_clone(hf_ref(o)->proc));
	return hf_ok(opened_own, hf_move(o));
}

static int binder_mmap(const struct opened *o, struct hf_vma *vma, const struct hf_file *how)
{
	(void)how;
	return alloc_map(hf_ref(o->proc), vma);
}

static __poll_t binder_poll(const struct opened *o, struct hf_poll *poll)
{
	const struct proc *const p = hf_ref(o->proc);
	hf_let_arc(thread, t, hf_try_or(proc_thread(p), EPOLLERR));

	return thread_poll(hf_ref(t), poll);
}

static int set_manager(const struct proc *p, const struct binder_flat *flat)
{
	const u32 uid = binder_host_euid();
	hf_let_arc(weak, n, hf_empty(weak_arc));
	hf_lock(m, &hf_ref(p->context)->manager);

	if (!hf_is_empty(m->node))
		return -EBUSY;
	if (m->has_uid && m->uid != uid)
		return -EPERM;
	m->has_uid = true;
	m->uid = uid;
	hf_try_errno(hf_set_ok(n, proc_node(p, hf_accept_any(flat->binder), hf_accept_any(flat->cookie),
					   hf_accept_any(flat->flags), true)));
	hf_set(m->node, hf_arc_from(node, hf_ref(n)));
	return 0;
}

static int write_read(const struct thread *t, const struct hf_ioctl_arg *arg, bool nonblocking)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);
	struct binder_write_read b = hf_try(hf_uaccess_read_as(binder_write_read, &r));
	u64 written = hf_accept_any(b.write_consumed), read = hf_accept_any(b.read_consumed);
	const u64 write_size = hf_accept_any(b.write_size), read_size = hf_accept_any(b.read_size);
	int err = 0;

	if (write_size) {
		err = thread_write(t, b.write_buffer, write_size, &written);
		if (err)
			read = 0;
	}
	if (!err && read_size)
		err = thread_read(t, b.read_buffer, read_size, &read, nonblocking);
	/* What was done is said also where it ended by an error. */
	b.write_consumed = hf_untrusted_u64(written);
	b.read_consumed = hf_untrusted_u64(read);
	hf_try_errno(hf_uaccess_write(&w, hf_bytes_of(binder_write_read, b)));
	return err;
}

static int node_info(const struct proc *p, const struct hf_ioctl_arg *arg)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);
	struct binder_node_info_for_ref info = hf_try(hf_uaccess_read_as(binder_node_info_for_ref, &r));
	u32 strong, weak;

	if (!hf_equals(info.strong_count, 0) || !hf_equals(info.weak_count, 0) || !hf_equals(info.reserved[0], 0) ||
	    !hf_equals(info.reserved[1], 0) || !hf_equals(info.reserved[2], 0))
		return -EINVAL;
	{
		hf_let_arc(node, manager, hf_try_or(proc_manager(p), -EPERM));

		if (hf_ref(hf_ref(manager)->owner) != p)
			return -EPERM;
	}
	hf_try_errno(proc_count(p, hf_accept_any(info.handle), &strong, &weak));
	info.strong_count = hf_untrusted_u32(strong);
	info.weak_count = hf_untrusted_u32(weak);
	return hf_uaccess_write(&w, hf_bytes_of(binder_node_info_for_ref, info));
}

static int debug_info(const struct proc *p, const struct hf_ioctl_arg *arg)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);
	const struct binder_node_debug_info after = hf_try(hf_uaccess_read_as(binder_node_debug_info, &r));
	const struct binder_node_debug_info next = proc_next_node(p, hf_accept_any(after.ptr));

	return hf_uaccess_write(&w, hf_bytes_of(binder_node_debug_info, next));
}

static int frozen_info(const struct proc *p, const struct hf_ioctl_arg *arg)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);
	struct binder_frozen_status_info info = hf_try(hf_uaccess_read_as(binder_frozen_status_info, &r));

	hf_try_errno(proc_frozen(p, &info));
	return hf_uaccess_write(&w, hf_bytes_of(binder_frozen_status_info, info));
}

static int set(const struct proc *p, unsigned int cmd, const struct hf_ioctl_arg *arg)
{
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	const int err = cmd == BINDER_SET_MAX_THREADS ? -EINVAL : -EFAULT;
	const u32 value = hf_accept_any(hf_try_or(hf_uaccess_read_u32(&r), err));
	hf_lock(in, &p->inner);

	if (cmd == BINDER_SET_MAX_THREADS)
		in->max_threads = value;
	else
		in->detects_spam = value;
	return 0;
}

static int serve(const struct thread *t, unsigned int cmd, const struct hf_ioctl_arg *arg, const struct hf_file *how)
{
	const struct proc *const p = hf_ref(t->proc);
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);
	struct hf_uaccess_writer w = hf_ioctl_writer(arg);

	switch (cmd) {
	case BINDER_WRITE_READ:
		return write_read(t, arg, how->nonblocking);
	case BINDER_SET_MAX_THREADS:
	case BINDER_ENABLE_ONEWAY_SPAM_DETECTION:
		return set(p, cmd, arg);
	case BINDER_SET_CONTEXT_MGR: {
		const struct binder_flat none = { .type = hf_untrusted_u32(0) };

		return set_manager(p, &none);
	}
	case BINDER_SET_CONTEXT_MGR_EXT: {
		const struct binder_flat flat = hf_try_or(hf_uaccess_read_as(binder_flat, &r), -EINVAL);

		return set_manager(p, &flat);
	}
	case BINDER_THREAD_EXIT:
		thread_exit(t);
		return 0;
	case BINDER_VERSION:
		return hf_uaccess_write_u32(&w, BINDER_PROTOCOL_VERSION) ? -EINVAL : 0;
	case BINDER_GET_NODE_DEBUG_INFO:
		return debug_info(p, arg);
	case BINDER_GET_NODE_INFO_FOR_REF:
		return node_info(p, arg);
	case BINDER_FREEZE: {
		const struct binder_freeze_info info = hf_try(hf_uaccess_read_as(binder_freeze_info, &r));

		return proc_freeze(p, &info);
	}
	case BINDER_GET_FROZEN_INFO:
		return frozen_info(p, arg);
	case BINDER_GET_EXTENDED_ERROR: {
		const struct binder_extended_error e = thread_take_error(t);

		return hf_uaccess_write(&w, hf_bytes_of(binder_extended_error, e));
	}
	default:
		return -EINVAL;
	}
}

static int binder_ioctl(const struct opened *o, unsigned int cmd, const struct hf_ioctl_arg *arg, const struct hf_file *how)
{
	hf_let_arc(thread, t, hf_try(proc_thread(hf_ref(o->proc))));
	const int err = serve(hf_ref(t), cmd, arg, how);

	thread_called(hf_ref(t));
	return err;
}

/* Threads that wait return, and those that come next do not wait: the process may be about to end. */
static void binder_flush(const struct opened *o)
{
	const struct proc *const p = hf_ref(o->proc);
	hf_lock(in, &p->inner);
	const struct threads *const threads = &in->threads;

	hf_map_cursor(c, threads);
	for (const struct thread *t; (t = threads_next(&c));) {
		hf_access(&t->state, &p->inner)->return_now = true;
		thread_wake(p, t);
	}
}

HF_FILE_OPS(binder_file, opened_own, .open = binder_open, .ioctl = binder_ioctl, .poll = binder_poll, .mmap = binder_mmap,
	    .flush = binder_flush);

/* ---- The device ---- */

struct binder_device {
	struct context_arc context;
	struct binder_file_own file;
};

void binder_unbind(struct binder_device *b)
{
	binder_file_own_drop(&b->file);
	context_arc_drop(&b->context);
	hf_free(b);
}

struct binder_device_own_result binder_bind(const char *name, const struct binder_device *beside)
{
	hf_let(binder_device, b, hf_try_in(binder_device_own, hf_new(binder_device, GFP_KERNEL)));

	hf_try_errno_in(binder_device_own, hf_set_ok(hf_mut(b)->context,
		context_new(beside ? hf_ref(beside->context) : NULL)));
	hf_try_errno_in(binder_device_own, hf_set_ok(hf_mut(b)->file,
		hf_node_register(binder_file, name, hf_clone(hf_ref(b)->context), GFP_KERNEL)));
	return hf_ok(binder_device_own, hf_move(b));
}
