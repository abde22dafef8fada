// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Threads: who does which work, what they write and what they read. */
#include "core.h"

/* ---- Work ---- */

void work_forget(struct work_own w)
{
	work_own_drop(&w);
}

void thread_wake(const struct proc *p, const struct thread *t)
{
	hf_notify_all(&t->wake);
	if (hf_access(&t->state, &p->inner)->looper & LOOPER_POLL)
		hf_notify_all(&p->polled);
}

void thread_push_locked(const struct proc *p, const struct thread *t, struct work_own w, bool wakes)
{
	struct thread_state *const s = hf_access(&t->state, &p->inner);

	works_push_back(&s->todo, w);
	if (wakes) {
		s->has_work = true;
		thread_wake(p, t);
	}
}

int thread_push(const struct thread *t, struct work_own w, bool wakes)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(work, given, w);
	{
		hf_lock(in, &p->inner);

		(void)in;
		if (!hf_access(&t->state, &p->inner)->dead) {
			thread_push_locked(p, t, hf_move(given), wakes);
			return 0;
		}
	}
	const struct work_ops *const ops = hf_ref(given)->ops;

	ops->cancel(hf_move(given));
	return -ESRCH;
}

void proc_push_locked(const struct proc *p, struct work_own w)
{
	struct proc_inner *const in = hf_held(&p->inner);
	hf_let_arc(thread, waiter, hf_empty(thread_arc));

	if (!hf_set_ok(waiter, waiters_pop_front(&in->waiting))) {
		thread_push_locked(p, hf_ref(waiter), w, true);
	} else {
		works_push_back(&in->todo, w);
		/* Who polls sees what is there for any thread. */
		hf_notify_all(&p->polled);
	}
}

struct work_own_result proc_unqueue(const struct proc *p, const struct work *w)
{
	struct proc_inner *const in = hf_held(&p->inner);
	const struct threads *const threads = &in->threads;

	if (works_has(&in->todo, w))
		return works_remove(&in->todo, w);
	if (works_has(&in->delivered, w))
		return works_remove(&in->delivered, w);
	hf_map_cursor(c, threads);
	for (const struct thread *t; (t = threads_next(&c));) {
		struct thread_state *const s = hf_access(&t->state, &p->inner);

		if (!works_has(&s->todo, w))
			continue;
		struct work_own_result out = works_remove(&s->todo, w);

		/* It sleeps on. */
		if (works_empty(&s->todo))
			s->has_work = false;
		return out;
	}
	return hf_err(work_own, -ENOENT);
}

void works_cancel(struct works *list)
{
	for (;;) {
		hf_let(work, w, hf_empty(work_own));

		if (hf_set_ok(w, works_pop_front(list)))
			return;
		const struct work_ops *const ops = hf_ref(w)->ops;

		ops->cancel(hf_move(w));
	}
}

/* ---- Errors that a thread reads ---- */

void failure_destroy(struct failure *f)
{
	hf_link_fini(&f->work.link);
}

void failure_release(struct failure *f)
{
	hf_free(f);
}

static int failure_init(struct failure *f, bool of_reply)
{
	hf_impl_init(failure_work, f);
	f->of_reply = of_reply;
	return 0;
}

static int failure_deliver(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(work, given, w);
	hf_let_arc(failure, f, hf_expect(hf_downcast(failure_work, given), "it is in the table of failures"));
	u32 command;
	{
		hf_lock(in, &p->inner);
		struct thread_state *const s = hf_access(&t->state, &p->inner);
		u32 *const error = hf_ref(f)->of_reply ? &s->reply_error : &s->return_error;

		(void)in;
		command = *error;
		*error = BR_OK;
	}
	(void)last;
	return hf_uaccess_write_u32(to, command);
}

HF_IMPL_OPS(failure_work, .deliver = failure_deliver, .cancel = work_forget);

void thread_fail(const struct thread *t, u32 command)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	(void)in;
	hf_access(&t->state, &p->inner)->return_error = command;
	thread_push_locked(p, t, hf_upcast(failure_work, hf_clone(t->return_failure)), true);
}

u32 thread_next_id(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	in->last_id++;
	hf_access(&t->state, &p->inner)->error = (struct extended_error){ .id = in->last_id, .command = BR_OK };
	return in->last_id;
}

