// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Nodes, and the handles by which other processes refer to them.
 *
 * A node is in its process's map while there is a count of it, or its process was told that there is one and not yet
 * that there is none.  Counts are of references of other processes, by which it is kept alive there; and local: of the
 * driver, and of what the process was told and has not answered.
 */
#include "core.h"

/* ---- Counts ---- */

static bool is_strong(const struct node_state *s)
{
	return s->count[NODE_REFS_STRONG] || s->count[NODE_LOCAL_STRONG];
}

static bool is_counted(const struct node_state *s)
{
	return s->count[NODE_REFS] || s->count[NODE_LOCAL_WEAK] || s->count[NODE_LOCAL_STRONG];
}

int node_inc(const struct node *n, enum node_count which, const struct thread *teller)
{
	const struct proc *const owner = hf_ref(n->owner);
	const bool strong = which == NODE_REFS_STRONG;
	hf_lock(in, &owner->inner);
	struct node_state *const s = hf_access(&n->state, &owner->inner);

	/* Nobody gets a strong reference out of nothing, but of the manager, who is known to be there. */
	if (strong && !teller && !s->count[NODE_REFS_STRONG] && !(s->manager && !s->dead && s->told_strong))
		return -EINVAL;
	hf_array_at(s->count, which)++;
	if (!teller || in->dead || (strong ? s->told_strong : s->told_weak))
		return 0;
	/* The thread that makes the reference tells of it, before it is told what becomes of that. */
	if (!hf_linked(&n->work.link))
		thread_push_locked(owner, teller, hf_upcast(node_work, hf_arc_from(node, n)), false);
	else if (strong)
		thread_push_locked(owner, teller, hf_expect(proc_unqueue(owner, &n->work), "a list of its process has it"),
				   false);
	return 0;
}

void node_dec(const struct node *n, enum node_count which)
{
	const struct proc *const owner = hf_ref(n->owner);
	const bool strong = which == NODE_REFS_STRONG || which == NODE_LOCAL_STRONG;
	/* What the map gives back is dropped without the lock. */
	hf_let_arc(node, out, hf_empty(node_arc));
	hf_let(work, untold, hf_empty(work_own));
	hf_lock(in, &owner->inner);
	struct node_state *const s = hf_access(&n->state, &owner->inner);

	hf_require(HF_REFCOUNT, hf_array_at(s->count, which));
	hf_array_at(s->count, which)--;
	if (s->dead || (strong ? is_strong(s) : is_counted(s)))
		return;
	if (s->told_strong || s->told_weak) {
		if (!hf_linked(&n->work.link))
			proc_push_locked(owner, hf_upcast(node_work, hf_arc_from(node, n)));
		return;
	}
	if (is_counted(s))
		return;
	/* The process has not heard of it, and does not need to. */
	if (hf_linked(&n->work.link))
		hf_set(untold, hf_expect(proc_unqueue(owner, &n->work), "a list of its process has it"));
	hf_set(out, hf_expect(node_map_remove(&in->nodes, n), "a node that is alive is in the map"));
}

/* A count that a handle of ref.h is. */
static void count_get(struct node *n, enum node_count which)
{
	hf_let_arc(node, kept, hf_arc_from(node, n));

	hf_require(HF_UNWRAP, !node_inc(n, which, NULL));
	/* SAFETY: count_put() takes it back. */
	(void)hf_leak(kept);
}

static void count_put(struct node *n, enum node_count which)
{
	/* SAFETY: count_get() left it. */
	hf_let_arc(node, kept, hf_adopt_arc_unchecked(node, n));

	node_dec(hf_ref(kept), which);
}

void weak_get(struct node *n)
{
	count_get(n, NODE_LOCAL_WEAK);
}

void weak_put(struct node *n)
{
	count_put(n, NODE_LOCAL_WEAK);
}

void strong_get(struct node *n)
{
	count_get(n, NODE_LOCAL_STRONG);
}

void strong_put(struct node *n)
{
	count_put(n, NODE_LOCAL_STRONG);
}

/* ---- What the process is told ---- */

static int put(struct hf_uaccess_writer *to, u32 command, const struct node *n)
{
	const struct binder_ptr_cookie which = { hf_untrusted_u64(n->ptr), hf_untrusted_u64(n->cookie) };

	hf_try_errno(hf_uaccess_write_u32(to, command));
	return hf_uaccess_write(to, hf_bytes_of(binder_ptr_cookie, which));
}

