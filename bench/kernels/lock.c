// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Locks and what they guard; tokens. */
#include "../bench.h"

#define OPS 256

struct counts {
	u32 hits;
	u32 sum;
};

/* The back end's own functions.  All arguments but the lock are constants. */
#define RAW_ENTER(kind, l, shared)							\
	((void)hf_sys_##kind##_acquire((l), (shared), HF_UNINTERRUPTIBLE, 0, &(unsigned long){ 0 }))
#define RAW_LEAVE(kind, l, shared)	hf_sys_##kind##_release((l), (shared), 0)

/* --- a guard for each kind ---------------------------------------------------------------------- */

#define BOTH(name, kind, shared, hf_enter)						\
	struct raw_locked_##name {								\
		struct hf_sys_##kind lock;						\
		struct counts counts;							\
	};										\
	s64 raw_lock_##name(const struct bench_in *in)					\
	{										\
		struct raw_locked_##name *const l = in->arena;					\
		s64 sum = 0;								\
											\
		hf_sys_##kind##_init(&l->lock, HF_SYS_LOCK_CLASS("raw"));		\
		l->counts.sum = 1;							\
		for (size_t i = 0; i < OPS && i < in->n; i++) {				\
			RAW_ENTER(kind, &l->lock, shared);				\
			sum += in->words[i] ^ l->counts.sum;				\
			RAW_LEAVE(kind, &l->lock, shared);				\
		}									\
		hf_sys_##kind##_fini(&l->lock);						\
		return sum;								\
	}										\
	HF_LOCKED_DEFINE(hf_##name, kind, struct counts);				\
	s64 hf_lock_##name(const struct bench_in *in)					\
	{										\
		struct hf_##name *const l = in->arena;					\
		s64 sum = 0;								\
											\
		hf_lock_init(l);							\
		/* SAFETY: not shared. */						\
		hf_lock_get_mut_unchecked(l)->sum = 1;					\
		for (size_t i = 0; i < OPS && i < in->n; i++) {				\
			hf_enter(g, l);							\
			sum += in->words[i] ^ g->sum;					\
		}									\
		hf_lock_fini(l);							\
		return sum;								\
	}

BOTH(mutex, mutex, false, hf_lock)
BOTH(spinlock, spinlock, false, hf_lock)
BOTH(read, rwlock, true, hf_read_lock)

/* --- data in one object, its lock in another ---------------------------------------------------- */

struct raw_part {
	struct raw_locked_spinlock *by;
	struct counts counts;
};

/* Several objects in turn: with one, the store forwarding of its counters would be measured. */
#define PARTS 8

BENCH_CALL static u32 raw_locked_by_hit(struct raw_part *p, u32 v)
{
	p->counts.hits++;
	p->counts.sum += v;
	return p->counts.sum;
}

s64 raw_locked_by(const struct bench_in *in)
{
	struct raw_locked_spinlock *const l = in->arena;
	struct raw_part parts[PARTS] = { { .by = NULL } };
	s64 sum = 0;

	hf_sys_spinlock_init(&l->lock, HF_SYS_LOCK_CLASS("raw"));
	for (size_t i = 0; i < PARTS; i++)
		parts[i].by = l;
	RAW_ENTER(spinlock, &l->lock, false);
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += raw_locked_by_hit(&parts[i % PARTS], in->words[i]);
	RAW_LEAVE(spinlock, &l->lock, false);
	return sum;
}

HF_LOCKED_BY_DEFINE(hf_part, hf_spinlock, struct counts);

BENCH_CALL static u32 hf_locked_by_hit(struct hf_part *p, const struct hf_spinlock *l, u32 v)
	HF_REQUIRES(l)
{
	struct counts *const c = hf_access(p, l);

	c->hits++;
	c->sum += v;
	return c->sum;
}

s64 hf_locked_by(const struct bench_in *in)
{
	struct hf_spinlock *const l = in->arena;
	struct hf_part parts[PARTS] = { { .data_ = { .hits = 0 } } };
	s64 sum = 0;

	hf_lock_init(l);
	for (size_t i = 0; i < PARTS; i++)
		hf_locked_by_init(&parts[i], l);
	{
		hf_lock(g, l);

		for (size_t i = 0; i < OPS && i < in->n; i++)
			sum += hf_locked_by_hit(&parts[i % PARTS], l, in->words[i]);
	}
	hf_lock_fini(l);
	return sum;
}

/* --- an identifier that must be returned -------------------------------------------------------- */

#define IDS 64u

struct ids {
	u32 used;
	u16 last;
};

static int raw_token_settle_get(struct ids *ids, u16 *id)
{
	if (ids->used == IDS)
		return -EAGAIN;
	ids->used++;
	*id = ++ids->last;
	return 0;
}

static void raw_token_settle_put(struct ids *ids, u16 id)
{
	ids->used--;
	ids->last = (u16)(id ^ 1);
}

BENCH_CALL static u32 raw_token_settle_use(struct ids *ids, u32 v, u16 id)
{
	return v + id + ids->used;
}

s64 raw_token_settle(const struct bench_in *in)
{
	struct ids ids = { .used = 0 };
	s64 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		u16 id;
		int err = raw_token_settle_get(&ids, &id);

		if (err)
			return err;
		sum += raw_token_settle_use(&ids, in->words[i], id);
		raw_token_settle_put(&ids, id);
	}
	return sum;
}

HF_TOKEN_DEFINE(id, u16);
HF_RESULT_DEFINE(id, struct id_token);

static struct id_result hf_token_settle_get(struct ids *ids)
{
	if (ids->used == IDS)
		return hf_err(id, -EAGAIN);
	ids->used++;
	return hf_ok(id, hf_oblige(id, ++ids->last));
}

s64 hf_token_settle(const struct bench_in *in)
{
	struct ids ids = { .used = 0 };
	s64 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		hf_owe(id, t, hf_try(hf_token_settle_get(&ids)));

		sum += raw_token_settle_use(&ids, in->words[i], hf_token_value(t));
		raw_token_settle_put(&ids, hf_settle(t));
	}
	return sum;
}