bool thread_is_alive(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	(void)in;
	return !hf_access(&t->state, &p->inner)->dead;
}

/* Why what @t sent, or waited for, failed; the first reason stays. */
void thread_set_error(const struct thread *t, u32 id, u32 command, s32 param)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	(void)in;
	struct extended_error *const e = &hf_access(&t->state, &p->inner)->error;

	if (e->command == BR_OK)
		*e = (struct extended_error){ .id = id, .command = command, .param = param };
}

void done_destroy(struct done *d)
{
	hf_link_fini(&d->work.link);
}

void done_release(struct done *d)
{
	hf_free(d);
}

static int done_deliver(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(work, given, w);
	hf_let_arc(done, d, hf_expect(hf_downcast(done_work, given), "it is in the table of what is done"));
	u32 command = hf_ref(d)->command;

	if (command == BR_ONEWAY_SPAM_SUSPECT) {
		hf_lock(in, &p->inner);

		if (!in->detects_spam)
			command = BR_TRANSACTION_COMPLETE;
	}
	(void)last;
	return hf_uaccess_write_u32(to, command);
}

HF_IMPL_OPS(done_work, .deliver = done_deliver, .cancel = work_forget);

/* ---- Threads of a process ---- */

static int thread_init(struct thread *t, const struct proc *p)
{
	hf_let_arc(failure, of_return, hf_try(hf_new_arc_with(failure, GFP_KERNEL, failure_init, false)));
	hf_let_arc(failure, of_reply, hf_try(hf_new_arc_with(failure, GFP_KERNEL, failure_init, true)));
	/* SAFETY: nobody else can reach it yet. */
	struct thread_state *const s = hf_lock_get_mut_unchecked(&t->state);

	threads_set_key(t, binder_host_tid());
	hf_set(t->proc, hf_arc_from(proc, p));
	hf_set(t->return_failure, hf_move(of_return));
	hf_set(t->reply_failure, hf_move(of_reply));
	hf_cond_init(&t->wake);
	hf_locked_by_init(&t->state, &p->inner);
	works_init(&s->todo);
	s->return_now = true;
	s->return_error = s->reply_error = s->error.command = BR_OK;
	return 0;
}

void thread_destroy(struct thread *t)
{
	/* SAFETY: nobody can reach it any more. */
	struct thread_state *const s = hf_lock_get_mut_unchecked(&t->state);

	hf_link_fini(&t->by_tid);
	hf_link_fini(&t->waiting);
	works_fini(&s->todo);
	txn_arc_drop(&s->stack);
	hf_cond_fini(&t->wake);
	failure_arc_drop(&t->return_failure);
	failure_arc_drop(&t->reply_failure);
	proc_arc_drop(&t->proc);
}

void thread_release(struct thread *t)
{
	hf_free(t);
}

static struct thread_arc_result thread_find(const struct proc *p)
{
	hf_lock(in, &p->inner);

	return hf_ok(thread_arc, hf_arc_from(thread, hf_try_in(thread_arc, threads_find(&in->threads, binder_host_tid()))));
}

struct thread_arc_result proc_thread(const struct proc *p)
{
	struct thread_arc_result known = thread_find(p);

	if (hf_is_ok(known))
		return known;
	hf_let_arc(thread, fresh, hf_try_in(thread_arc, hf_new_arc_with(thread, GFP_KERNEL, thread_init, p)));
	hf_lock(in, &p->inner);
	hf_try_errno_in(thread_arc, threads_insert(&in->threads, hf_clone(fresh)));
	return hf_ok(thread_arc, hf_move(fresh));
}

static int cancel_first(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(work, w, hf_empty(work_own));
	{
		hf_lock(in, &p->inner);

		(void)in;
		hf_try_errno(hf_set_ok(w, works_pop_front(&hf_access(&t->state, &p->inner)->todo)));
	}
	const struct work_ops *const ops = hf_ref(w)->ops;

	ops->cancel(hf_move(w));
	return 0;
}

static struct thread_arc_result remove_thread(const struct proc *p, const struct thread *t)
{
	hf_lock(in, &p->inner);

	return threads_remove(&in->threads, t);
}