static int node_deliver(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last)
{
	hf_let(work, given, w);
	hf_let_arc(node, n, hf_expect(hf_downcast(node_work, given), "it is in the table of nodes"));
	const struct proc *const p = hf_ref(t->proc);
	hf_let_arc(node, out, hf_empty(node_arc));
	bool strong, weak, told_strong, told_weak;

	(void)last;
	{
		hf_lock(in, &p->inner);
		struct node_state *const s = hf_access(&hf_ref(n)->state, &p->inner);

		strong = is_strong(s);
		weak = is_counted(s);
		told_strong = s->told_strong;
		told_weak = s->told_weak;
		/* Until the process has answered, it is as if it had a reference itself. */
		if (weak && !told_weak) {
			s->pending_weak = true;
			s->count[NODE_LOCAL_WEAK]++;
		}
		if (strong && !told_strong) {
			s->pending_strong = true;
			s->count[NODE_LOCAL_STRONG]++;
		}
		s->told_weak = weak;
		s->told_strong = strong;
		/* node_dec() may have taken it out of the map after the work was taken out of its list. */
		if (!weak && !hf_linked(&hf_ref(n)->work.link) && node_map_has(&in->nodes, hf_ref(n)))
			hf_set(out, hf_expect(node_map_remove(&in->nodes, hf_ref(n)), "it is in the map"));
	}
	if (weak && !told_weak)
		hf_try_errno(put(to, BR_INCREFS, hf_ref(n)));
	if (strong && !told_strong)
		hf_try_errno(put(to, BR_ACQUIRE, hf_ref(n)));
	if (!strong && told_strong)
		hf_try_errno(put(to, BR_RELEASE, hf_ref(n)));
	if (!weak && told_weak)
		hf_try_errno(put(to, BR_DECREFS, hf_ref(n)));
	return 0;
}

HF_IMPL_OPS(node_work, .deliver = node_deliver, .cancel = work_forget);

/* The process has answered that it knows of the references that it was told of. */
void node_answered(const struct proc *p, u64 ptr, u64 cookie, bool strong)
{
	hf_let_arc(node, n, hf_empty(node_arc));
	{
		hf_lock(in, &p->inner);
		const struct node *found;

		if (hf_store_ok(found, node_map_find(&in->nodes, ptr)))
			return;
		struct node_state *const s = hf_access(&found->state, &p->inner);
		bool *const pending = strong ? &s->pending_strong : &s->pending_weak;

		if (found->cookie != cookie || !*pending)
			return;
		*pending = false;
		hf_set(n, hf_arc_from(node, found));
	}
	node_dec(hf_ref(n), strong ? NODE_LOCAL_STRONG : NODE_LOCAL_WEAK);
}

/* ---- Nodes of a process ---- */

void node_destroy(struct node *n)
{
	/* SAFETY: nobody can reach it any more. */
	struct node_state *const s = hf_lock_get_mut_unchecked(&n->state);

	works_fini(&s->oneway);
	watchers_fini(&s->deaths);
	watchers_fini(&s->freezes);
	hf_link_fini(&n->work.link);
	hf_link_fini(&n->by_ptr);
	proc_arc_drop(&n->owner);
}

void node_release(struct node *n)
{
	hf_free(n);
}

struct node_config {
	const struct proc *owner;
	u64 ptr, cookie;
	u32 flags;
	bool manager;			/* what it becomes */
};

static int node_init(struct node *n, const struct node_config *c)
{
	/* SAFETY: nobody else can reach it yet. */
	struct node_state *const s = hf_lock_get_mut_unchecked(&n->state);

	hf_impl_init(node_work, n);
	node_map_set_key(n, c->ptr);
	n->cookie = c->cookie;
	n->accepts_fds = c->flags & FLAT_BINDER_FLAG_ACCEPTS_FDS;
	hf_set(n->owner, hf_arc_from(proc, c->owner));
	hf_locked_by_init(&n->state, &c->owner->inner);
	works_init(&s->oneway);
	watchers_init(&s->deaths);
	watchers_init(&s->freezes);
	return 0;
}

