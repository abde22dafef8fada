// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Pointers to elements of lists and maps that stay right: found again, spared, chosen, and set to NULL. */
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/map.h>
#include <holdfast/num.h>

struct request {
	struct hf_link link;
	u32 id, users, partner;
	bool done;
};

static void request_free(struct request *r)
{
	hf_link_fini(&r->link);
	hf_free(r);
}

HF_OWN_DEFINE(request, struct request, request_free);
HF_LIST_DEFINE(requests, request_own, struct request, link);

struct host_data {
	struct requests queue;
	const struct request *current;	/* in queue, or NULL */
	u32 completed;
};
HF_LOCKED_DEFINE(host, mutex, struct host_data);

static int host_submit(const struct host *host, u32 id)
{
	hf_let(request, r, hf_try(hf_new(request, GFP_KERNEL)));

	hf_mut(r)->id = id;
	hf_lock(h, host);
	requests_push_back(&h->queue, hf_move(r));
	if (!h->current)
		h->current = hf_try(requests_front(&h->queue));
	return 0;
}

/* A list that is not empty has a first element. */
static int host_complete(const struct host *host)
{
	hf_lock(h, host);
	hf_let(request, done, hf_try(requests_pop_front(&h->queue)));

	h->completed += hf_ref(done)->id;
	h->current = requests_empty(&h->queue) ? NULL : hf_try(requests_front(&h->queue));
	return 0;
}

static u32 host_timeout(const struct host *host)
{
	hf_lock(h, host);

	return h->current ? h->current->id : 0;
}

static void host_cancel(const struct host *host)
{
	hf_lock(h, host);

	h->current = NULL;
	requests_clear(&h->queue);
}

/* Others may have the lock for a while: what was found is found again. */
static int host_step(const struct host *host)
{
	hf_lock(h, host);
	struct request *r = hf_try(requests_front_mut(&h->queue));
	const u32 id = r->id;

	{
		hf_unlocked(h);
		if (id == 2)
			host_cancel(host);
	}
	r = hf_try(requests_front_mut(&h->queue));
	if (r->id != id)
		return -EAGAIN;
	r->done = true;
	h->current = NULL;
	return hf_drop_ok(request_own, requests_remove(&h->queue, r));
}

u32 host_run(void);
u32 host_run(void)
{
	static struct host host;

	hf_lock_init(&host);
	{
		hf_lock(h, &host);
		requests_init(&h->queue);
	}
	if (host_submit(&host, 1) || host_submit(&host, 2))
		return 0;
	if (host_step(&host) || host_complete(&host))
		return 1;
	if (host_step(&host))
		host_cancel(&host);
	return host_timeout(&host);
}

static struct request *queue_find(struct requests *q, u32 id)
{
	hf_list_cursor(c, q);
	for (struct request *r; (r = requests_next(&c));)
		if (r->id == id)
			return r;
	return NULL;
}

static void queue_shrink(struct requests *q)
{
	const struct request *idle = NULL;

	{
		hf_list_cursor(c, q);
		for (const struct request *r; (r = requests_next(&c));)
			if (!r->users)
				idle = r;
	}
	if (idle)
		hf_drop_ok(request_own, requests_remove(q, idle));
}

/* The one that is in use is spared. */
int queue_use(struct requests *q, u32 id);
int queue_use(struct requests *q, u32 id)
{
	struct request *const r = queue_find(q, id);

	if (!r)
		return -ENOENT;
	r->users++;
	queue_shrink(q);
	r->done = true;
	r->users--;
	return 0;
}

static void queue_delete(struct requests *q, u32 id)
{
	const struct request *const r = queue_find(q, id);

	if (r)
		hf_drop_ok(request_own, requests_remove(q, r));
}

/* The caller says which one goes. */
int queue_replace(struct requests *q, u32 id, u32 by);
int queue_replace(struct requests *q, u32 id, u32 by)
{
	struct request *const r = queue_find(q, by);

	if (!r || id == by)
		return -EINVAL;
	queue_delete(q, id);
	r->done = true;
	return 0;
}

/* The other one is not the one that the function was given. */
static void queue_down(struct requests *q, const struct request *r)
{
	const struct request *const other = r->partner ? queue_find(q, r->partner) : NULL;

	if (other)
		hf_drop_ok(request_own, requests_remove(q, other));
	hf_drop_ok(request_own, requests_remove(q, r));
}

void queue_reset(struct requests *q);
void queue_reset(struct requests *q)
{
	hf_list_cursor(c, q);
	for (struct request *r; (r = requests_next(&c));)
		queue_down(q, r);
}

/* A loop over a const list may end with a removal. */
int queue_first_done(struct requests *q);
int queue_first_done(struct requests *q)
{
	const struct requests *const view = q;

	hf_list_cursor(c, view);
	for (const struct request *r; (r = requests_next(&c));)
		if (r->done)
			return hf_drop_ok(request_own, requests_remove(q, r));
	return -ENOENT;
}

/* The last use of an element is before its list drops one. */
struct entry {
	const u32 key;
	struct hf_map_link link;
	u32 value;
	u64 used_at;
};

static void entry_free(struct entry *e)
{
	hf_link_fini(&e->link);
	hf_free(e);
}

HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_MAP_DEFINE(entries, entry_own, struct entry, link, key, hf_compare);

struct cache {
	struct entries by_key;
	u32 count;
	u64 clock;
};

static void cache_trim(struct cache *c, u32 room)
{
	while (c->count > room) {
		const struct entry *oldest = NULL;

		hf_map_cursor(i, &c->by_key);
		for (const struct entry *e; (e = entries_next(&i));)
			if (!oldest || e->used_at < oldest->used_at)
				oldest = e;
		if (!oldest)
			return;
		hf_drop_ok(entry_own, entries_remove(&c->by_key, oldest));
		c->count--;
	}
}

struct u32_result cache_get(struct cache *c, u32 key);
struct u32_result cache_get(struct cache *c, u32 key)
{
	struct entry *const e = hf_try_in(u32, entries_find_mut(&c->by_key, key));
	const u32 value = e->value;

	e->used_at = ++c->clock;
	cache_trim(c, 4);
	return hf_ok(u32, value);
}

/* What a function pops for its caller is not dropped. */
struct ring {
	struct requests all;
	struct request *latest;
};

int ring_add(struct ring *r);
int ring_add(struct ring *r)
{
	hf_let(request, new, hf_try(hf_new(request, GFP_KERNEL)));

	r->latest = hf_mut(new);
	requests_push_back(&r->all, hf_move(new));
	return 0;
}

u32 ring_latest(const struct ring *r);
u32 ring_latest(const struct ring *r)
{
	return r->latest ? r->latest->id : 0;
}

struct request_own_result ring_take(struct ring *r);
struct request_own_result ring_take(struct ring *r)
{
	r->latest = NULL;
	return requests_pop_back(&r->all);
}

/* Only what is done goes, and the latest is not. */
int ring_collect(struct ring *r);
int ring_collect(struct ring *r)
{
	hf_list_cursor(c, &r->all);
	for (struct request *x; (x = requests_next(&c));)
		if (x->done)
			return hf_drop_ok(request_own, requests_remove(&r->all, x));
	return 0;
}
