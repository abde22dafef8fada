/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Shared ownership: reference counts that cannot wrap, cannot come back, and drop by themselves.
 *
 * The bug: a lookup that returns a pointer without a reference, or an error path that forgets to
 * put one.  The first is a use after free, the second leaks; two billion of the second wrap a 32-bit
 * count to zero, and then it is a use after free as well.
 *
 *	struct node {
 *		struct hf_refs refs;
 *		...
 *	};
 *	HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
 *
 *	hf_let_arc(node, n, hf_try(hf_new_arc(node, GFP_KERNEL)));	// put at the end of the scope
 *	hf_set(proc->node, hf_clone(n));					// one more owner
 *
 * Threat model and ordering are those of the kernel's refcount_t.  Strong and weak counts saturate:
 * past 2^30 the object is never freed, which leaks it and is safe.  A clone is relaxed: who clones
 * has a reference already.  A put is a release, and the put that reaches zero also acquires, so that
 * destruction comes after everybody's last use.
 *
 * An arc gives shared borrows only, `const T *`; what changes in a shared object sits behind a lock
 * (lock.h takes a const pointer for that reason).  hf_arc_unique() gives an exclusive borrow while
 * there is nobody else.
 *
 * Handles are one pointer and carry the same marks as own.h's, and hf_move, hf_take, hf_set, hf_ref
 * and hf_borrow serve both.  Rust: Arc<T>, Weak<T>, ArcBorrow<T>, UniqueArc<T>.
 */
#ifndef HOLDFAST_ARC_H
#define HOLDFAST_ARC_H

#include <holdfast/own.h>

/**
 * The counts, a member of the object.  All strong owners together hold one weak reference.
 *
 * Aligned so that both can be read at one moment (hf_arc_unique()).
 */
struct hf_refs {
	hf_sys_atomic strong_ __attribute__((aligned(8)));
	hf_sys_atomic weak_;
};

/* Counts from here up, and all negative ones, are saturated. */
#define HF_REFS_SATURATED_	(1 << 30)

/** hf_refs_init() - one strong owner, who makes it known by an arc. */
HF_INLINE void hf_refs_init(struct hf_refs *r)
{
	hf_sys_atomic_init(&r->strong_, 1);
	hf_sys_atomic_init(&r->weak_, 1);
}

/*
 * An increment that lands in the saturated range puts the count in its middle, so that no number of
 * racing increments or decrements leads out of it again.
 */
HF_INLINE void hf_refs_get_(hf_sys_atomic *a)
{
	int old = hf_sys_atomic_fetch_add_relaxed(a, 1);

	if (HF_UNLIKELY(old <= 0 || old >= HF_REFS_SATURATED_)) {
		hf_sys_atomic_set(a, -HF_REFS_SATURATED_);
		(void)hf_broken_at(HF_SITE(HF_REFCOUNT, "the reference count is saturated, or came back from zero"), false);
	}
}

/* Whether that was the last one. */
HF_INLINE bool hf_refs_put_(hf_sys_atomic *a)
{
	int old = hf_sys_atomic_fetch_sub_acq_rel(a, 1);

	if (old == 1)
		return true;
	if (HF_UNLIKELY(old <= 0 || old >= HF_REFS_SATURATED_)) {
		hf_sys_atomic_set(a, -HF_REFS_SATURATED_);
		(void)hf_broken_at(HF_SITE(HF_REFCOUNT, "a reference was put that nobody held"), false);
	}
	return false;
}

/* A strong reference through a weak one: not if there is none left. */
HF_INLINE bool hf_refs_upgrade_(hf_sys_atomic *a)
{
	int old = hf_sys_atomic_read(a);

	do {
		if (old == 0)
			return false;
		if (HF_UNLIKELY(old < 0 || old >= HF_REFS_SATURATED_))
			break;
	} while (!hf_sys_atomic_cmpxchg(a, &old, old + 1));
	if (HF_UNLIKELY(old < 0 || old >= HF_REFS_SATURATED_))
		hf_refs_get_(a);
	return true;
}

/*
 * Where an object's counts are: at an offset that the handle's type knows, as the size of the
 * elements of an array that has none.
 */
