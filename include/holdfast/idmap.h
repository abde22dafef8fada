/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Maps from numbers to the objects that they own: handles, contexts, sessions.
 *
 * Two bugs.  A number is given under a spinlock, because the table is guarded by it (fixed by 2c8468dcf830, "net:
 * sched: don't use GFP_KERNEL under spin lock"):
 *
 *	spin_lock(&tp->lock);
 *	err = idr_alloc_u32(&head->handle_idr, fnew, &handle, handle, GFP_KERNEL);	// sleeps
 *
 * And an object can be found before its maker is done with it (CVE-2022-48899, in virtio-gpu):
 *
 *	ret = drm_gem_handle_create(file, obj, &handle);	// another thread guesses the handle and closes it ...
 *	drm_gem_object_put(obj);
 *	rc->res_handle = qobj->hw_res_handle;			// ... and obj is gone
 *
 * Here it takes two steps.  A number is reserved where memory may be waited for, before any lock is taken.  It is
 * known then, and nobody finds anything by it.  The second step moves the finished object in, under the lock.  It
 * needs no memory and cannot fail, and its caller does not have the object any more:
 *
 *	HF_OWN_DEFINE(ref, struct ref, ref_free);
 *	HF_IDMAP_DEFINE(handles, ref_own);
 *
 *	struct refs {
 *		struct handles by_handle;
 *	};
 *	HF_LOCKED_DEFINE(locked_refs, spinlock, struct refs);	// struct locked_refs refs; in struct proc
 *
 *	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(&p->refs, by_handle), GFP_KERNEL)));
 *	hf_mut(r)->handle = hf_token_value(slot).id;
 *
 *	hf_lock(g, &p->refs);
 *	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));		// or handles_give_back(hf_pass(slot))
 *
 * A reservation is an obligation (token.h): it is filled or given back, exactly once, on every path.
 *
 * Who serialises what.  The map lies in the data of a lock, as a list does.  That lock guards which object a number
 * stands for: what is found, filled or removed is reached through its guard, and a borrow lives no longer than the
 * guard.  Which numbers are free is guarded by the map itself, so numbers are reserved and given back at any time,
 * by any thread: they take the part of the map that hf_idmap_of() gives without the guard, by which nothing can be
 * found.  Readers may share the lock: a map that is const is only looked at.
 *
 * A map is pinned: it stays where it was initialised, and cannot be assigned to.
 *
 * Context: any but NMI, and not under a raw_spinlock where the kernel's spinlocks sleep (PREEMPT_RT), unless a
 * function says otherwise.
 *
 * Rust: XArray and its Guard; the user's lock, IdPool and a tree in the driver (rust_binder).
 */
#ifndef HOLDFAST_IDMAP_H
#define HOLDFAST_IDMAP_H

#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/token.h>

/* What maps of all types have in common. */
struct hf_ids_ {
	struct hf_sys_ids sys_;
#if HF_DEBUG
	const struct hf_ids_ *self_;
#endif
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char stays_[0];
};

/** A number that is reserved: what the token of a map carries. */
struct hf_id {
	u32 id;				/**< the number */
	const struct hf_ids_ *ids_;	/* of this map */
};

/* Reservations change what is const to their callers: it has a lock of its own. */
HF_INLINE struct hf_sys_ids *hf_ids_sys_(const struct hf_ids_ *ids, const struct hf_violation *moved)
{
#if HF_DEBUG
	hf_require_at(moved, ids->self_ == ids);
#else
	(void)moved;
#endif
	return (struct hf_sys_ids *)(unsigned long)&ids->sys_;
}

#define HF_IDS_SYS_(ids)								\
	hf_ids_sys_((ids), HF_CALLER_SITE(HF_PIN, "the map was copied or moved, or was never initialised"))