/* One count of a node that is in the map, for a caller who keeps it. */
static struct weak_arc node_hold(const struct proc *p, const struct node *n) HF_REQUIRES(&p->inner)
{
	hf_let_arc(node, kept, hf_arc_from(node, n));

	hf_array_at(hf_access(&n->state, &p->inner)->count, NODE_LOCAL_WEAK)++;
	/* SAFETY: count_put() takes it back. */
	return hf_expect(hf_adopt_ref_unchecked(weak, (struct node *)(unsigned long)hf_leak(kept)), "it is a node");
}

static struct weak_arc_result node_find(const struct proc *p, const struct node_config *c) HF_REQUIRES(&p->inner)
{
	const struct node *const n = hf_try_in(weak_arc, node_map_find(&hf_held(&p->inner)->nodes, c->ptr));
	struct node_state *const s = hf_access(&n->state, &p->inner);

	if (!c->manager && n->cookie != c->cookie)
		return hf_err(weak_arc, -EINVAL);
	if (c->manager) {
		/* The manager has not been told, but it knows. */
		s->manager = s->told_strong = s->told_weak = true;
		hf_array_at(s->count, NODE_LOCAL_STRONG)++;
		hf_array_at(s->count, NODE_LOCAL_WEAK)++;
	}
	return hf_ok(weak_arc, node_hold(p, n));
}

static struct weak_arc_result node_known(const struct proc *p, const struct node_config *c)
{
	hf_lock(in, &p->inner);

	(void)in;
	return node_find(p, c);
}

struct weak_arc_result proc_node(const struct proc *p, u64 ptr, u64 cookie, u32 flags, bool manager)
{
	const struct node_config config = { .owner = p, .ptr = ptr, .cookie = cookie, .flags = flags, .manager = manager };
	struct weak_arc_result known = node_known(p, &config);

	if (hf_errno(known) != -ENOENT)
		return known;
	hf_let_arc(node, fresh, hf_try_in(weak_arc, hf_new_arc_with(node, GFP_KERNEL, node_init, &config)));
	hf_lock(in, &p->inner);

	if (in->dead)
		return hf_err(weak_arc, -ESRCH);
	/* Another thread may have made it meanwhile. */
	if (hf_errno(node_map_find(&in->nodes, ptr)) == -ENOENT)
		hf_try_errno_in(weak_arc, node_map_insert(&in->nodes, hf_move(fresh)));
	return node_find(p, &config);
}

void node_next_oneway(const struct node *n)
{
	const struct proc *const owner = hf_ref(n->owner);
	hf_let(work, next, hf_empty(work_own));
	hf_lock(in, &owner->inner);
	struct node_state *const s = hf_access(&n->state, &owner->inner);

	if (hf_set_ok(next, works_pop_front(&s->oneway)))
		s->oneway_busy = false;
	else if (!in->dead)
		proc_push_locked(owner, hf_move(next));
}

/* The process has died. */
static void node_end(const struct proc *p, const struct node *n)
{
	struct works oneway;
	struct watchers deaths;

	works_init(&oneway);
	watchers_init(&deaths);
	{
		hf_lock(in, &p->inner);
		struct node_state *const s = hf_access(&n->state, &p->inner);

		(void)in;
		works_take_all(&oneway, &s->oneway);
		watchers_take_all(&deaths, &s->deaths);
	}
	works_cancel(&oneway);
	for (;;) {
		hf_let_arc(watch, d, hf_empty(watch_arc));

		if (hf_set_ok(d, watchers_pop_front(&deaths)))
			return;
		death_fire(hf_move(d));
	}
}

void proc_end_nodes(const struct proc *p)
{
	for (;;) {
		hf_let_arc(node, n, hf_empty(node_arc));
		{
			hf_lock(in, &p->inner);

			if (hf_set_ok(n, node_map_pop_first(&in->nodes)))
				return;
			hf_access(&hf_ref(n)->state, &p->inner)->dead = true;
		}
		node_end(p, hf_ref(n));
	}
}

/* ---- Handles ---- */

void ref_destroy(struct ref *r)
{
	hf_link_fini(&r->by_node);
	/* SAFETY: nobody can reach it any more. */
	struct ref_state *const s = hf_lock_get_mut_unchecked(&r->state);

	watch_arc_drop(&s->death);
	watch_arc_drop(&s->freeze);
	node_arc_drop(&r->node);
}

