// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Borrows whose owner moves, evicts, shares or gives up something else, or only later.
#include <holdfast/arc.h>
#include <holdfast/idmap.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/map.h>
#include <holdfast/scope.h>

struct entry {
	const u32 inode;
	struct hf_map_link link;
	struct hf_link used;
	u32 hits;
	bool busy;
};

void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_MAP_DEFINE(entries, entry_own, struct entry, link, inode, hf_compare);
HF_LIST_DEFINE(recent, entry_own, struct entry, used);

struct cache {
	struct entries by_inode, old;
	struct recent recent;
	u32 nr;
};

/* Nothing is dropped: what leaves one map enters the other. */
static void cache_age(struct cache *c)
{
	hf_let(entry, e, hf_expect(entries_pop_first(&c->by_inode), "nr counts them"));

	if (entries_insert(&c->old, hf_move(e)))
		c->nr--;
}

static void cache_shrink_old(struct cache *c)
{
	hf_drop_ok(entry_own, entries_pop_first(&c->old));
}

int cache_hit(struct cache *c, u32 inode, u32 *hits);
int cache_hit(struct cache *c, u32 inode, u32 *hits)
{
	struct entry *e = hf_try(entries_find_mut(&c->by_inode, inode));

	cache_age(c);
	cache_shrink_old(c);
	*hits = ++e->hits;
	return 0;
}

static void recent_shrink(struct recent *r)
{
	hf_drop_ok(entry_own, recent_pop_front(r));
}

/* The new one is the last, and there are others. */
void recent_add(struct recent *r, struct entry_own given);
void recent_add(struct recent *r, struct entry_own given)
{
	struct entry *e;

	recent_push_back(r, given);
	e = hf_ok_or(recent_back_mut(r), NULL);
	if (!e)
		return;
	recent_shrink(r);
	e->hits++;
}

/* What is in no map may get another key. */
int cache_rename(struct cache *c, u32 from, u32 to);
int cache_rename(struct cache *c, u32 from, u32 to)
{
	struct entry *found = hf_try(entries_find_mut(&c->by_inode, from));
	hf_let(entry, e, hf_try(entries_remove(&c->by_inode, found)));

	found->hits = 0;
	entries_set_key(found, to);
	return entries_insert(&c->by_inode, hf_move(e));
}

static void idle(void *busy)
{
	*(bool *)busy = false;
}

int entry_scan(struct entry *e);

int cache_scan(struct cache *c, struct entry_own given);
int cache_scan(struct cache *c, struct entry_own given)
{
	hf_let(entry, e, given);
	hf_defer(idle_again, idle, &hf_mut(e)->busy);

	hf_mut(e)->busy = true;
	hf_try_errno(entry_scan(hf_mut(e)));
	hf_mut(e)->busy = false;
	hf_dismiss(idle_again);
	return entries_insert(&c->by_inode, hf_move(e));
}

struct worker {
	struct hf_refs refs;
	struct hf_link link;
	u32 load, id;
};

void worker_destroy(struct worker *w);
void worker_release(struct worker *w);
HF_ARC_DEFINE(worker, struct worker, refs, worker_destroy, worker_release);
HF_LIST_DEFINE(workers, worker_arc, struct worker, link);

struct pool {
	struct workers idle, busy;
	struct worker_arc last;
};

int pool_start(struct pool *p);
int pool_start(struct pool *p)
{
	hf_list_cursor(c, &p->idle);

	for (const struct worker *w; (w = workers_next(&c));) {
		if (w->load)
			continue;
		/* Of arcs this is a question. */
		if (!workers_try_push_back(&p->busy, hf_arc_from(worker, w)))
			return 0;
		workers_push_back(&p->busy, hf_try(workers_remove_at(&c)));
	}
	return -EAGAIN;
}

u32 pool_add(struct pool *p, u32 id);
u32 pool_add(struct pool *p, u32 id)
{
	hf_let_arc(worker, w, hf_try_or(hf_new_arc(worker, GFP_KERNEL), 0));
	struct worker *fresh = hf_try_or(hf_arc_unique(w), 0);

	fresh->id = id;
	workers_push_back(&p->idle, hf_clone(w));
	/* Nobody writes it any more. */
	return fresh->id;
}

struct mailbox {
	void *slot;
};

void mailbox_post(struct mailbox *m, struct worker_arc given);
void mailbox_post(struct mailbox *m, struct worker_arc given)
{
	hf_let_arc(worker, w, given);

	/* SAFETY: the mailbox's reader adopts it. */
	if (!m->slot)
		m->slot = (void *)(unsigned long)hf_leak(w);
}

const struct worker *mailbox_give(struct worker_arc given);
const struct worker *mailbox_give(struct worker_arc given)
{
	hf_let_arc(worker, w, given);

	/* SAFETY: the caller has the reference. */
	return hf_leak(w);
}

/* It is another's: nobody is to drop it. */
void worker_forget(struct worker_arc given);
void worker_forget(struct worker_arc given)
{
	hf_let_arc(worker, w, given);

	/* SAFETY: the counts of a worker that was never started are not used. */
	(void)hf_leak(w);
}

struct cookie {
	u32 id;
	const void *of;
};

struct cookie mailbox_cookie(struct worker_arc given);
struct cookie mailbox_cookie(struct worker_arc given)
{
	hf_let_arc(worker, w, given);
	struct cookie c = { .id = hf_ref(w)->id };

	/* SAFETY: who redeems the cookie adopts it. */
	c.of = hf_leak(w);
	return c;
}

int device_start(u64 cookie);

int mailbox_send(struct worker_arc given);
int mailbox_send(struct worker_arc given)
{
	hf_let_arc(worker, w, given);
	/* SAFETY: the completion adopts it, or the error's path below. */
	const struct worker *raw = hf_leak(w);
	const int err = device_start((u64)(unsigned long)raw);

	if (err) {
		/* SAFETY: the device did not take it. */
		hf_let_arc(worker, again, hf_adopt_arc_unchecked(worker,
			(struct worker *)(unsigned long)raw));
	}
	return err;
}

HF_IDMAP_DEFINE(handles, worker_arc);

struct host {
	struct handles by_id;
	u32 flushed;
};

HF_LOCKED_DEFINE(host_locked, mutex, struct host);
int host_flush(u64 id) HF_SLEEPS;

/* A reference keeps it. */
int host_sync(const struct host_locked *host, u64 id, u32 *load);
int host_sync(const struct host_locked *host, u64 id, u32 *load)
{
	hf_lock(h, host);
	hf_let_arc(worker, w, hf_arc_from(worker, hf_try(handles_find(&h->by_id, id))));

	{
		hf_unlocked(h);
		hf_try_errno(host_flush(id));
	}
	h->flushed++;
	*load = hf_ref(w)->load;
	return 0;
}
