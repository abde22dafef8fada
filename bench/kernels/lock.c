// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Locks and what they guard; tokens. */
#include "../bench.h"

#define OPS 256

struct counts {
	u32 hits;
	u32 sum;
};

/* --- a guard for each kind ---------------------------------------------------------------------- */

#define BOTH(name, kind, enter, leave, hf_enter)					\
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
			enter(&l->lock);						\
			sum += in->words[i] ^ l->counts.sum;				\
			leave(&l->lock);						\
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
		/* SAFETY: nobody else can reach it. */					\
		hf_lock_get_mut_unchecked(l)->sum = 1;					\
		for (size_t i = 0; i < OPS && i < in->n; i++) {				\
			hf_enter(g, l);							\
			sum += in->words[i] ^ g->sum;					\
		}									\
		hf_lock_fini(l);							\
		return sum;								\
	}

BOTH(mutex, mutex, hf_sys_mutex_lock, hf_sys_mutex_unlock, hf_lock)
BOTH(spinlock, spinlock, hf_sys_spinlock_lock, hf_sys_spinlock_unlock, hf_lock)
BOTH(read, rwlock, hf_sys_rwlock_lock_shared, hf_sys_rwlock_unlock_shared, hf_read_lock)

/* --- data in one object, its lock in another ---------------------------------------------------- */

struct raw_part {
	struct raw_locked_spinlock *by;
	struct counts counts;
};

/* By turns: of one alone, what is measured is how its counts come back from the store before. */
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
	hf_sys_spinlock_lock(&l->lock);
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += raw_locked_by_hit(&parts[i % PARTS], in->words[i]);
	hf_sys_spinlock_unlock(&l->lock);
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

/* --- an identifier that must be given back ------------------------------------------------------ */

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
