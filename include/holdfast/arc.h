/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Shared ownership: reference counts that neither wrap nor come back from zero, and that drop by themselves.
 *
 * The bug: a lookup returns a pointer without a reference, or an error path forgets to put one.  The first
 * is a use after free.  The second leaks; two billion of the second wrap a 32-bit count to zero, and then
 * it is a use after free as well.
 *
 *	struct node {
 *		struct hf_refs refs;
 *		...
 *	};
 *	HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
 *
 *	struct node_arc_result node_find(struct table *t, int id)	// the commonest pattern of all:
 *	{
 *		hf_lock(map, &t->map);
 *		...							// find under the lock,
 *		return hf_ok(node_arc, hf_clone(map->node[i]));		// take a reference, leave
 *	}
 *
 *	hf_let_arc(node, n, hf_try(node_find(t, id)));			// put at the end of the scope
 *
 * Threat model and ordering are those of the kernel's refcount_t.  The counts saturate: past 2^31 - 1 the
 * object is never freed, which leaks it and is safe.  A clone is relaxed, as whoever clones has a reference
 * already.  A put is a release, and the put that reaches zero also acquires: destruction comes after
 * everybody's last use.
 *
 * An arc lends shared borrows only, `const T *`.  What changes in a shared object sits behind a lock; lock.h
 * takes a const pointer for that reason.  hf_arc_unique() gives an exclusive borrow while nobody else has a
 * reference.
 *
 * Handles are one pointer and carry the same marks as own.h's; hf_move, hf_take, hf_set, hf_ref and
 * hf_borrow serve both.  Rust: Arc<T>, Weak<T>, ArcBorrow<T>, UniqueArc<T>.
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
	hf_sys_atomic strong_ __attribute__((__aligned__(8)));
	hf_sys_atomic weak_;
};

/* A negative count is saturated.  This is the middle of them. */
#define HF_REFS_SATURATED_	(-(1 << 30))

/** hf_refs_init() - one strong reference, for the first arc. */
HF_INLINE void hf_refs_init(struct hf_refs *r)
{
	hf_sys_atomic_init(&r->strong_, 1);
	hf_sys_atomic_init(&r->weak_, 1);
}

/*
 * Whoever finds a saturated count sets it to the middle of the range, so that no number of racing
 * increments or decrements leaves it again.  The increment that makes the count negative is not tested
 * for, as the next operation finds it: so each operation tests the old count once.
 */
HF_INLINE void hf_refs_get_(hf_sys_atomic *a)
{
	int old = hf_sys_atomic_fetch_add_relaxed(a, 1);

	if (HF_UNLIKELY(old <= 0)) {
		hf_sys_atomic_set(a, HF_REFS_SATURATED_);
		(void)hf_broken_at(HF_CALLER_SITE(HF_REFCOUNT,
						  "the reference count is saturated, or came back from zero"), false);
	}
}

/* True if that was the last reference; @unheld: where to report that there was none. */
HF_INLINE bool hf_refs_put_(hf_sys_atomic *a, const struct hf_violation *unheld)
{
	int old = hf_sys_atomic_fetch_sub_acq_rel(a, 1);

	/* In this order one compare serves both branches. */
	if (old > 1)
		return false;
	if (HF_UNLIKELY(old != 1)) {
		hf_sys_atomic_set(a, HF_REFS_SATURATED_);
		(void)hf_broken_at(unheld, false);
		return false;
	}
	return true;
}

#define HF_UNHELD_SITE_		HF_CALLER_SITE(HF_REFCOUNT, "a reference was dropped that nobody held")

/* A strong reference through a weak one; false if there is no strong one left. */
HF_INLINE bool hf_refs_upgrade_(hf_sys_atomic *a)
{
	int old = hf_sys_atomic_read(a);

	do {
		if (old == 0)
			return false;
		if (HF_UNLIKELY(old < 0)) {
			hf_refs_get_(a);
			return true;
		}
	} while (!hf_sys_atomic_cmpxchg(a, &old, (int)((unsigned int)old + 1)));
	return true;
}

/*
 * The offset of the counts in the object.  The handle's type carries it: as the size of a structure that is
 * completed when the object's type is.
 */
#define HF_REFS_AT_(o)		(sizeof(*(o).refs_at_[0]) - 1)

HF_INLINE struct hf_refs *hf_refs_of_(const struct hf_owner *o, size_t at)
{
	/* The caller has checked it.  Without this GCC 12 warns of paths on which it is NULL. */
	if (!o->ptr_)
		__builtin_unreachable();
	return (struct hf_refs *)(void *)((char *)o->ptr_ + at);
}