void ref_release(struct ref *r)
{
	hf_free(r);
}

struct ref_config {
	const struct proc *holder;
	const struct node *to;
	u32 handle;
};

static int ref_init(struct ref *r, const struct ref_config *c)
{
	r->handle = c->handle;
	ref_map_set_key(r, c->to);
	hf_set(r->node, hf_arc_from(node, c->to));
	hf_locked_by_init(&r->state, &c->holder->refs_to);
	return 0;
}

/* Count, also at the node, if it is the first. */
static int ref_inc(const struct proc *p, const struct ref *r, bool strong, const struct thread *teller) HF_REQUIRES(&p->refs_to)
{
	struct ref_state *const s = hf_access(&r->state, &p->refs_to);

	if (strong && !s->strong)
		hf_try_errno(node_inc(hf_ref(r->node), NODE_REFS_STRONG, teller));
	if (strong)
		s->strong++;
	else
		s->weak++;
	return 0;
}

static struct u32_result ref_of(const struct proc *p, const struct node *n, bool strong, const struct thread *teller)
{
	hf_lock(g, &p->refs_to);
	const struct ref *const r = hf_try_in(u32, ref_map_find(&g->by_node, n));

	hf_try_errno_in(u32, ref_inc(p, r, strong, teller));
	return hf_ok(u32, r->handle);
}

/* Handle 0 is for the manager, and free unless one that has died had it. */
static bool is_for_zero(const struct proc *p, const struct node *n)
{
	const struct proc *const owner = hf_ref(n->owner);
	hf_lock(g, &p->refs_to);
	hf_lock(in, &owner->inner);
	const struct node_state *const s = hf_access(&n->state, &owner->inner);

	(void)in;
	return s->manager && !s->dead && hf_is_empty(g->zero);
}

struct u32_result proc_handle_of(const struct proc *p, const struct node *n, bool strong, const struct thread *teller)
{
	struct ref_config config = { .holder = p, .to = n };
	const struct u32_result known = ref_of(p, n, strong, teller);
	int err;

	if (hf_errno(known) != -ENOENT)
		return known;
	hf_owe(handles, slot, hf_try_in(u32, hf_reserve_id(handles, hf_idmap_of(&p->refs_to, by_handle), GFP_KERNEL)));
	config.handle = is_for_zero(p, n) ? 0 : hf_token_value(slot).id;
	hf_let_arc(ref, fresh, hf_empty(ref_arc));
	err = hf_set_ok(fresh, hf_new_arc_with(ref, GFP_KERNEL, ref_init, &config));
	if (!err) {
		hf_lock(g, &p->refs_to);

		/* Another thread may have made it meanwhile. */
		if (g->dead)
			err = -ESRCH;
		else if (hf_errno(ref_map_find(&g->by_node, n)) == -ENOENT)
			err = ref_inc(p, hf_ref(fresh), strong, teller);
		else
			err = -EEXIST;
		if (!err) {
			hf_require(HF_UNWRAP, !node_inc(n, NODE_REFS, teller));
			hf_require(HF_UNWRAP, !ref_map_insert(&g->by_node, hf_clone(fresh)));
			if (config.handle) {
				handles_fill(&g->by_handle, hf_pass(slot), hf_move(fresh));
				return hf_ok(u32, config.handle);
			}
			hf_set(g->zero, hf_move(fresh));
		}
	}
	handles_give_back(hf_pass(slot));
	if (err == -EEXIST)
		return ref_of(p, n, strong, teller);
	return err ? hf_err(u32, err) : hf_ok(u32, 0);
}

/* What a process knows by a handle; -EINVAL if nothing, or if it must have a strong reference and has none. */
static struct handles_ref_result ref_find(const struct proc *p, u32 handle, bool strong) HF_REQUIRES(&p->refs_to)
{
	const struct proc_refs *const g = hf_held(&p->refs_to);
	const struct ref *r;

	if (handle)
		r = hf_try_or(handles_find(&g->by_handle, handle), hf_err(handles_ref, -EINVAL));
	else if (!hf_is_empty(g->zero))
		r = hf_ref(g->zero);
	else
		return hf_err(handles_ref, -EINVAL);
	if (strong && !hf_access(&r->state, &p->refs_to)->strong)
		return hf_err(handles_ref, -EINVAL);
	return hf_ok(handles_ref, r);
}

