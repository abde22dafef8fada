// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Pointers beside owners, adoptions, removals and early stores, in the order that is right. */
#include <holdfast/holdfast.h>

struct chan {
	struct hf_link link;
	u32 nr, pending;
};

static void chan_free(struct chan *c)
{
	hf_link_fini(&c->link);
	hf_free(c);
}

HF_OWN_DEFINE(chan, struct chan, chan_free);
HF_LIST_DEFINE(chans, chan_own, struct chan, link);

#define CHANS 8u

struct engine_state {
	struct chans all, idle;
	struct chan *by_nr[CHANS];	/* of the elements of 'all' */
	struct chan *last;		/* one of them, or NULL */
	struct chan_own spare;
	struct chan *probed;		/* what 'spare' owns, if it owns something */
};

HF_LOCKED_DEFINE(locked_engine, spinlock_irq, struct engine_state);

int engine_add(const struct locked_engine *engine, u32 nr);
int engine_add(const struct locked_engine *engine, u32 nr)
{
	hf_let(chan, c, hf_try(hf_new(chan, GFP_KERNEL)));
	hf_lock(e, engine);

	if (nr >= CHANS)
		return -EINVAL;
	if (hf_array_at(e->by_nr, nr))
		return -EEXIST;
	hf_mut(c)->nr = nr;
	hf_array_at(e->by_nr, nr) = hf_mut(c);
	e->last = hf_mut(c);
	chans_push_back(&e->all, hf_move(c));
	return 0;
}

int engine_remove(const struct locked_engine *engine, u32 nr);
int engine_remove(const struct locked_engine *engine, u32 nr)
{
	if (nr >= CHANS)
		return -EINVAL;
	hf_lock(e, engine);
	struct chan *const c = hf_array_at(e->by_nr, nr);

	if (!c)
		return -ENOENT;
	if (e->last == c)
		e->last = NULL;
	hf_array_at(e->by_nr, nr) = NULL;
	return hf_drop_ok(chan_own, chans_remove(&e->all, c));
}

/* It is not dropped: the table and 'last' point to it still. */
int engine_park(const struct locked_engine *engine);
int engine_park(const struct locked_engine *engine)
{
	hf_lock(e, engine);

	if (!e->last)
		return -ENOENT;
	chans_push_back(&e->idle, hf_try(chans_remove(&e->all, e->last)));
	return 0;
}

u32 engine_pending(const struct locked_engine *engine);
u32 engine_pending(const struct locked_engine *engine)
{
	hf_lock(e, engine);

	return e->last ? e->last->pending : 0;
}

/* Who asks whether the owner is empty may keep a pointer beside it. */
int engine_probe(const struct locked_engine *engine);
int engine_probe(const struct locked_engine *engine)
{
	hf_lock(e, engine);

	hf_try_errno(hf_set_ok(e->spare, hf_new(chan, GFP_ATOMIC)));
	e->probed = hf_mut(e->spare);
	return 0;
}

void engine_unprobe(const struct locked_engine *engine);
void engine_unprobe(const struct locked_engine *engine)
{
	hf_lock(e, engine);

	chan_own_drop(&e->spare);
}

u32 engine_probed(const struct locked_engine *engine);
u32 engine_probed(const struct locked_engine *engine)
{
	hf_lock(e, engine);

	return hf_is_empty(e->spare) || !e->probed ? 0 : e->probed->nr;
}

/* --- adoptions ---------------------------------------------------------------------------------- */

struct buffer {
	u32 used;
	u8 bytes[60];
};

/* It ends the use of a buffer, which is in memory of others. */
static void buffer_end(struct buffer *b)
{
	b->used = 0;
}

HF_OWN_DEFINE(buffer, struct buffer, buffer_end);

struct pool {
	u32 n;
	struct buffer buffer[4];
};

struct buffer_own pool_get(struct pool *p, u32 i);
struct buffer_own pool_get(struct pool *p, u32 i)
{
	struct buffer *const b = &hf_array_at(p->buffer, i);

	b->used = 1;
	/* SAFETY: buffer_end() gives it back to the pool, and frees no memory. */
	return hf_adopt_unchecked(buffer, b);
}

/* SAFETY: it is out of the list, so whoever adopts it is alone. */
struct chan_own engine_steal(struct chans *l, struct chan *c);
struct chan_own engine_steal(struct chans *l, struct chan *c)
{
	hf_let(chan, x, hf_empty(chan_own));

	if (hf_set_ok(x, chans_remove(l, c)))
		return hf_empty(chan_own);
	return hf_move(x);
}

/* --- plain variables ---------------------------------------------------------------------------- */

static struct chan_own chan_any(struct chans *l)
{
	struct chan_own_result r = chans_pop_front(l);

	return hf_is_ok(r) ? hf_expect(r, "it was asked") : hf_empty(chan_own);
}

int engine_first(struct chans *l, u32 *nr);
int engine_first(struct chans *l, u32 *nr)
{
	struct chan_own c = chan_any(l);

	if (hf_is_empty(c))
		return -ENOENT;
	*nr = hf_ref(c)->nr;
	if (*nr > CHANS) {
		chan_own_drop(&c);
		return -ERANGE;
	}
	chan_own_drop(&c);
	return 0;
}

/* --- structures of others ----------------------------------------------------------------------- */

struct platform {
	void *data;
	u32 id;
};

HF_FOREIGN_DEFINE(chan_of, chan_own, struct platform, data);

int group_add(struct platform *p);

int chan_probe(struct platform *p);
int chan_probe(struct platform *p)
{
	hf_let(chan, c, hf_try(hf_new(chan, GFP_KERNEL)));
	int err;

	hf_mut(c)->nr = p->id;
	hf_foreign_store(chan_of, p, hf_move(c));
	err = group_add(p);
	if (err) {
		hf_let(chan, back, hf_expect(hf_foreign_take(chan_of, p), "it was stored above"));

		return err;
	}
	return 0;
}

u32 chan_remove(struct platform *p);
u32 chan_remove(struct platform *p)
{
	hf_let(chan, c, hf_expect(hf_foreign_take(chan_of, p), "chan_probe() stored it"));

	return hf_ref(c)->nr;
}

/* --- maps --------------------------------------------------------------------------------------- */

struct lease {
	const u32 address;
	struct hf_map_link link;
	u32 holds;
};

static void lease_free(struct lease *l)
{
	hf_link_fini(&l->link);
	hf_free(l);
}

HF_OWN_DEFINE(lease, struct lease, lease_free);
HF_MAP_DEFINE(leases, lease_own, struct lease, link, address, hf_compare);

/* What is removed by another key is another one; the map may have the first one still. */
int leases_swap(struct leases *m, u32 address, u32 other);
int leases_swap(struct leases *m, u32 address, u32 other)
{
	struct lease *const l = hf_try(leases_find_mut(m, address));

	hf_try_errno(hf_drop_ok(lease_own, leases_remove_key(m, other)));
	return (int)l->holds;
}

void lease_log(struct leases *m);

/* Another function may have inserted it. */
int leases_need(struct leases *m, u32 address);
int leases_need(struct leases *m, u32 address)
{
	if (hf_errno(leases_find(m, address)) == -ENOENT)
		lease_log(m);
	hf_try(leases_find_mut(m, address))->holds++;
	return 0;
}
