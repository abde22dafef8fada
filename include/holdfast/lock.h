/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Locks that carry their data.
 *
 * The bug: a comment says which lock protects a field, and one of twenty readers forgets it.
 *
 *	struct stats { spinlock_t lock; u64 hits; };	// hits: protected by lock.  Really.
 *
 * Here the data is inside the lock and the guard is the only way to it:
 *
 *	HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
 *
 *	hf_lock(g, &dev->stats);	// g: struct stats *, until the end of the scope
 *	g->hits++;
 *
 * Kinds: mutex, spinlock, spinlock_irq (saves interrupts; in userspace a spinlock) and rwlock, which
 * is entered by hf_read_lock() or hf_write_lock().  In the kernel all but mutex spin, and nothing may sleep
 * while they are held: what may, a function marked HF_SLEEPS, an allocation by GFP_KERNEL or taking a
 * mutex, does not compile there on Clang >= 22.  A function that wants a lock held says HF_REQUIRES(&d->stats)
 * and uses hf_held(); one that takes it itself says HF_EXCLUDES(&d->stats), and a caller that holds
 * it does not compile on Clang >= 22 (CVE-2026-23400 was that deadlock).
 *
 * What lies in one object and is guarded by a lock in another is an HF_LOCKED_BY_DEFINE() type: the
 * guard's lock is compared, at run time, with the one that the data was bound to.
 *
 * As with Rust's, a shared borrow (a pointer to const) is enough to lock: the data inside changes,
 * the object that carries the lock does not.
 *
 * Rust: Mutex<T>, SpinLock<T>, SpinLockIrq<T>, Guard, LockedBy<T, U>.
 */
#ifndef HOLDFAST_LOCK_H
#define HOLDFAST_LOCK_H

#include <holdfast/check.h>

/* What the analysis, and in debug builds the owner check, knows of a lock. */
__extension__ struct HF_CAPABILITY_("lock") hf_lock_mark {
#if HF_DEBUG
	unsigned long owner_;	/* the thread that holds it exclusively, or 0 */
#endif
};

enum hf_lock_kind_ { HF_KIND_MUTEX_, HF_KIND_SPINLOCK_, HF_KIND_SPINLOCK_IRQ_, HF_KIND_RWLOCK_ };

#define HF_KIND_OF_(prim)								\
	_Generic((prim),								\
		 struct hf_sys_mutex: HF_KIND_MUTEX_,					\
		 struct hf_sys_spinlock: HF_KIND_SPINLOCK_,				\
		 struct hf_sys_spinlock_irq: HF_KIND_SPINLOCK_IRQ_,			\
		 struct hf_sys_rwlock: HF_KIND_RWLOCK_)

/**
 * HF_LOCKED_DEFINE() - make `struct name`: a T and the lock that guards it.
 * @name: names the type.
 * @kind: mutex, spinlock, spinlock_irq or rwlock.
 * @T: the data.
 */
#define HF_LOCKED_DEFINE(name, kind, T)		HF_LOCKED_DEFINE_(name, kind, T, )

/**
 * HF_LOCKED_AFTER_DEFINE() - as HF_LOCKED_DEFINE(), and say in which order two locks are taken.
 * @name: names the type.
 * @kind: mutex, spinlock, spinlock_irq or rwlock.
 * @T: the data.
 * @outer: the locked type, without `struct`, whose locks are taken before those of this one, by a
 *         thread that takes both.  The other way round does not compile on Clang >= 22.
 */
#define HF_LOCKED_AFTER_DEFINE(name, kind, T, outer)					\
	HF_LOCKED_DEFINE_(name, kind, T, HF_ANALYSIS_(acquired_after(((struct outer *)0)->lock)))

#define HF_LOCKED_DEFINE_(name, kind, T, order)						\
	struct name {									\
		struct hf_sys_##kind prim_;						\
		struct hf_lock_mark lock order;						\
		T data_;								\
		/* T *, also where the whole is const. */				\
		__extension__ T *data_type_[0];						\
	}

/** HF_REQUIRES() - on a function: the caller holds the lock of @l, a pointer to a locked type. */
#define HF_REQUIRES(l)		HF_CAP_REQUIRES_((l)->lock)
/** HF_REQUIRES_SHARED() - on a function: the caller holds @l at least for reading. */
#define HF_REQUIRES_SHARED(l)	HF_CAP_REQUIRES_SHARED_((l)->lock)
/** HF_EXCLUDES() - on a function: it takes the lock of @l itself, so the caller must not hold it. */
#define HF_EXCLUDES(l)		HF_CAP_EXCLUDES_((l)->lock)

/* What a scope that holds a lock must undo.  The kind is constant and the switches below vanish. */
struct hf_guard_ {
	void *prim;
	struct hf_lock_mark *mark;
	unsigned long flags;
	enum hf_lock_kind_ kind;
	bool shared;
};

