// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Deaths: a process asks to be told when a node dies, is told once, and answers.
 *
 * It may also take the question back at any time, and is told when that is settled: at once, or, if it was about to be
 * told of the death, after it has answered.
 */
#include "core.h"

void death_fire(struct watch_arc given)
{
	hf_let_arc(watch, d, given);
	/* Once the work is given away, its reader may end the last reference to the process. */
	hf_let_arc(proc, watcher, hf_clone(hf_ref(d)->watcher));
	const struct proc *const p = hf_ref(watcher);
	hf_lock(in, &p->inner);
	struct watch_state *const s = hf_access(&hf_ref(d)->state, &p->inner);

	if (in->dead || s->cleared || s->gone)
		return;
	s->fired = true;
	proc_push_locked(p, hf_upcast(death_work, hf_move(d)));
}

void death_request(const struct proc *p, const struct thread *t, u32 handle, u64 cookie)
{
	hf_let_arc(watch, d, hf_empty(watch_arc));
	bool frozen;

	if (hf_set_ok(d, watch_new(p, WATCH_DEATH, cookie)))
		thread_fail(t, BR_ERROR);
	else if (proc_watch(p, handle, WATCH_DEATH, hf_ref(d), &frozen) == -ESRCH)
		death_fire(hf_move(d));
}

/* The answer of a thread to what it wrote goes to itself, if it reads at all. */
static void death_settle(const struct proc *p, const struct thread *t, struct work_own w) HF_REQUIRES(&p->inner)
{
	if (hf_access(&t->state, &p->inner)->looper & (LOOPER_REGISTERED | LOOPER_ENTERED))
		thread_push_locked(p, t, w, true);
	else
		proc_push_locked(p, w);
}

void death_clear(const struct proc *p, const struct thread *t, u32 handle, u64 cookie)
{
	hf_let_arc(watch, d, hf_empty(watch_arc));

	if (hf_set_ok(d, proc_unwatch(p, handle, WATCH_DEATH, cookie)))
		return;
	hf_lock(in, &p->inner);
	struct watch_state *const s = hf_access(&hf_ref(d)->state, &p->inner);

	s->cleared = true;
	if (!s->fired && !in->dead)
		death_settle(p, t, hf_upcast(death_work, hf_move(d)));
}

void death_acknowledge(const struct proc *p, const struct thread *t, u64 cookie)
{
	hf_let(work, w, hf_empty(work_own));
	hf_lock(in, &p->inner);
	hf_list_cursor(c, &in->delivered);

	for (const struct work *at; (at = works_next(&c));) {
		if (!hf_is_a(death_work, at))
			continue;
		const struct watch *const d = hf_self(death_work, at);
		struct watch_state *const s = hf_access(&d->state, &p->inner);

		if (d->cookie != cookie)
			continue;
		s->fired = false;
		if (hf_set_ok(w, works_remove_at(&c)))
			return;
		if (s->cleared)
			death_settle(p, t, hf_move(w));
		return;
	}
}

static int death_deliver(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last)
{
	hf_let(work, given, w);
	hf_let_arc(watch, d, hf_expect(hf_downcast(death_work, given), "it is in the table of deaths"));
	const struct proc *const p = hf_ref(t->proc);
	{
		hf_lock(in, &p->inner);

		*last = hf_access(&hf_ref(d)->state, &p->inner)->fired;
		if (*last)
			works_push_back(&in->delivered, hf_upcast(death_work, hf_clone(d)));
	}
	hf_try_errno(hf_uaccess_write_u32(to, *last ? BR_DEAD_BINDER : BR_CLEAR_DEATH_NOTIFICATION_DONE));
	return hf_uaccess_write_u64(to, hf_ref(d)->cookie);
}

HF_IMPL_OPS(death_work, .deliver = death_deliver, .cancel = work_forget);
