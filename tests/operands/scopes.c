// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A line for every public macro that binds a variable with a cleanup function, and what must stand before; see run. */
#include <holdfast/holdfast.h>

struct thing {
	struct hf_refs refs;
	struct hf_link link;
	struct hf_map_link by_key;
	const int key;
};
void thing_free(struct thing *t);
void undo(void *arg);
HF_OWN_DEFINE(thing, struct thing, thing_free);
HF_ARC_DEFINE(thing, struct thing, refs, thing_free, thing_free);
HF_LIST_DEFINE(things, thing_own, struct thing, link);
HF_MAP_DEFINE(keyed_things, thing_own, struct thing, by_key, key, hf_compare);
HF_LOCKED_DEFINE(mutex_thing, mutex, struct thing);
HF_LOCKED_DEFINE(rw_thing, rwlock, struct thing);
HF_TOKEN_DEFINE(job, int);
HF_REVOCABLE_DEFINE(thing_access, srcu, thing_own);
struct published {
	struct hf_rcu_head rcu;
};
void published_free(struct published *p);
HF_RCU_DEFINE(published, struct published, rcu, published_free);

struct thing_own make(void);
struct thing_arc share(void);
struct thing_weak watch(void);
struct job_token begin(void);
extern struct thing_own own;
extern struct things list;
extern struct keyed_things map;
extern struct mutex_thing lock;
extern struct rw_thing rwlock;
extern struct thing_access access;
extern struct published_rcu place;
struct mutex_thing_guard lent(void);

SCOPE(hf_let, hf_let(thing, t, make()))
SCOPE(hf_let_arc, hf_let_arc(thing, t, share()))
SCOPE(hf_let_weak, hf_let_weak(thing, t, watch()))
SCOPE(hf_let_vec, hf_let_vec(u8, v))
SCOPE(hf_borrow, hf_borrow(r, own))
SCOPE(hf_borrow_mut, hf_borrow_mut(m, own))
SCOPE(hf_defer, hf_defer(d, undo, NULL))
SCOPE(hf_owe, hf_owe(job, t, begin()))
SCOPE(hf_list_cursor, hf_list_cursor(cursor, &list))
SCOPE(hf_map_cursor, hf_map_cursor(cursor, &map))
SCOPE(hf_lock, hf_lock(g, &lock))
SCOPE(hf_read_lock, hf_read_lock(g, &rwlock))
SCOPE(hf_write_lock, hf_write_lock(g, &rwlock))
SCOPE(hf_lock_nested, hf_lock_nested(g, &lock, 1))
SCOPE(hf_lock_else, hf_lock_else(g, &lock, HF_TRY, return))
SCOPE(hf_read_lock_else, hf_read_lock_else(g, &rwlock, HF_TRY, return))
SCOPE(hf_write_lock_else, hf_write_lock_else(g, &rwlock, HF_TRY, return))
SCOPE(hf_unlocked, hf_unlocked(held), hf_lock(held, &lock);)
SCOPE(hf_use_guard, hf_use_guard(g, lent()))
SCOPE(hf_access_else, hf_access_else(g, &access, return))
SCOPE(hf_rcu_read_else, hf_rcu_read_else(g, &place, return))