HF_INLINE struct hf_owner hf_clone_place_(const struct hf_owner *o, size_t at, const struct hf_violation *sites)
{
	HF_MODEL_USE_(o);
	hf_require_at(sites, o->ptr_);
	hf_refs_get_(&hf_refs_of_(o, at)->strong_);
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

HF_INLINE struct hf_owner hf_clone_(const struct hf_owner *o, size_t at, const struct hf_violation *sites)
	HF_CAP_REQUIRES_SHARED_(*o)
{
	return hf_clone_place_(o, at, sites);
}

HF_INLINE struct hf_owner hf_downgrade_place_(const struct hf_owner *o, size_t at, const struct hf_violation *sites)
{
	HF_MODEL_USE_(o);
	hf_require_at(sites, o->ptr_);
	hf_refs_get_(&hf_refs_of_(o, at)->weak_);
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

HF_INLINE struct hf_owner hf_downgrade_(const struct hf_owner *o, size_t at, const struct hf_violation *sites)
	HF_CAP_REQUIRES_SHARED_(*o)
{
	return hf_downgrade_place_(o, at, sites);
}

/* What the weak reference refers to, with one more strong reference; or -ENOENT. */
HF_INLINE void *hf_upgrade_(const struct hf_owner *o, size_t at)
{
	if (!o->ptr_ || !hf_refs_upgrade_(&hf_refs_of_(o, at)->strong_))
		return (void *)(long)HF_CALLER_ERROR_(-ENOENT);
	HF_POINTS_(o->ptr_);
	return o->ptr_;
}

/*
 * A weak reference could be upgraded at any time, so the one that all arcs share must be the only one.  Both
 * counts are read at one moment: between two reads another thread could turn an arc into a weak reference,
 * or one back into an arc, and neither count would show it.
 */
HF_INLINE void *hf_arc_unique_place_(const struct hf_owner *o HF_BOUND, size_t at,
				     const struct hf_violation *sites) HF_CAP_EXCLUDES_(o->loan)
{
	HF_MODEL_USE_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
	if (!hf_sys_atomic_both_are(hf_refs_of_(o, at), 1))
		return (void *)(long)HF_CALLER_ERROR_(-EBUSY);
	HF_POINTS_(o->ptr_);
	return o->ptr_;
}

HF_INLINE void *hf_arc_unique_(const struct hf_owner *o HF_BOUND, size_t at, const struct hf_violation *sites)
	HF_CAP_REQUIRES_(*o) HF_CAP_EXCLUDES_(o->loan)
{
	return hf_arc_unique_place_(o, at, sites);
}

/* In place of the offset of the counts, in a handle of ref.h. */
__extension__ struct hf_counted_by_others_ {
};

#define HF_COUNTED_HERE_(o, text, door, instead)					\
	_Static_assert(!__builtin_types_compatible_p(__typeof__((o).refs_at_[0]), struct hf_counted_by_others_ *), \
		       door ": '" text "' is a reference to an object of others: use " instead)

/* The arrays of no elements carry what the front doors need to know of the type. */
#define HF_ARC_HANDLE_DEFINE_(tag, name, borrowed)					\
	HF_MUST_USE_TYPE(tag) {								\
		struct hf_owner own;							\
		__extension__ borrowed *type_[0];					\
		__extension__ struct name##_unique_result unique_[0];			\
		__extension__ struct name##_refs_at_ *refs_at_[0];			\
	};										\
	HF_HANDLE_RESULT_DEFINE_(tag)

/**
 * HF_ARC_DEFINE() - make `struct name_arc`, a shared owner of a T, and `struct name_weak`.
 * @name: names the types and functions.
 * @T: what is owned; a complete type.
 * @refs: its member of type struct hf_refs.
 * @destroy_fn: void (T *): ends the contents, when the last arc is gone.
 * @release_fn: void (T *): gives the memory back, when the last weak is gone as well.
 *
 * Makes also name_arc_drop() and name_weak_drop(), which put the handle's reference, if it has one, and empty
 * it; `struct name_arc_result` and `struct name_unique_result` (one register).
 */
#define HF_ARC_DEFINE(name, T, refs, destroy_fn, release_fn)				\
	HF_ARC_TYPES(name, T);								\
	HF_ARC_FUNCTIONS(name, T, refs, destroy_fn, release_fn)

/**
 * HF_ARC_TYPES() - the types of HF_ARC_DEFINE() alone, before T is complete; HF_ARC_FUNCTIONS() makes the rest.
 * @name: as in HF_ARC_DEFINE().
 * @T: as in HF_ARC_DEFINE(), but it may be incomplete.
 *
 * For objects that refer to each other:
 *
 *	HF_ARC_TYPES(proc, struct proc);
 *	HF_ARC_TYPES(thread, struct thread);
 *
 *	struct thread {
 *		struct hf_refs refs;
 *		struct proc_arc proc;
 *		...
 *	};
 *	struct proc {
 *		struct hf_refs refs;
 *		struct thread_arc main;		// the file's close() drops it, so the circle does not last
 *		...
 *	};
 *	...
 *	HF_ARC_FUNCTIONS(proc, struct proc, refs, proc_destroy, proc_release);
 *	HF_ARC_FUNCTIONS(thread, struct thread, refs, thread_destroy, thread_release);
 */
#define HF_ARC_TYPES(name, T)								\
	HF_PTR_RESULT_DEFINE(name##_unique, T);						\
	HF_ARC_HANDLE_DEFINE_(name##_arc, name, const T);				\
	HF_ARC_HANDLE_DEFINE_(name##_weak, name, struct hf_weak_);			\
	HF_INLINE void name##_arc_drop(struct name##_arc *a);				\
	HF_INLINE void name##_weak_drop(struct name##_weak *w);				\
	HF_INLINE struct name##_arc name##_arc_from_(const T *borrow)

/** HF_ARC_FUNCTIONS() - what HF_ARC_DEFINE() makes, but for the types, which HF_ARC_TYPES() made before. */
#define HF_ARC_FUNCTIONS(name, T, refs, destroy_fn, release_fn)			\
	struct name##_refs_at_ {							\
		char bytes_[offsetof(T, refs) + 1];					\
	};										\
	HF_INLINE struct name##_arc name##_arc_adopt_(T *p)				\
	{										\
		return (struct name##_arc){ .own = { .ptr_ = p } };			\
	}										\
	HF_INLINE struct name##_arc_result name##_arc_result_(void *p_or_err)		\
	{										\
		return (struct name##_arc_result){ .val_ = { .own = { .ptr_ = p_or_err } } }; \
	}										\
	HF_INLINE struct name##_arc_result name##_arc_new_(gfp_t gfp)			\
	{										\
		T *p = hf_sys_alloc(sizeof(T), gfp);					\
											\
		if (!p)									\
			return (struct name##_arc_result){ .err_ = HF_CALLER_ERROR_(-ENOMEM) }; \
		hf_refs_init(&p->refs);							\
		return (struct name##_arc_result){ .val_ = name##_arc_adopt_(p) };	\
	}										\
	HF_INLINE struct name##_arc name##_arc_from_(const T *borrow)			\
	{										\
		T *p = (T *)(unsigned long)borrow;					\
											\
		hf_refs_get_(&p->refs.strong_);						\
		HF_POINTS_(p);								\
		return name##_arc_adopt_(p);						\
	}										\
	HF_INLINE void name##_weak_drop(struct name##_weak *w)				\
	{										\
		T *p = w->own.ptr_;							\
											\
		if (p) {								\
			hf_unlent_(&w->own, HF_DROP_SITES_(#name "_weak"));		\
			w->own.ptr_ = NULL;						\
			if (hf_refs_put_(&p->refs.weak_, HF_UNHELD_SITE_))		\
				release_fn(p);						\
		}									\
	}										\
	HF_INLINE void name##_arc_drop(struct name##_arc *a)				\
	{										\
		T *p = a->own.ptr_;							\
											\
		if (p) {								\
			hf_unlent_(&a->own, HF_DROP_SITES_(#name "_arc"));		\
			a->own.ptr_ = NULL;						\
			if (hf_refs_put_(&p->refs.strong_, HF_UNHELD_SITE_)) {		\
				destroy_fn(p);						\
				if (HF_LIKELY(hf_refs_put_(&p->refs.weak_, HF_UNHELD_SITE_))) \
					release_fn(p);					\
			}								\
		}									\
	}										\
	struct name##_arc

/** hf_let_arc() - bind a shared owner to a variable; it is put at the end of the scope. */
#define hf_let_arc(name, var, init)							\
	HF_BINDS_(var)									\
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
	HF_BINDS_(var)									\
	struct name##_weak var HF_CLEANUP(name##_weak_drop) = (init);			\
	hf_bind_(&(var).own)

/**
 * hf_new_arc() - allocate a zeroed T with one owner.
 *
 * Return: a `struct name_arc_result`; -ENOMEM.
 * Context: may sleep, if @gfp says so.
 */
#define hf_new_arc(name, gfp)		(HF_MAY_SLEEP_(gfp), name##_arc_new_(gfp))

/**
 * hf_new_arc_with() - allocate a zeroed T and initialise it in place, before anybody shares it.
 * @name: as in HF_ARC_DEFINE().
 * @gfp: how memory may be obtained.
 * @init: int (T *, arg): 0, or a negative errno after undoing what it did.
 * @arg: passed on.
 *
 * Return: a `struct name_arc_result`; -ENOMEM, or the error of @init, after which the memory is free again and
 * destroy_fn was not called.
 * Context: may sleep, if @gfp says so.  Rust: Arc::pin_init.
 */
#define hf_new_arc_with(name, gfp, init, arg)						\
	HF_NEW_WITH_(struct name##_arc_result, hf_new_arc(name, gfp), name##_arc_result_, \
		     __typeof__(((struct name##_unique_result *)0)->val_), init, arg)

/**
 * hf_clone() - one more reference to what @arc, a variable or a place, refers to.
 *
 * Return: a handle of the same type.  Rust: Arc::clone.
 */
#define hf_clone(arc)		HF_CLONE_(arc, #arc)
#define HF_CLONE_(arc, text)								\
	((__typeof__(arc)){ .own = __extension__ ({					\
		HF_LET_HANDLE_(hf_o_, arc)						\
		HF_LET_SITES_(text)							\
		HF_STRONG_(*hf_o_, text, "hf_clone");					\
		HF_COUNTED_HERE_(*hf_o_, text, "hf_clone", "hf_arc_from()");		\
		HF_ASK_(clone, arc, &hf_o_->own, HF_REFS_AT_(*hf_o_), hf_sites_); \
	}) })

/**
 * hf_arc_from() - one more reference to an object that the caller borrows.
 * @name: as in HF_ARC_DEFINE().
 * @borrow: a `const T *` from an arc: of hf_ref(), of a list's element under its lock, a parameter.
 *
 * An object that no arc owns is a violation (refcount).
 *
 * Return: a `struct name_arc`.  Rust: Arc::from(ArcBorrow).
 */
#define hf_arc_from(name, borrow)	name##_arc_from_(borrow)

#define HF_IS_HANDLE_(o, text, tag, door)						\
	_Static_assert(__builtin_types_compatible_p(__typeof__(o), struct tag) ||	\
		       __builtin_types_compatible_p(__typeof__(o), const struct tag),	\
		       door ": '" text "' is no struct " #tag)

/** hf_downgrade() - a `struct name_weak` to what @arc, a variable or a place, refers to.  Rust: Arc::downgrade. */
#define hf_downgrade(name, arc)	HF_DOWNGRADE_(name, arc, #arc)
#define HF_DOWNGRADE_(name, arc, text)							\
	((struct name##_weak){ .own = __extension__ ({					\
		HF_LET_HANDLE_(hf_o_, arc)						\
		HF_LET_SITES_(text)							\
		HF_IS_HANDLE_(*hf_o_, text, name##_arc, "hf_downgrade");		\
		HF_ASK_(downgrade, arc, &hf_o_->own, HF_REFS_AT_(*hf_o_), hf_sites_); \
	}) })

/**
 * hf_upgrade() - a reference through @weak, a variable or a place.
 *
 * Return: a `struct name_arc_result`; -ENOENT if the object was destroyed.  Rust: Weak::upgrade.
 */
#define hf_upgrade(name, weak)								\
	name##_arc_result_(__extension__ ({						\
		HF_LET_HANDLE_(hf_o_, weak)						\
		HF_IS_HANDLE_(*hf_o_, #weak, name##_weak, "hf_upgrade");		\
		hf_upgrade_(&hf_o_->own, HF_REFS_AT_(*hf_o_));				\
	}))

/**
 * hf_arc_unique() - an exclusive borrow of what @arc, a variable or a place, refers to, while it is alone.
 *
 * Return: a `struct name_unique_result`: a `T *`, or -EBUSY if there are other references, weak ones too.
 * Rust: Arc::get_mut, UniqueArc.
 */
#define hf_arc_unique(arc)	HF_ARC_UNIQUE_(arc, #arc)
#define HF_ARC_UNIQUE_(arc, text)							\
	((__typeof__((arc).unique_[0])){ .val_ = __extension__ ({			\
		HF_LET_HANDLE_(hf_o_, arc)						\
		HF_LET_SITES_(text)							\
		HF_STRONG_(*hf_o_, text, "hf_arc_unique");				\
		HF_NOT_CONST_(*hf_o_, text, "hf_arc_unique");				\
		HF_ASK_(arc_unique, arc, &hf_o_->own, HF_REFS_AT_(*hf_o_), hf_sites_); \
	}) })

/** hf_adopt_arc_unchecked() - an arc of a pointer.  SAFETY: the caller owns one of its references. */
#define hf_adopt_arc_unchecked(name, p)	name##_arc_adopt_(p)

#endif