#define HF_REFS_AT_(o)		(sizeof((o).refs_at_[0]) - 1)

HF_INLINE struct hf_refs *hf_refs_of_(const struct hf_owner *o, size_t at)
{
	/* It was checked, if anything is; without this GCC 12 warns of paths on which it was not. */
	if (!o->ptr_)
		__builtin_unreachable();
	return (struct hf_refs *)(void *)((char *)o->ptr_ + at);
}

HF_INLINE struct hf_owner hf_clone_(const struct hf_owner *o, size_t at,
				    const struct hf_violation *sites) HF_CAP_REQUIRES_SHARED_(*o)
{
	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
	hf_refs_get_(&hf_refs_of_(o, at)->strong_);
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

HF_INLINE struct hf_owner hf_weak_get_(const struct hf_owner *o, size_t at,
				       const struct hf_violation *sites) HF_CAP_REQUIRES_SHARED_(*o)
{
	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
	hf_refs_get_(&hf_refs_of_(o, at)->weak_);
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

HF_INLINE struct hf_owner hf_upgrade_(const struct hf_owner *o, size_t at)
{
	if (!o->ptr_ || !hf_refs_upgrade_(&hf_refs_of_(o, at)->strong_))
		return (struct hf_owner){ .ptr_ = NULL };
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

/*
 * A weak reference could be upgraded at any time, so the one that all arcs share must be alone.  And
 * alone at the same moment as the arc: between two reads another thread could turn an arc into a weak
 * reference, or one back into an arc, and neither count would show it.
 */
HF_INLINE void *hf_arc_unique_(const struct hf_owner *o HF_BOUND, size_t at,
			       const struct hf_violation *sites) HF_CAP_REQUIRES_(*o) HF_CAP_EXCLUDES_(o->loan)
{
	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
#ifdef HF_ANALYZER
	/* It cannot know that a new one has no other owner, and would complain where nobody asks. */
	(void)at;
	return o->ptr_;
#else
	return hf_sys_atomic_both_are(hf_refs_of_(o, at), 1) ? o->ptr_ : NULL;
#endif
}

#define HF_ARC_HANDLE_DEFINE_(tag, T, borrowed, refs)					\
	HF_MUST_USE_TYPE(tag) {								\
		struct hf_owner own;							\
		__extension__ borrowed *type_[0];					\
		__extension__ T *unique_type_[0];					\
		__extension__ char refs_at_[0][offsetof(T, refs) + 1];			\
	}

/**
 * HF_ARC_DEFINE() - make `struct name_arc`, a shared owner of a T, and `struct name_weak`.
 * @name: names the types and functions.
 * @T: what is owned; a complete type.
 * @refs: its member of type struct hf_refs.
 * @destroy_fn: void (T *): ends the contents, when the last arc is gone.
 * @release_fn: void (T *): gives the memory back, when the last weak is gone as well.
 *
 * Makes also name_arc_drop(), name_weak_drop() and `struct name_arc_result` (one register).
 */
#define HF_ARC_DEFINE(name, T, refs, destroy_fn, release_fn)				\
	HF_ARC_HANDLE_DEFINE_(name##_arc, T, const T, refs);				\
	HF_ARC_HANDLE_DEFINE_(name##_weak, T, struct hf_weak_, refs);			\
	HF_HANDLE_RESULT_DEFINE_(name##_arc);						\
	HF_INLINE struct name##_arc name##_arc_adopt_(T *p)				\
	{										\
		return (struct name##_arc){ .own = { .ptr_ = p } };			\
	}										\
	HF_INLINE struct name##_arc_result name##_arc_new_(gfp_t gfp)			\
	{										\
		T *p = hf_sys_alloc(sizeof(T), gfp);					\
											\
		if (!p)									\
			return (struct name##_arc_result){ .err_ = -ENOMEM };		\
		hf_refs_init(&p->refs);							\
		return (struct name##_arc_result){ .val_ = name##_arc_adopt_(p) };	\
	}										\
	/** Puts the handle's weak reference, if it has one; the last releases the memory. */ \
	HF_INLINE void name##_weak_drop(struct name##_weak *w)				\
	{										\
		T *p = w->own.ptr_;							\
											\
		if (p) {								\
			hf_unlent_(&w->own, HF_OWNER_SITES_("a " #name "_weak that is dropped")); \
			w->own.ptr_ = NULL;						\
			if (hf_refs_put_(&p->refs.weak_))				\
				release_fn(p);						\
		}									\
	}										\
	/** Puts the handle's reference, if it has one; the last destroys the object. */ \
	HF_INLINE void name##_arc_drop(struct name##_arc *a)				\
	{										\
		T *p = a->own.ptr_;							\
											\
		if (p) {								\
			hf_unlent_(&a->own, HF_OWNER_SITES_("a " #name "_arc that is dropped")); \
			a->own.ptr_ = NULL;						\
			if (hf_refs_put_(&p->refs.strong_)) {				\
				destroy_fn(p);						\
				if (HF_LIKELY(hf_refs_put_(&p->refs.weak_)))		\
					release_fn(p);					\
			}								\
		}									\
	}										\
	struct name##_arc

/** hf_let_arc() - bind a shared owner to a variable; it is put at the end of the scope. */
#define hf_let_arc(name, var, init)							\
	struct name##_arc var HF_CLEANUP(name##_arc_drop) = (init);			\
	hf_bind_(&(var).own)

/** hf_drop_arc() - put a shared owner now, not at the end of its scope. */
#define hf_drop_arc(name, var)								\
	do {										\
		struct name##_arc hf_dropped_ = hf_move(var);				\
											\
		name##_arc_drop(&hf_dropped_);						\
	} while (0)

/** hf_let_weak() - bind a weak reference to a variable; it is put at the end of the scope. */
#define hf_let_weak(name, var, init)							\
	struct name##_weak var HF_CLEANUP(name##_weak_drop) = (init);			\
	hf_bind_(&(var).own)

/**
 * hf_new_arc() - allocate a zeroed T with one owner.
 *
 * Return: a `struct name_arc_result`; -ENOMEM.
 * Context: may sleep, if @gfp says so.
 */
#define hf_new_arc(name, gfp)		(HF_MAY_SLEEP_(gfp), name##_arc_new_(gfp))

/** hf_clone() - one more shared owner of what @arc owns.  Rust: Arc::clone. */
#define hf_clone(arc)									\
	(HF_STRONG_(arc, #arc, "hf_clone"),							\
	 (__typeof__(arc)){ .own = hf_clone_(&(arc).own, HF_REFS_AT_(arc), HF_OWNER_SITES_(#arc)) })

#define HF_IS_HANDLE_(o, tag, door)							\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(o), struct tag),	\
			 door ": '" #o "' is no struct " #tag)

/** hf_downgrade() - a `struct name_weak` to what @arc owns.  Rust: Arc::downgrade. */
#define hf_downgrade(name, arc)								\
	(HF_IS_HANDLE_(arc, name##_arc, "hf_downgrade"),				\
	 (struct name##_weak){ .own = hf_weak_get_(&(arc).own, HF_REFS_AT_(arc), HF_OWNER_SITES_(#arc)) })

/** hf_upgrade() - a `struct name_arc` through @weak; empty if the object was destroyed. Rust: Weak::upgrade. */
#define hf_upgrade(name, weak)								\
	(HF_IS_HANDLE_(weak, name##_weak, "hf_upgrade"),				\
	 (struct name##_arc){ .own = hf_upgrade_(&(weak).own, HF_REFS_AT_(weak)) })

/**
 * hf_arc_unique() - an exclusive borrow, `T *`, of what @arc owns; NULL while others own it too.
 *
 * For setting an object up before it is shared.  Rust: Arc::get_mut, UniqueArc.
 */
#define hf_arc_unique(arc)								\
	(HF_STRONG_(arc, #arc, "hf_arc_unique"),						\
	 (__typeof__((arc).unique_type_[0]))hf_arc_unique_(&(arc).own, HF_REFS_AT_(arc), \
							   HF_OWNER_SITES_(#arc)))

/** hf_adopt_arc_unchecked() - an arc of a pointer.  SAFETY: the caller owns one of its references. */
#define hf_adopt_arc_unchecked(name, p)	name##_arc_adopt_(p)

#endif
