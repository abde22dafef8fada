// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Freezing: a process is stopped from outside, and the driver is told before, so that nobody waits for its answer.
 *
 * A process asks to be told whether that of a node is frozen.  It is told at once, and each time when that changes, but
 * not again before it has answered.  It may also take the question back, and is told when that is settled.
 */
#include "core.h"

/* ---- Who is frozen ---- */

/* Transactions are outstanding, or a thread waits for an answer. */
static bool is_busy(const struct proc *p) HF_REQUIRES(&p->inner)
{
	const struct proc_inner *const in = hf_held(&p->inner);

	if (in->outstanding)
		return true;
	hf_map_cursor(c, &in->threads);
	for (const struct thread *t; (t = threads_next(&c));)
		if (!hf_is_empty(hf_access(&t->state, &p->inner)->stack))
			return true;
	return false;
}

/* Wait until nothing is outstanding, while it is not called any more. */
static int drain(const struct proc *p, u32 timeout_ms)
{
	const struct hf_deadline end = hf_deadline_in(timeout_ms);
	int err = 0;
	hf_lock(in, &p->inner);

	in->called = in->told = false;
	in->frozen = !in->dead;
	while (timeout_ms && in->frozen && in->outstanding && !err)
		err = hf_wait_until(&p->drained, in, end, HF_INTERRUPTIBLE);
	if (err == -EINTR)
		in->frozen = false;
	return err == -EINTR ? err : 0;
}

/* Tell a process whether that of a node is @frozen. */
static void tell(const struct watch *w, bool frozen)
{
	const struct proc *const p = hf_ref(w->watcher);
	hf_lock(in, &p->inner);
	struct watch_state *const s = hf_access(&w->state, &p->inner);

	if (in->dead || s->cleared || s->gone)
		return;
	if (!hf_linked(&w->work.link))
		proc_push_locked(p, hf_upcast(freeze_work, hf_arc_from(watch, w)));
	else if (works_has(&in->delivered, &w->work) && s->frozen != frozen)
		s->again = true;
	s->frozen = frozen;
}

static int set_frozen(const struct proc *p, bool frozen)
{
	hf_lock(in, &p->inner);
	const bool busy = frozen && is_busy(p);

	in->frozen = frozen && !busy && !in->dead;
	if (busy)
		return -EAGAIN;
	if (!frozen) {
		in->called = in->told = false;
		hf_notify_all(&p->drained);
	}
	hf_map_cursor(c, &in->nodes);
	for (const struct node *n; (n = node_map_next(&c));) {
		hf_let_arc(node, kept, hf_arc_from(node, n));

		hf_list_cursor(d, &hf_access(&hf_ref(kept)->state, &p->inner)->freezes);
		for (const struct watch *w; (w = watchers_next(&d));) {
			hf_let_arc(watch, told, hf_arc_from(watch, w));

			hf_unlocked(in);
			tell(hf_ref(told), frozen);
		}
	}
	return 0;
}

int proc_freeze(const struct proc *p, const struct binder_freeze_info *info)
{
	const u32 pid = hf_accept_any(info->pid), timeout_ms = hf_accept_any(info->timeout_ms);
	const bool freezes = hf_accept_any(info->enable);
	int err = -EINVAL;
	hf_lock(procs, &hf_ref(hf_ref(p->context)->registry)->procs);
	hf_list_cursor(c, procs);

	for (const struct proc *q; (q = procs_next(&c));) {
		if (q->pid != pid)
			continue;
		hf_let_arc(proc, kept, hf_arc_from(proc, q));
		if (freezes) {
			hf_unlocked(procs);
			hf_try_errno(drain(hf_ref(kept), timeout_ms));
		}
		/* Under this lock, so that it is told in the order in which it happens. */
		err = set_frozen(hf_ref(kept), freezes);
		if (err)
			break;
	}
	return err;
}

int proc_frozen(const struct proc *p, struct binder_frozen_status_info *info)
{
	const u32 pid = hf_accept_any(info->pid);
	bool called = false, told = false, busy = false;
	int err = -EINVAL;
	hf_lock(procs, &hf_ref(hf_ref(p->context)->registry)->procs);
	hf_list_cursor(c, procs);

	for (const struct proc *q; (q = procs_next(&c));) {
		if (q->pid != pid)
			continue;
		hf_lock(in, &q->inner);
		called |= in->called;
		told |= in->told;
		busy |= is_busy(q);
		err = 0;
	}
	info->sync_recv = hf_untrusted_u32((u32)called | (u32)busy << 1);
	info->async_recv = hf_untrusted_u32(told);
	return err;
}