HF_INLINE void hf_lock_init_(void *prim, struct hf_lock_mark *mark, enum hf_lock_kind_ kind,
			     struct hf_sys_lock_class *cls)
{
	switch (kind) {
	case HF_KIND_MUTEX_:
		hf_sys_mutex_init((struct hf_sys_mutex *)prim, cls);
		break;
	case HF_KIND_SPINLOCK_:
		hf_sys_spinlock_init((struct hf_sys_spinlock *)prim, cls);
		break;
	case HF_KIND_SPINLOCK_IRQ_:
		hf_sys_spinlock_irq_init((struct hf_sys_spinlock_irq *)prim, cls);
		break;
	case HF_KIND_RWLOCK_:
		hf_sys_rwlock_init((struct hf_sys_rwlock *)prim, cls);
		break;
	}
#if HF_DEBUG
	hf_sys_write_once(&mark->owner_, 0UL);
#else
	(void)mark;
#endif
}

HF_INLINE void hf_lock_fini_(void *prim, enum hf_lock_kind_ kind)
{
	switch (kind) {
	case HF_KIND_MUTEX_:
		hf_sys_mutex_fini((struct hf_sys_mutex *)prim);
		break;
	case HF_KIND_SPINLOCK_:
		hf_sys_spinlock_fini((struct hf_sys_spinlock *)prim);
		break;
	case HF_KIND_SPINLOCK_IRQ_:
		hf_sys_spinlock_irq_fini((struct hf_sys_spinlock_irq *)prim);
		break;
	case HF_KIND_RWLOCK_:
		hf_sys_rwlock_fini((struct hf_sys_rwlock *)prim);
		break;
	}
}

HF_INLINE void hf_guard_lock_(struct hf_guard_ *g, const struct hf_violation *twice)
{
#if HF_DEBUG
	hf_require_at(twice, hf_sys_read_once(&g->mark->owner_) != hf_sys_self());
#else
	(void)twice;
#endif
	switch (g->kind) {
	case HF_KIND_MUTEX_:
		hf_sys_mutex_lock((struct hf_sys_mutex *)g->prim);
		break;
	case HF_KIND_SPINLOCK_:
		hf_sys_spinlock_lock((struct hf_sys_spinlock *)g->prim);
		break;
	case HF_KIND_SPINLOCK_IRQ_:
		hf_sys_spinlock_irq_lock((struct hf_sys_spinlock_irq *)g->prim, &g->flags);
		break;
	case HF_KIND_RWLOCK_:
		if (g->shared)
			hf_sys_rwlock_lock_shared((struct hf_sys_rwlock *)g->prim);
		else
			hf_sys_rwlock_lock((struct hf_sys_rwlock *)g->prim);
		break;
	}
#if HF_DEBUG
	if (!g->shared)
		hf_sys_write_once(&g->mark->owner_, hf_sys_self());
#endif
}

/* As the end of a scope; also when a wait gives the lock up for a while. */
HF_INLINE void hf_guard_unlock_(struct hf_guard_ *g)
{
#if HF_DEBUG
	if (!g->shared)
		hf_sys_write_once(&g->mark->owner_, 0UL);
#endif
	switch (g->kind) {
	case HF_KIND_MUTEX_:
		hf_sys_mutex_unlock((struct hf_sys_mutex *)g->prim);
		break;
	case HF_KIND_SPINLOCK_:
		hf_sys_spinlock_unlock((struct hf_sys_spinlock *)g->prim);
		break;
	case HF_KIND_SPINLOCK_IRQ_:
		hf_sys_spinlock_irq_unlock((struct hf_sys_spinlock_irq *)g->prim, g->flags);
		break;
	case HF_KIND_RWLOCK_:
		if (g->shared)
			hf_sys_rwlock_unlock_shared((struct hf_sys_rwlock *)g->prim);
		else
			hf_sys_rwlock_unlock((struct hf_sys_rwlock *)g->prim);
		break;
	}
}

HF_INLINE struct hf_guard_ hf_guard_enter_(const void *prim, const struct hf_lock_mark *mark,
					   enum hf_lock_kind_ kind, bool shared,
					   const struct hf_violation *twice)
{
	struct hf_guard_ g = {
		.prim = (void *)(unsigned long)prim,
		.mark = (struct hf_lock_mark *)(unsigned long)mark,
		.kind = kind,
		.shared = shared,
	};

	hf_guard_lock_(&g, twice);
	return g;
}

/* The analysis follows these; the guard does the work. */
HF_INLINE void hf_mark_lock_(const struct hf_lock_mark *m) HF_CAP_ACQUIRES_(*m)
{
	(void)m;
}