void thread_exit(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let_arc(txn, top, hf_empty(txn_arc));
	{
		hf_lock(in, &p->inner);
		struct thread_state *const s = hf_access(&t->state, &p->inner);

		(void)in;
		s->dead = true;
		hf_set(top, hf_take(s->stack));
		if (!hf_is_empty(top))
			txns_settle(p, txn_unanswered(hf_ref(top), t));
		thread_wake(p, t);
	}
	/* Who called it gets no answer.  Those it called find that nobody waits. */
	if (!hf_is_empty(top) && !txn_is_from(hf_ref(top), t))
		txn_fail(hf_move(top), BR_DEAD_REPLY);
	/* Until its list is empty it is in the map, for proc_unqueue(). */
	while (!cancel_first(t))
		;
	hf_drop_ok(thread_arc, remove_thread(p, t));
}

/* ---- What a thread writes ---- */

/* The manager's node, if there is one. */
struct node_arc_result proc_manager(const struct proc *p)
{
	hf_lock(m, &hf_ref(p->context)->manager);

	if (hf_is_empty(m->node))
		return hf_err(node_arc, -ENOENT);
	return hf_ok(node_arc, hf_clone(m->node));
}

/* Counts of a handle.  What a process does to its own counts that is wrong, it is not told. */
static int count_handle(const struct proc *p, u32 command, u32 handle)
{
	const bool strong = command == BC_ACQUIRE || command == BC_RELEASE;

	if (command == BC_RELEASE || command == BC_DECREFS) {
		(void)proc_handle_dec(p, handle, strong);
		return 0;
	}
	if (!handle) {
		hf_let_arc(node, manager, hf_empty(node_arc));

		if (!hf_set_ok(manager, proc_manager(p))) {
			if (hf_ref(hf_ref(manager)->owner) == p)
				return -EINVAL;
			if (hf_is_ok(proc_handle_of(p, hf_ref(manager), strong, NULL)))
				return 0;
		}
	}
	(void)proc_handle_inc(p, handle, strong);
	return 0;
}

static void free_buffer(const struct thread *t, u64 address)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(buffer, b, hf_empty(buffer_own));

	if (hf_set_ok(b, proc_take_buffer(p, address)))
		return;
	buffer_done(hf_ref(b));
	if (!buffer_close_files(hf_mut(b)))
		return;
	/* A file ends when the thread is back in user mode. */
	hf_lock(in, &p->inner);
	(void)in;
	hf_access(&t->state, &p->inner)->return_now = true;
}

static void looper(const struct thread *t, u32 command)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	u32 *const looper = &hf_access(&t->state, &p->inner)->looper;

	switch (command) {
	case BC_REGISTER_LOOPER:
		if (*looper & LOOPER_ENTERED || !in->requested_threads) {
			*looper |= LOOPER_INVALID;
		} else {
			in->requested_threads--;
			in->started_threads++;
		}
		*looper |= LOOPER_REGISTERED;
		break;
	case BC_ENTER_LOOPER:
		if (*looper & LOOPER_REGISTERED)
			*looper |= LOOPER_INVALID;
		*looper |= LOOPER_ENTERED;
		break;
	default:
		*looper |= LOOPER_EXITED;
	}
}