/* ---- Who wants to know ---- */

int freeze_request(const struct proc *p, u32 handle, u64 cookie)
{
	hf_let_arc(watch, w, hf_try(watch_new(p, WATCH_FREEZE, cookie)));
	bool frozen;
	/* What changes after proc_watch() is told after this. */
	hf_lock(procs, &hf_ref(hf_ref(p->context)->registry)->procs);
	const int err = proc_watch(p, handle, WATCH_FREEZE, hf_ref(w), &frozen);

	(void)procs;
	if (!err)
		tell(hf_ref(w), frozen);
	/* A node that is dead is not frozen. */
	return err == -ESRCH ? 0 : err ? -EINVAL : 0;
}

int freeze_clear(const struct proc *p, u32 handle, u64 cookie)
{
	hf_let_arc(watch, w, hf_try(proc_unwatch(p, handle, WATCH_FREEZE, cookie)));
	hf_lock(in, &p->inner);
	struct watch_state *const s = hf_access(&hf_ref(w)->state, &p->inner);

	s->cleared = true;
	if (works_has(&in->delivered, &hf_ref(w)->work))
		s->again = true;
	else if (!hf_linked(&hf_ref(w)->work.link) && !in->dead)
		proc_push_locked(p, hf_upcast(freeze_work, hf_move(w)));
	return 0;
}

int freeze_acknowledge(const struct proc *p, u64 cookie)
{
	hf_let(work, given, hf_empty(work_own));
	hf_lock(in, &p->inner);
	hf_list_cursor(c, &in->delivered);

	for (const struct work *at; (at = works_next(&c));) {
		if (!hf_is_a(freeze_work, at) || hf_self(freeze_work, at)->cookie != cookie)
			continue;
		struct watch_state *const s = hf_access(&hf_self(freeze_work, at)->state, &p->inner);
		const bool again = s->again;

		s->again = false;
		hf_try_errno(hf_set_ok(given, works_remove_at(&c)));
		if (again)
			proc_push_locked(p, hf_move(given));
		return 0;
	}
	return -EINVAL;
}

static int freeze_deliver(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last)
{
	hf_let(work, given, w);
	hf_let_arc(watch, f, hf_expect(hf_downcast(freeze_work, given), "it is in the table of freezes"));
	const struct proc *const p = hf_ref(t->proc);
	struct binder_frozen_state_info info = { .cookie = hf_untrusted_u64(hf_ref(f)->cookie) };
	{
		hf_lock(in, &p->inner);
		const struct watch_state *const s = hf_access(&hf_ref(f)->state, &p->inner);

		/* Meanwhile it was pushed again, or nobody wants to know any more. */
		if (s->gone || hf_linked(&hf_ref(f)->work.link))
			return 0;
		*last = !s->cleared;
		info.is_frozen = hf_untrusted_u32(s->frozen);
		if (*last)
			works_push_back(&in->delivered, hf_upcast(freeze_work, hf_clone(f)));
	}
	hf_try_errno(hf_uaccess_write_u32(to, *last ? BR_FROZEN_BINDER : BR_CLEAR_FREEZE_NOTIFICATION_DONE));
	if (*last)
		return hf_uaccess_write(to, hf_bytes_of(binder_frozen_state_info, info));
	return hf_uaccess_write_u64(to, hf_ref(f)->cookie);
}

/* The thread that should have told it has ended. */
static void freeze_cancel(struct work_own w)
{
	hf_let(work, given, w);
	hf_let_arc(watch, f, hf_expect(hf_downcast(freeze_work, given), "it is in the table of freezes"));
	/* Once the work is given away, its reader may end the last reference to the process. */
	hf_let_arc(proc, watcher, hf_clone(hf_ref(f)->watcher));
	const struct proc *const p = hf_ref(watcher);
	hf_lock(in, &p->inner);

	if (!in->dead && !hf_access(&hf_ref(f)->state, &p->inner)->gone && !hf_linked(&hf_ref(f)->work.link))
		proc_push_locked(p, hf_upcast(freeze_work, hf_move(f)));
}

HF_IMPL_OPS(freeze_work, .deliver = freeze_deliver, .cancel = freeze_cancel);