HF_INLINE void hf_mark_unlock_(const struct hf_lock_mark *const *m) HF_CAP_RELEASES_(**m)
{
	(void)m;
}

HF_INLINE void hf_mark_lock_shared_(const struct hf_lock_mark *m) HF_CAP_ACQUIRES_SHARED_(*m)
{
	(void)m;
}

HF_INLINE void hf_mark_unlock_shared_(const struct hf_lock_mark *const *m) HF_CAP_RELEASES_SHARED_(**m)
{
	(void)m;
}

HF_INLINE void hf_need_lock_(const struct hf_lock_mark *m, const struct hf_violation *unlocked) HF_CAP_REQUIRES_(*m)
{
#if HF_DEBUG
	hf_require_at(unlocked, hf_sys_read_once(&m->owner_) == hf_sys_self());
#else
	(void)m;
	(void)unlocked;
#endif
}

HF_INLINE void hf_need_lock_shared_(const struct hf_lock_mark *m) HF_CAP_REQUIRES_SHARED_(*m)
{
	(void)m;
}

/*
 * Which context the analysis sees a guard in: under one that spins nothing is called that may sleep,
 * and no mutex is taken.
 */
#ifdef HF_ANALYZED_
HF_INLINE const struct hf_context_ *hf_spins_(void) HF_ANALYSIS_(lock_returned(hf_spinning))
{
	return NULL;
}

HF_INLINE const struct hf_context_ *hf_mutex_may_sleep_(void) HF_SLEEPS HF_ANALYSIS_(lock_returned(hf_not_spinning_))
{
	return NULL;
}

HF_INLINE void hf_context_begin_(const struct hf_context_ *c) HF_CAP_ACQUIRES_SHARED_(*c)
{
	(void)c;
}

HF_INLINE void hf_context_end_(const struct hf_context_ *const *c) HF_CAP_RELEASES_SHARED_(**c)
{
	(void)c;
}