/**
 * HF_IDMAP_DEFINE() - make `struct name`, a map from numbers to the objects that it owns.
 * @name: names the types and functions.
 * @handle: what it owns an object by, without `struct`: ref_own, node_arc.  The object's type is complete, and
 *	    aligned to four bytes.
 *
 * Also makes `struct name_ids`, its member `ids`, in which numbers are reserved, and `struct name_token`, a
 * reservation; hf_owe(name, ...) binds it.  hf_token_value(slot).id is the number.  The functions, for a map m, a
 * number id, a reservation slot and an owner h:
 *
 *	name_init(m, first, last)	makes an empty map of the numbers from first to last, before anything else
 *	name_fini(m)			violation (leak) if objects are left; (token) if a number is reserved
 *	name_empty(m)			whether no number stands for an object
 *
 *	name_fill(m, slot, h)		the number stands for the object from now on.  Consumes both; allocates
 *					nothing.  Violation (token) if it is not reserved in m
 *	name_give_back(slot)		the number is free again, and stood for nothing
 *
 *	name_find(m, id)		borrow the object: a `const T *` in a `struct name_ref_result`; -ENOENT if
 *					the number is free, only reserved, or not a number of m
 *	name_find_mut(m, id)		the same, exclusive: a `T *` in a `struct name_mut_result`.  Arcs are
 *					shared: of a map of arcs it is a `const T *`
 *	name_next(m, &at)		borrow the first object of the number at or a higher one: a `const T *`, and
 *					`at`, a u64, is one more than its number; or NULL.  From 0 on a loop sees
 *					all, in the order of the numbers; objects may come and go meanwhile
 *	name_remove(m, id)		gives the owner, a `struct handle_result`, and the number is free; -ENOENT
 *					as name_find()
 *	name_pop_first(m)		the same of the lowest number; -ENODATA if the map is empty
 *	name_clear(m)			drops all objects; what is reserved stays reserved
 *
 * Context: the caller holds the lock that guards m, but for name_give_back().  What drops an owner calls its drop
 * function.  Rust: XArray.
 */