static int write_command(const struct thread *t, struct hf_uaccess_reader *from)
{
	const struct proc *const p = hf_ref(t->proc);
	const u32 command = hf_accept_any(hf_try(hf_uaccess_read_u32(from)));

	switch (command) {
	case BC_INCREFS:
	case BC_ACQUIRE:
	case BC_RELEASE:
	case BC_DECREFS:
		return count_handle(p, command, hf_accept_any(hf_try(hf_uaccess_read_u32(from))));
	case BC_INCREFS_DONE:
	case BC_ACQUIRE_DONE: {
		const struct binder_ptr_cookie c = hf_try(hf_uaccess_read_as(binder_ptr_cookie, from));

		node_answered(p, hf_accept_any(c.ptr), hf_accept_any(c.cookie), command == BC_ACQUIRE_DONE);
		return 0;
	}
	case BC_FREE_BUFFER:
		free_buffer(t, hf_accept_any(hf_try(hf_uaccess_read_u64(from))));
		return 0;
	case BC_TRANSACTION:
	case BC_REPLY: {
		const struct binder_txn_data d = hf_try(hf_uaccess_read_as(binder_txn_data, from));

		thread_send(t, &d, hf_untrusted_u64(0), command == BC_REPLY);
		return 0;
	}
	case BC_TRANSACTION_SG:
	case BC_REPLY_SG: {
		const struct binder_txn_data d = hf_try(hf_uaccess_read_as(binder_txn_data, from));

		thread_send(t, &d, hf_try(hf_uaccess_read_u64(from)), command == BC_REPLY_SG);
		return 0;
	}
	case BC_REGISTER_LOOPER:
	case BC_ENTER_LOOPER:
	case BC_EXIT_LOOPER:
		looper(t, command);
		return 0;
	case BC_REQUEST_DEATH_NOTIFICATION:
	case BC_CLEAR_DEATH_NOTIFICATION: {
		const struct binder_handle_cookie c = hf_try(hf_uaccess_read_as(binder_handle_cookie, from));
		const u32 handle = hf_accept_any(c.handle);
		const u64 cookie = hf_accept_any(c.cookie);

		if (command == BC_REQUEST_DEATH_NOTIFICATION)
			death_request(p, t, handle, cookie);
		else
			death_clear(p, t, handle, cookie);
		return 0;
	}
	case BC_DEAD_BINDER_DONE:
		death_acknowledge(p, t, hf_accept_any(hf_try(hf_uaccess_read_u64(from))));
		return 0;
	case BC_REQUEST_FREEZE_NOTIFICATION:
	case BC_CLEAR_FREEZE_NOTIFICATION: {
		const struct binder_handle_cookie c = hf_try(hf_uaccess_read_as(binder_handle_cookie, from));

		return (command == BC_REQUEST_FREEZE_NOTIFICATION ? freeze_request : freeze_clear)
			(p, hf_accept_any(c.handle), hf_accept_any(c.cookie));
	}
	case BC_FREEZE_NOTIFICATION_DONE:
		return freeze_acknowledge(p, hf_accept_any(hf_try(hf_uaccess_read_u64(from))));
	default:
		return -EINVAL;
	}
}

static bool has_failed(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	(void)in;
	return hf_access(&t->state, &p->inner)->return_error != BR_OK;
}

static struct user_ptr_result at(struct hf_untrusted_u64 buffer, u64 consumed)
{
	return hf_user_ptr(hf_untrusted_u64(hf_add_wrap_u64(hf_accept_any(buffer), consumed)));
}

/* A process that says more than there is has a bad pointer. */
static int fault(int err)
{
	return err == -ENODATA || err == -ENOSPC ? -EFAULT : err;
}

int thread_write(const struct thread *t, struct hf_untrusted_u64 buffer, u64 size, u64 *consumed)
{
	struct hf_uaccess_reader from = hf_uaccess_reader(hf_try(at(buffer, *consumed)), hf_sub_sat_u64(size, *consumed));

	while (hf_remaining(&from) && !has_failed(t)) {
		const size_t left = hf_remaining(&from);
		const int err = write_command(t, &from);

		if (err)
			return fault(err);
		*consumed += left - hf_remaining(&from);
	}
	return 0;
}

/* ---- What a thread reads ---- */

static bool has_work(const struct proc *p, const struct thread *t, bool for_proc) HF_REQUIRES(&p->inner)
{
	const struct thread_state *const s = hf_access(&t->state, &p->inner);

	return s->has_work || s->return_now || (for_proc && !works_empty(&hf_held(&p->inner)->todo));
}

/* Whether it may do what any thread of its process may do: it answers nobody, and has nothing else to do. */
static bool is_free(const struct proc *p, const struct thread *t) HF_REQUIRES(&p->inner)
{
	const struct thread_state *const s = hf_access(&t->state, &p->inner);

	return hf_is_empty(s->stack) && works_empty(&s->todo);
}