#define HF_CONTEXT_(g, prim)								\
	const struct hf_context_ *const hf_context_##g HF_CLEANUP(hf_context_end_) =	\
		_Generic((prim), struct hf_sys_mutex: hf_mutex_may_sleep_, default: hf_spins_)(); \
	hf_context_begin_(hf_context_##g);
#else
#define HF_CONTEXT_(g, prim)
#endif

#define HF_DATA_TYPE_(l)	__typeof__(*(l)->data_type_[0])
#define HF_DATA_(l)		((HF_DATA_TYPE_(l) *)(unsigned long)&(l)->data_)

/* The data, valid as long as the guard: the analysis of lifetimes is told so. */
HF_INLINE void *hf_guarded_(const struct hf_guard_ *g HF_BOUND, const void *data)
{
	(void)g;
	return (void *)(unsigned long)data;
}

#define HF_GUARDED_(g)									\
	((HF_DATA_TYPE_(hf_locked_##g) *)hf_guarded_(&hf_guard_##g, &hf_locked_##g->data_))

#define HF_GUARD_(g, l, text, shared, mark_lock, mark_unlock)				\
	HF_NEW_BLOCK_									\
	__typeof__(&*(l)) const hf_locked_##g = (l);					\
	struct hf_guard_ hf_guard_##g HF_CLEANUP(hf_guard_unlock_) = hf_guard_enter_(	\
		&hf_locked_##g->prim_, &hf_locked_##g->lock, HF_KIND_OF_(hf_locked_##g->prim_), shared, \
		HF_SITE(HF_LOCK, "this thread holds '" text "' already"));	\
	HF_CONTEXT_(g, hf_locked_##g->prim_)						\
	const struct hf_lock_mark *const hf_mark_##g HF_CLEANUP(mark_unlock) = &hf_locked_##g->lock; \
	mark_lock(hf_mark_##g)

/**
 * hf_lock() - hold a lock until the end of the scope.
 * @g: the new variable: a pointer to the data, valid as long.
 * @l: pointer to a locked type of kind mutex, spinlock or spinlock_irq.
 *
 * Taking a lock that the same thread holds does not compile on Clang >= 22 and is a violation (lock)
 * in debug builds; elsewhere it is the deadlock it always was.
 *
 * Context: may sleep if the kind is mutex.  Rust: let g = l.lock();
 */
#define hf_lock(g, l)									\
	HF_BINDS_(g)									\
	HF_STATIC_CHECK_(HF_KIND_OF_((l)->prim_) != HF_KIND_RWLOCK_,			\
			 "hf_lock: '" #l "' is a rwlock: use hf_read_lock() or hf_write_lock()");	\
	HF_GUARD_(g, l, #l, false, hf_mark_lock_, hf_mark_unlock_);				\
	HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((unused)) = HF_GUARDED_(g)

#define HF_IS_RWLOCK_(l, door)								\
	HF_STATIC_CHECK_(HF_KIND_OF_((l)->prim_) == HF_KIND_RWLOCK_,			\
			 door ": '" #l "' is not a rwlock: use hf_lock()")

/** hf_read_lock() - hold a rwlock with other readers until the end of the scope; @g is a `const T *`. */
#define hf_read_lock(g, l)									\
	HF_BINDS_(g)									\
	HF_IS_RWLOCK_(l, "hf_read_lock");							\
	HF_GUARD_(g, l, #l, true, hf_mark_lock_shared_, hf_mark_unlock_shared_);		\
	const HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((unused)) = HF_GUARDED_(g)

/** hf_write_lock() - hold a rwlock alone until the end of the scope; @g is a `T *`. */
#define hf_write_lock(g, l)									\
	HF_BINDS_(g)									\
	HF_IS_RWLOCK_(l, "hf_write_lock");							\
	HF_GUARD_(g, l, #l, false, hf_mark_lock_, hf_mark_unlock_);				\
	HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((unused)) = HF_GUARDED_(g)

/** hf_held() - the data of a lock that the caller holds: in functions marked HF_REQUIRES(). */
#define hf_held(l)									\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_ __typeof__(&*(l)) const hf_l_ = (l); HF_SHADOW_END_	\
		hf_need_lock_(&hf_l_->lock, HF_SITE(HF_LOCK, "this thread does not hold '" #l "'")); \
		HF_DATA_(hf_l_);							\
	})

/** hf_held_shared() - the same for reading: in functions marked HF_REQUIRES_SHARED(). */
#define hf_held_shared(l)								\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_ __typeof__(&*(l)) const hf_l_ = (l); HF_SHADOW_END_	\
		hf_need_lock_shared_(&hf_l_->lock);					\
		(const HF_DATA_TYPE_(hf_l_) *)HF_DATA_(hf_l_);				\
	})

/**
 * hf_lock_init() - make a lock usable.  The data is left as it is.
 *
 * In the kernel each place in the source that initialises locks is one lockdep class.
 */
#define hf_lock_init(l)									\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __typeof__(&*(l)) const hf_l_ = (l); HF_SHADOW_END_	\
		hf_lock_init_(&hf_l_->prim_, &hf_l_->lock, HF_KIND_OF_(hf_l_->prim_), HF_SYS_LOCK_CLASS(#l)); \
	})

/** hf_lock_fini() - the end of a lock that nobody holds. */
#define hf_lock_fini(l)		hf_lock_fini_(&(l)->prim_, HF_KIND_OF_((l)->prim_))

/** hf_lock_get_mut_unchecked() - the data without the lock.  SAFETY: nobody else can reach it (yet). */
#define hf_lock_get_mut_unchecked(l)	HF_DATA_(l)

/**
 * HF_LOCKED_BY_DEFINE() - make `struct name`: a T that is guarded by a lock in another object.
 * @name: names the type.
 * @locked: the type, made by HF_LOCKED_DEFINE(), whose lock guards it; without `struct`.
 * @T: the data.
 */
#define HF_LOCKED_BY_DEFINE(name, locked, T)						\
	struct name {									\
		const struct locked *by_;						\
		T data_;								\
		__extension__ T *data_type_[0];						\
	}

/** hf_locked_by_init() - bind @x to the lock @l once and for all. */
#define hf_locked_by_init(x, l)								\
	(HF_IS_LOCK_OF_(x, l, "hf_locked_by_init"), (void)((x)->by_ = (l)))

#define HF_IS_LOCK_OF_(x, l, door)							\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(*(l)), __typeof__(*(x)->by_)), \
			 door ": '" #l "' is not of the type of lock that guards '" #x "'")

/**
 * hf_access() - the data of @x, as the caller holds @l.
 * @x: pointer to a type made by HF_LOCKED_BY_DEFINE().
 * @l: pointer to the lock.  Not held: does not compile on Clang >= 22, a violation in debug builds.
 *     Not the one that @x was bound to: a violation (lock).
 *
 * Return: a T *.  Rust: LockedBy::access_mut.
 */
#define hf_access(x, l)									\
	__extension__ ({								\
		HF_IS_LOCK_OF_(x, l, "hf_access");					\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_							\
		__typeof__(&*(x)) const hf_x_ = (x);					\
		__typeof__(hf_x_->by_) const hf_by_ = (l);				\
		HF_SHADOW_END_								\
		hf_need_lock_(&hf_by_->lock, HF_SITE(HF_LOCK, "this thread does not hold '" #l "'")); \
		hf_require_at(HF_SITE(HF_LOCK, "'" #l "' is not the lock of '" #x "'"), hf_x_->by_ == hf_by_); \
		HF_DATA_(hf_x_);							\
	})

#endif