int proc_handle_inc(const struct proc *p, u32 handle, bool strong)
{
	hf_lock(g, &p->refs_to);

	return ref_inc(p, hf_try(ref_find(p, handle, strong)), strong, NULL);
}

/* The reference ends: take it out. */
static void ref_remove(const struct proc *p, const struct ref *r, struct ref_arc *by_handle, struct ref_arc *by_node)
	HF_REQUIRES(&p->refs_to)
{
	struct proc_refs *const g = hf_held(&p->refs_to);
	const u32 handle = r->handle;

	hf_set(*by_node, hf_expect(ref_map_remove(&g->by_node, r), "it is in both maps"));
	if (handle)
		hf_set(*by_handle, hf_expect(handles_remove(&g->by_handle, handle), "it has the handle"));
	else
		hf_set(*by_handle, hf_take(g->zero));
}

/* Stop watching.  A node that is dying has given those who watch for that to who tells them. */
static struct watch_arc_result node_unwatch(const struct node *n, const struct watch *w)
{
	const struct proc *const owner = hf_ref(n->owner);
	hf_lock(in, &owner->inner);
	struct node_state *const s = hf_access(&n->state, &owner->inner);

	(void)in;
	if (watchers_has(&s->deaths, w))
		return watchers_remove(&s->deaths, w);
	if (watchers_has(&s->freezes, w))
		return watchers_remove(&s->freezes, w);
	return hf_err(watch_arc, -ENOENT);
}

static void watch_end(struct watch_arc given, const struct node *n)
{
	hf_let_arc(watch, w, given);

	if (hf_is_empty(w))
		return;
	hf_drop_ok(watch_arc, node_unwatch(n, hf_ref(w)));
	watch_forget(hf_move(w));
}

int proc_handle_dec(const struct proc *p, u32 handle, bool strong)
{
	hf_let_arc(ref, by_handle, hf_empty(ref_arc));
	hf_let_arc(ref, by_node, hf_empty(ref_arc));
	hf_let_arc(node, n, hf_empty(node_arc));
	hf_let_arc(watch, death, hf_empty(watch_arc));
	hf_let_arc(watch, freeze, hf_empty(watch_arc));
	bool last_strong = false, last = false;
	{
		hf_lock(g, &p->refs_to);
		const struct ref *const r = hf_try(ref_find(p, handle, strong));
		struct ref_state *const s = hf_access(&r->state, &p->refs_to);

		(void)g;
		hf_set(n, hf_clone(r->node));
		if (strong) {
			last_strong = !--s->strong;
		} else {
			if (!s->weak)
				return 0;
			s->weak--;
		}
		last = !s->strong && !s->weak;
		if (last) {
			hf_set(death, hf_take(s->death));
			hf_set(freeze, hf_take(s->freeze));
			ref_remove(p, r, &by_handle, &by_node);
		}
		/* Before another thread ends the reference: a node has no strong references without references. */
		if (last_strong)
			node_dec(hf_ref(n), NODE_REFS_STRONG);
	}
	if (!last)
		return 0;
	watch_end(hf_take(death), hf_ref(n));
	watch_end(hf_take(freeze), hf_ref(n));
	node_dec(hf_ref(n), NODE_REFS);
	return 0;
}

struct weak_arc_result proc_find(const struct proc *p, u32 handle, bool strong)
{
	hf_lock(g, &p->refs_to);
	const struct ref *const r = hf_try_in(weak_arc, ref_find(p, handle, strong));

	(void)g;
	return hf_ok(weak_arc, hf_arc_from(weak, hf_ref(r->node)));
}

struct strong_arc_result proc_target(const struct proc *p, u32 handle)
{
	hf_lock(g, &p->refs_to);
	const struct ref *const r = hf_try_in(strong_arc, ref_find(p, handle, true));

	(void)g;
	return hf_ok(strong_arc, hf_arc_from(strong, hf_ref(r->node)));
}

/* ---- Watches, of which a reference has at most one of a kind ---- */

static struct watch_arc *place_of(struct ref_state *s, enum watch_kind kind)
{
	return kind == WATCH_DEATH ? &s->death : &s->freeze;
}