/* Wait until there is something to read.  @for_proc: also what any thread may do. */
static int await_work(const struct thread *t, bool *for_proc, bool nonblocking)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	*for_proc = is_free(p, t);
	while (!has_work(p, t, *for_proc)) {
		if (nonblocking)
			return -EAGAIN;
		if (*for_proc)
			waiters_push_front(&in->waiting, hf_arc_from(thread, t));
		const int err = hf_wait_interruptible(&t->wake, in);

		if (waiters_has(&in->waiting, t))
			hf_drop_ok(thread_arc, waiters_remove(&in->waiting, t));
		hf_try_errno(err);
	}
	return 0;
}

static struct work_own_result next_work(const struct thread *t, bool for_proc, size_t room)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&t->state, &p->inner);
	struct works *const list = works_empty(&s->todo) && for_proc ? &in->todo : &s->todo;

	if (works_empty(list)) {
		/* What it was woken for was taken back. */
		s->has_work = false;
		return hf_err(work_own, s->return_now ? -EINTR : -ENODATA);
	}
	if (room < sizeof(u32) + sizeof(struct binder_txn_data_secctx))
		return hf_err(work_own, -ENOSPC);
	struct work_own_result w = works_pop_front(list);

	if (works_empty(&s->todo))
		s->has_work = false;
	return w;
}

/* Whether the process shall start one more thread, as none waits for what comes next. */
static bool wants_thread(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	const u32 looper = hf_access(&t->state, &p->inner)->looper;

	if (in->requested_threads || !waiters_empty(&in->waiting) || in->started_threads >= in->max_threads ||
	    !(looper & (LOOPER_REGISTERED | LOOPER_ENTERED)))
		return false;
	in->requested_threads++;
	return true;
}

/* Tell the process what there is, as long as there is room. */
static int read_works(const struct thread *t, struct hf_uaccess_writer *to, bool for_proc)
{
	bool last = false;

	while (!last) {
		hf_let(work, w, hf_empty(work_own));
		const int err = hf_set_ok(w, next_work(t, for_proc, hf_remaining(to)));

		if (err)
			return err;
		const struct work_ops *const ops = hf_ref(w)->ops;

		hf_try_errno(ops->deliver(hf_move(w), t, to, &last));
	}
	return 0;
}

int thread_read(const struct thread *t, struct hf_untrusted_u64 buffer, u64 size, u64 *consumed, bool nonblocking)
{
	struct hf_uaccess_writer whole = hf_uaccess_writer(hf_try(at(buffer, 0)), size);
	struct hf_uaccess_writer to = hf_uaccess_writer(hf_try(at(buffer, *consumed)), hf_sub_sat_u64(size, *consumed));
	bool for_proc;
	int err;

	if (!*consumed)
		hf_try_errno(fault(hf_uaccess_write_u32(&to, BR_NOOP)));
	do {
		hf_try_errno(await_work(t, &for_proc, nonblocking));
		err = read_works(t, &to, for_proc);
		/* Another thread was faster. */
	} while (err == -ENODATA && size - hf_remaining(&to) == sizeof(u32));
	if (err && err != -ENODATA && err != -ENOSPC && err != -EINTR)
		return fault(err);
	*consumed = size - hf_remaining(&to);
	if (wants_thread(t))
		hf_try_errno(hf_uaccess_write_u32(&whole, BR_SPAWN_LOOPER));
	return 0;
}

__poll_t thread_poll(const struct thread *t, struct hf_poll *poll)
{
	const struct proc *const p = hf_ref(t->proc);

	{
		hf_lock(in, &p->inner);

		(void)in;
		hf_access(&t->state, &p->inner)->looper |= LOOPER_POLL;
	}
	hf_poll_wait(poll, &p->polled);
	hf_lock(in, &p->inner);
	(void)in;
	return has_work(p, t, is_free(p, t)) ? EPOLLIN : 0;
}

void thread_called(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);

	(void)in;
	hf_access(&t->state, &p->inner)->return_now = false;
}

struct binder_extended_error thread_take_error(const struct thread *t)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	struct extended_error *const e = &hf_access(&t->state, &p->inner)->error;
	const struct binder_extended_error told = {
		.id = hf_untrusted_u32(e->id),
		.command = hf_untrusted_u32(e->command),
		.param = hf_untrusted_u32((u32)e->param),
	};

	(void)in;
	*e = (struct extended_error){ .command = BR_OK };
	return told;
}
