// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Watches: what deaths and freezes have in common. */
#include "core.h"

void watch_destroy(struct watch *w)
{
	hf_link_fini(&w->work.link);
	hf_link_fini(&w->watching);
	proc_arc_drop(&w->watcher);
}

void watch_release(struct watch *w)
{
	hf_free(w);
}

struct watch_config {
	const struct proc *watcher;
	enum watch_kind kind;
	u64 cookie;
};

static int watch_init(struct watch *w, const struct watch_config *c)
{
	if (c->kind == WATCH_DEATH)
		hf_impl_init(death_work, w);
	else
		hf_impl_init(freeze_work, w);
	w->cookie = c->cookie;
	hf_set(w->watcher, hf_arc_from(proc, c->watcher));
	hf_locked_by_init(&w->state, &c->watcher->inner);
	return 0;
}

struct watch_arc_result watch_new(const struct proc *watcher, enum watch_kind kind, u64 cookie)
{
	const struct watch_config config = { .watcher = watcher, .kind = kind, .cookie = cookie };

	return hf_new_arc_with(watch, GFP_KERNEL, watch_init, &config);
}

void watch_forget(struct watch_arc given)
{
	hf_let_arc(watch, w, given);
	const struct proc *const p = hf_ref(hf_ref(w)->watcher);
	const struct work *const work = &hf_ref(w)->work;
	hf_let(work, out, hf_empty(work_own));
	hf_lock(in, &p->inner);

	(void)in;
	hf_access(&hf_ref(w)->state, &p->inner)->gone = true;
	if (hf_linked(&work->link))
		hf_set(out, hf_expect(proc_unqueue(p, work), "a list of its process has it"));
}