int proc_watch(const struct proc *p, u32 handle, enum watch_kind kind, const struct watch *w, bool *frozen)
{
	hf_lock(g, &p->refs_to);
	const struct ref *const r = hf_try(ref_find(p, handle, false));
	struct watch_arc *const place = place_of(hf_access(&r->state, &p->refs_to), kind);
	const struct proc *const owner = hf_ref(hf_ref(r->node)->owner);

	(void)g;
	if (!hf_is_empty(*place))
		return -EEXIST;
	hf_set(*place, hf_arc_from(watch, w));
	hf_lock(in, &owner->inner);
	struct node_state *const n = hf_access(&hf_ref(r->node)->state, &owner->inner);

	*frozen = in->frozen;
	if (n->dead)
		return -ESRCH;
	watchers_push_back(kind == WATCH_DEATH ? &n->deaths : &n->freezes, hf_arc_from(watch, w));
	return 0;
}

struct watch_arc_result proc_unwatch(const struct proc *p, u32 handle, enum watch_kind kind, u64 cookie)
{
	hf_lock(g, &p->refs_to);
	const struct ref *const r = hf_try_in(watch_arc, ref_find(p, handle, false));
	struct watch_arc *const place = place_of(hf_access(&r->state, &p->refs_to), kind);

	(void)g;
	if (hf_is_empty(*place) || hf_ref(*place)->cookie != cookie)
		return hf_err(watch_arc, -EINVAL);
	hf_drop_ok(watch_arc, node_unwatch(hf_ref(r->node), hf_ref(*place)));
	return hf_ok(watch_arc, hf_take(*place));
}

int proc_count(const struct proc *p, u32 handle, u32 *strong, u32 *weak)
{
	hf_let_arc(weak, n, hf_try(proc_find(p, handle, true)));
	const struct proc *const owner = hf_ref(hf_ref(n)->owner);
	hf_lock(in, &owner->inner);
	const struct node_state *const s = hf_access(&hf_ref(n)->state, &owner->inner);

	(void)in;
	*strong = hf_array_at(s->count, NODE_REFS_STRONG) + hf_array_at(s->count, NODE_LOCAL_STRONG);
	/* But for the one that is counted here. */
	*weak = hf_array_at(s->count, NODE_LOCAL_WEAK) - 1;
	return 0;
}

struct binder_node_debug_info proc_next_node(const struct proc *p, u64 ptr)
{
	struct binder_node_debug_info info = { .ptr = hf_untrusted_u64(0) };
	hf_lock(in, &p->inner);
	const struct node *n;

	if (ptr == ~(u64)0 || hf_store_ok(n, node_map_lower_bound(&in->nodes, ptr + 1)))
		return info;
	const struct node_state *const s = hf_access(&n->state, &p->inner);

	info.ptr = hf_untrusted_u64(n->ptr);
	info.cookie = hf_untrusted_u64(n->cookie);
	info.has_strong_ref = hf_untrusted_u32(s->told_strong);
	info.has_weak_ref = hf_untrusted_u32(s->told_weak);
	return info;
}

void proc_end_refs(const struct proc *p)
{
	for (;;) {
		hf_let_arc(ref, by_handle, hf_empty(ref_arc));
		hf_let_arc(ref, by_node, hf_empty(ref_arc));
		hf_let_arc(watch, death, hf_empty(watch_arc));
		hf_let_arc(watch, freeze, hf_empty(watch_arc));
		bool strong;
		u64 at = 0;
		{
			hf_lock(g, &p->refs_to);
			/* In the order of the handles, which what they refer to is told in. */
			const struct ref *const r = hf_is_empty(g->zero) ? handles_next(&g->by_handle, &at) : hf_ref(g->zero);

			g->dead = true;
			if (!r)
				return;
			struct ref_state *const s = hf_access(&r->state, &p->refs_to);

			strong = s->strong;
			hf_set(death, hf_take(s->death));
			hf_set(freeze, hf_take(s->freeze));
			ref_remove(p, r, &by_handle, &by_node);
		}
		const struct node *const n = hf_ref(hf_ref(by_node)->node);

		if (strong)
			node_dec(n, NODE_REFS_STRONG);
		watch_end(hf_take(death), n);
		watch_end(hf_take(freeze), n);
		node_dec(n, NODE_REFS);
	}
}