#define HF_IDMAP_DEFINE(name, handle)							\
	_Static_assert(!__builtin_types_compatible_p(HF_LENT_(handle), struct hf_weak_ *), \
		       "HF_IDMAP_DEFINE: '" #handle "' is a weak reference, which owns nothing"); \
	_Static_assert(__alignof__(*((struct handle *)0)->type_[0]) >= 4,		\
		       "HF_IDMAP_DEFINE: what '" #handle "' owns is not aligned to four bytes"); \
	HF_TOKEN_DEFINE(name, struct hf_id);						\
	HF_RESULT_DEFINE(name##_token, struct name##_token);				\
	HF_PTR_RESULT_DEFINE(name##_ref, const __typeof__(*((struct handle *)0)->type_[0])); \
	HF_PTR_RESULT_DEFINE(name##_mut, __typeof__(*((struct handle *)0)->type_[0]));	\
	struct name##_ids {								\
		struct hf_ids_ ids_;							\
	};										\
	struct name {									\
		struct name##_ids ids;							\
	};										\
	HF_INLINE void name##_init(struct name *m, u32 first, u32 last)			\
	{										\
		hf_require_at(HF_CALLER_SITE(HF_BOUNDS, "the last number is below the first"), first <= last); \
		hf_sys_ids_init(&m->ids.ids_.sys_, first, last, HF_SYS_LOCK_CLASS(#name)); \
		HF_IDS_STAY_(&m->ids.ids_);						\
	}										\
	HF_INLINE bool name##_empty(const struct name *m)				\
	{										\
		u32 id = 0;								\
											\
		return !hf_sys_ids_next(HF_IDS_SYS_(&m->ids.ids_), &id);		\
	}										\
	HF_INLINE void name##_fini(struct name *m)					\
	{										\
		hf_require_at(HF_CALLER_SITE(HF_LEAK, "objects are left in the map"), name##_empty(m)); \
		hf_require_at(HF_CALLER_SITE(HF_TOKEN, "a number of the map is still reserved"), \
			      hf_sys_ids_unused(&m->ids.ids_.sys_));			\
		hf_sys_ids_fini(&m->ids.ids_.sys_);					\
	}										\
	HF_INLINE struct name##_token_result name##_reserve_(const struct name##_ids *ids, gfp_t gfp) \
	{										\
		u32 id = 0;								\
		const int err = hf_sys_ids_reserve(HF_IDS_SYS_(&ids->ids_), &id, gfp);	\
											\
		if (HF_UNLIKELY(err))							\
			return (struct name##_token_result){ .err_ = HF_CALLER_ERROR_(err) }; \
		return (struct name##_token_result){ .val_ = {				\
			.val_ = { .id = id, .ids_ = &ids->ids_ }, .due = { .owed_ = true } } }; \
	}										\
	HF_INLINE void name##_give_back(struct name##_token slot)			\
	{										\
		hf_require_at(HF_CALLER_SITE(HF_TOKEN, "the number is not reserved"), slot.due.owed_); \
		hf_sys_ids_give_back(HF_IDS_SYS_(slot.val_.ids_), slot.val_.id);	\
	}										\
	HF_INLINE void name##_fill(struct name *m, struct name##_token slot, struct handle h) \
	{										\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "the owner owns nothing"), h.own.ptr_); \
		hf_require_at(HF_CALLER_SITE(HF_TOKEN, "the number is not reserved in this map"), \
			      slot.due.owed_ && slot.val_.ids_ == &m->ids.ids_);	\
		hf_sys_ids_fill(HF_IDS_SYS_(&m->ids.ids_), slot.val_.id, h.own.ptr_);	\
	}										\
	HF_INLINE struct name##_ref_result name##_find(const struct name *m HF_BOUND, u64 id) \
	{										\
		return (struct name##_ref_result){ .val_ = HF_IDMAP_AT_(find, m, id, -ENOENT) }; \
	}										\
	HF_INLINE struct name##_mut_result name##_find_mut(struct name *m HF_BOUND, u64 id) \
	{										\
		return (struct name##_mut_result){ .val_ = HF_IDMAP_AT_(find, m, id, -ENOENT) }; \
	}										\
	HF_INLINE const __typeof__(*((struct handle *)0)->type_[0]) *			\
	name##_next(const struct name *m HF_BOUND, u64 *at)				\
	{										\
		u32 id = (u32)*at;							\
		void *p = *at == id ? hf_sys_ids_next(HF_IDS_SYS_(&m->ids.ids_), &id) : NULL;	\
											\
		if (p)									\
			*at = (u64)id + 1;						\
		return p;								\
	}										\
	HF_INLINE struct handle##_result name##_remove(struct name *m, u64 id)		\
	{										\
		return (struct handle##_result){ .val_ = { .own = {			\
			.ptr_ = HF_IDMAP_AT_(remove, m, id, -ENOENT) } } };		\
	}										\
	HF_INLINE struct handle##_result name##_pop_first(struct name *m)		\
	{										\
		u64 at = 0;								\
											\
		if (!name##_next(m, &at))						\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) }); \
		return name##_remove(m, at - 1);					\
	}										\
	HF_INLINE void name##_clear(struct name *m)					\
	{										\
		for (u64 at = 0; name##_next(m, &at);) {				\
			struct handle h = { .own = {					\
				.ptr_ = hf_sys_ids_remove(HF_IDS_SYS_(&m->ids.ids_), (u32)(at - 1)) } }; \
											\
			handle##_drop(&h);						\
		}									\
	}										\
	struct name

#if HF_DEBUG
#define HF_IDS_STAY_(ids)	((void)((ids)->self_ = (ids)))
#else
#define HF_IDS_STAY_(ids)	((void)(ids))
#endif

/* What hf_sys_ids_find() or _remove() gives of a number of any width; or an errno, as HF_PTR_RESULT_DEFINE() has it. */
#define HF_IDMAP_AT_(how, m, id, e)							\
	__extension__ ({								\
		void *hf_at_ = (u32)(id) == (id) ?					\
			hf_sys_ids_##how(HF_IDS_SYS_(&(m)->ids.ids_), (u32)(id)) : NULL; \
											\
		if (HF_LIKELY(hf_at_ != NULL))						\
			HF_POINTS_(hf_at_);						\
		else									\
			hf_at_ = (void *)(long)HF_CALLER_ERROR_(e);			\
		hf_at_;									\
	})

/**
 * hf_idmap_of() - where a map of locked data reserves numbers, without its lock.
 * @l: pointer to the lock: of HF_LOCKED_DEFINE(), or what HF_LOCKED_BY_DEFINE() makes.  To const is enough.
 * @member: the map, a member of the data.
 *
 * Return: a `const struct name_ids *`.  Nothing is found by it, so it needs no guard.
 */
#define hf_idmap_of(l, member)	(&((const HF_DATA_TYPE_(l) *)HF_DATA_(l))->member.ids)

/**
 * hf_reserve_id() - reserve the lowest free number.
 * @name: as in HF_IDMAP_DEFINE().
 * @ids: what hf_idmap_of() gives, or &m.ids of a map that is not in locked data.
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_token_result`, which hf_owe() binds; -ENOMEM; -ENOSPC if no number is free.
 * Context: may sleep, if @gfp says so.  Rust: none; XArray::store() needs the memory, IdPool the lock.
 */
#define hf_reserve_id(name, ids, gfp)	(HF_MAY_SLEEP_(gfp), name##_reserve_((ids), (gfp)))

#endif
