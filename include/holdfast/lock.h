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
 * Kinds:
 *
 *	kind              in the kernel                in userspace       taken by
 *	mutex             struct mutex                 pthread mutex      hf_lock
 *	rwsem             struct rw_semaphore          pthread rwlock     hf_read_lock, hf_write_lock
 *	spinlock          spinlock_t                   pthread spinlock   hf_lock
 *	spinlock_bh       spinlock_t, _bh              pthread spinlock   hf_lock
 *	spinlock_irq      spinlock_t, _irqsave         pthread spinlock   hf_lock
 *	raw_spinlock      raw_spinlock_t               pthread spinlock   hf_lock
 *	raw_spinlock_irq  raw_spinlock_t, _irqsave     pthread spinlock   hf_lock
 *	rwlock            rwlock_t                     pthread rwlock     hf_read_lock, hf_write_lock
 *
 * hf_lock_else(), hf_read_lock_else() and hf_write_lock_else() may fail: they try, or a signal ends the wait.
 * Then they run a statement that leaves, so the data has no name where the lock is not held.
 *
 * Mutex and rwsem sleep.  The others spin, and nothing that may sleep is called while they are held: a
 * function marked HF_SLEEPS, one of the kernel's that may sleep (sys/sleeps.h), an allocation by GFP_KERNEL
 * or the locking of a mutex does not compile there on Clang >= 22.  A function that needs a lock held says HF_REQUIRES(&d->stats) and uses hf_held(); one
 * that takes it itself says HF_EXCLUDES(&d->stats), and a caller that holds it does not compile on
 * Clang >= 22 (CVE-2026-23400 was that deadlock).
 *
 * hf_unlocked() gives a lock up for a scope in the middle of a function.
 *
 * What lies in one object and is guarded by a lock in another is an HF_LOCKED_BY_DEFINE() type: the
 * guard's lock is compared, at run time, with the one that the data was bound to.
 *
 * A driver that is ported keeps its locks and the layout of its structures at first: HF_LOCK_IS() says of
 * which kind a lock is, HF_GUARDED_BY() what it guards, and hf_lock_of() gives it to the front doors.
 *
 * As with Rust's, a shared borrow (a pointer to const) is enough to lock: the data inside changes,
 * the object that carries the lock does not.
 *
 * Rust: Mutex<T>, SpinLock<T>, SpinLockIrq<T>, RwSemaphore<T>, Guard, LockedBy<T, U>.
 */
#ifndef HOLDFAST_LOCK_H
#define HOLDFAST_LOCK_H

#include <holdfast/result.h>

/* What the analysis, and in debug builds the owner check, knows of a lock. */
__extension__ struct HF_CAPABILITY_("lock") hf_lock_mark {
#if HF_DEBUG
	unsigned long owner_;	/* holds it exclusively; HF_NOBODY_, or 0 before hf_lock_init() */
#endif
};

#define HF_NOBODY_	1UL	/* no thread's address or number */

/* A new kind is an entry here, and in sys/contract.h and each back end. */
#define HF_LOCK_KINDS_(X)								\
	X(mutex) X(rwsem) X(rwlock) X(spinlock) X(spinlock_bh) X(spinlock_irq)		\
	X(raw_spinlock) X(raw_spinlock_irq)

#define HF_LOCK_KIND_(kind)		hf_kind_##kind##_,
enum hf_lock_kind_ { HF_LOCK_KINDS_(HF_LOCK_KIND_) };

/* The last association stands for no kind: the list ends in a comma. */
#define HF_LOCK_KIND_OF_(kind)		struct hf_sys_##kind: hf_kind_##kind##_, const struct hf_sys_##kind *: hf_kind_##kind##_,
#define HF_KIND_OF_(prim)		_Generic((prim), HF_LOCK_KINDS_(HF_LOCK_KIND_OF_) void *: hf_kind_mutex_)
#define HF_KIND_SLEEPS_(prim)		(HF_KIND_OF_(prim) == hf_kind_mutex_ || HF_KIND_OF_(prim) == hf_kind_rwsem_)
#define HF_KIND_SHARES_(prim)		(HF_KIND_OF_(prim) == hf_kind_rwlock_ || HF_KIND_OF_(prim) == hf_kind_rwsem_)

/**
 * HF_LOCKED_DEFINE() - make `struct name`: a T and the lock that guards it.
 * @name: names the type.
 * @kind: one of the kinds above.
 * @T: the data.
 */
#define HF_LOCKED_DEFINE(name, kind, T)		HF_LOCKED_DEFINE_(name, kind, T, )

/**
 * HF_LOCKED_AFTER_DEFINE() - as HF_LOCKED_DEFINE(), and say in which order two locks are taken.
 * @name: names the type.
 * @kind: one of the kinds above.
 * @T: the data.
 * @outer: the locked type, without `struct`, whose locks are taken before those of this one, by a
 *         thread that takes both.  The other way round does not compile on Clang >= 22.
 */
#define HF_LOCKED_AFTER_DEFINE(name, kind, T, outer)					\
	HF_LOCKED_DEFINE_(name, kind, T, HF_ANALYSIS_(acquired_after(((struct outer *)0)->lock)))

#define HF_LOCKED_DEFINE_(name, kind, T, order)						\
	struct name##_guard {								\
		const struct name *locked_;						\
		struct hf_guard_ *guard_;						\
	};										\
	struct name {									\
		struct hf_sys_##kind prim_;						\
		struct hf_lock_mark lock order;						\
		T data_;								\
		/* T *, also where the whole is const. */				\
		__extension__ T *data_type_[0];						\
		__extension__ struct name##_guard *guard_type_[0];			\
	}

/**
 * HF_REQUIRES() - on a function: the caller holds the lock of @l, a pointer to a locked type.
 *
 * If the lock spins, the function calls nothing that may sleep.
 */
#define HF_REQUIRES(l)		HF_CAP_REQUIRES_(*HF_MARK_(l)) HF_CAP_REQUIRES_SHARED_(HF_CONTEXT_OF_((l)->prim_, HF_TRY))
/** HF_REQUIRES_SHARED() - on a function: the caller holds @l at least for reading. */
#define HF_REQUIRES_SHARED(l)	HF_CAP_REQUIRES_SHARED_(*HF_MARK_(l)) HF_CAP_REQUIRES_SHARED_(HF_CONTEXT_OF_((l)->prim_, HF_TRY))
/** HF_EXCLUDES() - on a function: it takes the lock of @l itself, so the caller must not hold it. */
#define HF_EXCLUDES(l)		HF_CAP_EXCLUDES_(*HF_MARK_(l))

/*
 * A lock that was in its structure before: as the front doors see it, a type of no size at the lock's address, and the
 * mark behind it, which is packed, so that it moves no member.  The data has no type, as it lies beside the lock.
 */
__extension__ struct hf_data_is_beside_the_lock_ {
};

#define HF_LOCK_BESIDE_(kind)								\
	/* No more aligned than the lock, although a member of no size would be. */	\
	__extension__ struct __attribute__((__packed__, __aligned__(__alignof__(hf_sys_##kind##_lock)))) hf_beside_##kind##_ { \
		const struct hf_sys_##kind prim_[0];					\
		char lock[0];								\
		struct hf_data_is_beside_the_lock_ data_, *data_type_[0];		\
	};										\
	__extension__ struct __attribute__((__packed__)) hf_lock_is_##kind##_ {		\
		hf_sys_##kind##_lock *prim_type_[0];					\
		struct hf_beside_##kind##_ *seen_as_[0];				\
	};
HF_LOCK_KINDS_(HF_LOCK_BESIDE_)
#define HF_IS_BESIDE_(l)	(sizeof(*(l)) == 0)

/* The capability of @l, for the analysis: it calls functions by name, and does not see through a choice of values. */
#ifdef HF_ANALYZED_
HF_INLINE const struct hf_lock_mark *hf_mark_inside_(const void *l, const void *mark)
	HF_ANALYSIS_(lock_returned(*(const struct hf_lock_mark *)mark))
{
	(void)l;
	return (const struct hf_lock_mark *)mark;
}

HF_INLINE const struct hf_lock_mark *hf_mark_beside_(const void *l, const void *mark)
	HF_ANALYSIS_(lock_returned(*(const struct hf_lock_mark *)l))
{
	(void)mark;
	return (const struct hf_lock_mark *)l;
}

#define HF_MARK_(l)	__builtin_choose_expr(HF_IS_BESIDE_(l), hf_mark_beside_, hf_mark_inside_)((l), &(l)->lock)
#else
#define HF_MARK_(l)	((const struct hf_lock_mark *)NULL)
#endif
/* What debug builds remember the owner in.  A lock that was there before has no room for it. */
#define HF_OWNER_(l)									\
	__builtin_choose_expr(HF_IS_BESIDE_(l), (const struct hf_lock_mark *)NULL, &(l)->lock)

/* What a scope that holds a lock must undo.  The kind is constant and the switches below vanish. */
struct hf_guard_ {
	void *prim;
	struct hf_lock_mark *mark;	/* NULL: it remembers no owner */
	unsigned long flags;		/* of interrupts, where the kind saves them */
	unsigned int subclass;
	enum hf_lock_kind_ kind;
	bool shared;
	int err;			/* not 0: the lock was not taken */
};

HF_INLINE void hf_lock_init_(void *prim, struct hf_lock_mark *mark, enum hf_lock_kind_ kind,
			     struct hf_sys_lock_class *cls)
{
	switch (kind) {
#define HF_LOCK_INIT_(kind)								\
	case hf_kind_##kind##_:								\
		hf_sys_##kind##_init((struct hf_sys_##kind *)prim, cls);		\
		break;
	HF_LOCK_KINDS_(HF_LOCK_INIT_)
	}
#if HF_DEBUG
	hf_sys_write_once(&mark->owner_, HF_NOBODY_);
#else
	(void)mark;
#endif
}

HF_INLINE void hf_lock_fini_(void *prim, struct hf_lock_mark *mark, enum hf_lock_kind_ kind)
{
#if HF_DEBUG
	hf_sys_write_once(&mark->owner_, 0UL);
#else
	(void)mark;
#endif
	switch (kind) {
#define HF_LOCK_FINI_(kind)								\
	case hf_kind_##kind##_:								\
		hf_sys_##kind##_fini((struct hf_sys_##kind *)prim);			\
		break;
	HF_LOCK_KINDS_(HF_LOCK_FINI_)
	}
}

/* 0, -EBUSY or -EINTR; only the @how of hf_lock_else() fails. */
HF_INLINE int hf_guard_lock_(struct hf_guard_ *g, enum hf_how how, const struct hf_violation *twice)
{
	int err = 0;

#if HF_DEBUG
	if (g->mark)
		hf_require_at(HF_CALLER_SITE(HF_LOCK, "the lock was not initialised, or has ended"),
			      hf_sys_read_once(&g->mark->owner_));
	if (how != HF_TRY && g->mark)
		hf_require_at(twice, hf_sys_read_once(&g->mark->owner_) != hf_sys_self());
#else
	(void)twice;
#endif
	switch (g->kind) {
#define HF_GUARD_LOCK_(kind)								\
	case hf_kind_##kind##_:								\
		err = hf_sys_##kind##_acquire((struct hf_sys_##kind *)g->prim, g->shared, how,	\
					      g->subclass, &g->flags);			\
		break;
	HF_LOCK_KINDS_(HF_GUARD_LOCK_)
	}
#if HF_DEBUG
	if (!err && !g->shared && g->mark)
		hf_sys_write_once(&g->mark->owner_, hf_sys_self());
#endif
	return err;
}

/* At the end of a scope, and where a wait or hf_unlocked() gives the lock up for a while. */
HF_INLINE void hf_guard_unlock_(struct hf_guard_ *g)
{
	if (g->err)
		return;
#if HF_DEBUG
	if (!g->shared && g->mark)
		hf_sys_write_once(&g->mark->owner_, HF_NOBODY_);
#endif
	switch (g->kind) {
#define HF_GUARD_UNLOCK_(kind)								\
	case hf_kind_##kind##_:								\
		hf_sys_##kind##_release((struct hf_sys_##kind *)g->prim, g->shared, g->flags);	\
		break;
	HF_LOCK_KINDS_(HF_GUARD_UNLOCK_)
	}
}

/* What was given up for a while is held again, whatever it takes. */
HF_INLINE void hf_guard_relock_(struct hf_guard_ *g)
{
	(void)hf_guard_lock_(g, HF_UNINTERRUPTIBLE, HF_SITE(HF_LOCK, "this thread holds the lock already"));
}

HF_INLINE struct hf_guard_ hf_guard_enter_(const void *prim, const struct hf_lock_mark *mark,
					   enum hf_lock_kind_ kind, bool shared, enum hf_how how,
					   unsigned int subclass, const struct hf_violation *twice)
{
	struct hf_guard_ g = {
		.prim = (void *)(unsigned long)prim,
		.mark = (struct hf_lock_mark *)(unsigned long)mark,
		.kind = kind,
		.shared = shared,
		.subclass = subclass,
	};

	g.err = hf_guard_lock_(&g, how, twice);
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

/* A lock that is tried for cannot deadlock: asserted, it is not compared with the declared order. */
HF_INLINE void hf_mark_tried_(const struct hf_lock_mark *m) HF_CAP_ASSERTS_(*m)
{
	(void)m;
}

HF_INLINE void hf_mark_tried_shared_(const struct hf_lock_mark *m) HF_ANALYSIS_(assert_shared_capability(*m))
{
	(void)m;
}

/* At the end of a scope in which the lock is given up. */
HF_INLINE void hf_mark_again_(const struct hf_lock_mark *const *m) HF_CAP_ACQUIRES_(**m)
{
	(void)m;
}

/*
 * Which context the analysis sees a guard in: under one that spins, nothing is called that may sleep.
 * A kind that sleeps is a context of its own, so that both are begun and ended alike.
 */
#ifdef HF_ANALYZED_
HF_INLINE const struct hf_context_ *hf_spins_(void) HF_ANALYSIS_(lock_returned(hf_spinning))
{
	return NULL;
}

HF_INLINE const struct hf_context_ *hf_tries_(void) HF_ANALYSIS_(lock_returned(hf_not_spinning_))
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

HF_INLINE void hf_context_again_(const struct hf_context_ *const *c) HF_CAP_ACQUIRES_SHARED_(**c)
{
	(void)c;
}

/* Tries and spins alike do not sleep; which of both, the lock's kind says. */
#define HF_CONTEXT_OF_(prim, how)							\
	__builtin_choose_expr(!HF_KIND_SLEEPS_(prim), hf_spins_,			\
			      __builtin_choose_expr((how) == HF_TRY, hf_tries_, hf_mutex_may_sleep_))()

#define HF_CONTEXT_(g, prim, how)	HF_CONTEXT_IS_(g, HF_CONTEXT_OF_(prim, how))
/* The context @c until the end of the scope. */
#define HF_CONTEXT_IS_(g, c)								\
	const struct hf_context_ *const hf_context_##g HF_CLEANUP(hf_context_end_) = c;	\
	hf_context_begin_(hf_context_##g);
/* The context of @g is left until the end of the scope. */
#define HF_CONTEXT_LEFT_(g, prim)							\
	const struct hf_context_ *const hf_left_##g HF_CLEANUP(hf_context_again_) = HF_CONTEXT_OF_(prim, HF_TRY); \
	hf_context_end_(&hf_left_##g);
#else
#define HF_CONTEXT_(g, prim, how)
#define HF_CONTEXT_IS_(g, c)
#define HF_CONTEXT_LEFT_(g, prim)
#endif

#define HF_DATA_TYPE_(l)	__typeof__(*(l)->data_type_[0])
#define HF_DATA_(l)		((HF_DATA_TYPE_(l) *)(unsigned long)&(l)->data_)

/* The data, valid as long as the guard: the analysis of lifetimes is told so. */
HF_INLINE void *hf_guarded_(const struct hf_guard_ *g HF_BOUND, const void *data)
{
	(void)g;
	return (void *)(unsigned long)data;
}

/* The same without a guard.  The checker is told that a guard which has ended is not meant. */
HF_INLINE void *hf_unguarded_(const void *data)
{
	return (void *)(unsigned long)data;
}

#define HF_GUARDED_(g)									\
	((HF_DATA_TYPE_(hf_locked_##g) *)hf_guarded_(&hf_guard_##g, &hf_locked_##g->data_))

/** Not defined.  A call that is left in the code, as the statement before it may not leave, fails the build. */
void hf_statement_must_leave(void)
	__attribute__((__error__("the last argument must leave: return, goto, break or continue")));

/*
 * The guard @g of the lock @l, which the user calls @name.  The statement that leaves stands before the lock counts as held.
 */
#define HF_GUARD_(g, l, name, shared, how, subclass, mark_tried, mark_lock, mark_unlock, wrong, text, ...)	\
	HF_BINDS_(g)									\
	HF_NEW_BLOCK_									\
	__typeof__(&*(l)) const hf_locked_##g = (l);					\
	_Static_assert(!(wrong), text);							\
	_Static_assert((how) != HF_INTERRUPTIBLE || (shared) || !HF_KIND_SHARES_(hf_locked_##g->prim_), \
		       "writers are not interruptible: use HF_KILLABLE");	\
	_Static_assert((how) == HF_TRY || (how) == HF_UNINTERRUPTIBLE || HF_KIND_SLEEPS_(hf_locked_##g->prim_), \
		       "'" name "' spins: no signal ends that, use HF_TRY");		\
	struct hf_guard_ hf_guard_##g HF_CLEANUP(hf_guard_unlock_) = hf_guard_enter_(	\
		&hf_locked_##g->prim_, HF_OWNER_(hf_locked_##g), HF_KIND_OF_(hf_locked_##g->prim_), shared, how, \
		subclass, HF_SITE(HF_LOCK, "this thread holds '" name "' already"));	\
	__VA_ARGS__									\
	struct hf_guard_ *const hf_guard_ptr_##g __attribute__((__unused__)) = &hf_guard_##g; \
	HF_CONTEXT_(g, hf_locked_##g->prim_, how)					\
	const struct hf_lock_mark *const hf_mark_##g HF_CLEANUP(mark_unlock) = HF_MARK_(hf_locked_##g); \
	__builtin_choose_expr((how) == HF_TRY, mark_tried, mark_lock)(hf_mark_##g)

#define HF_GUARD_ALONE_(g, l, name, how, subclass, door, ...)					\
	HF_GUARD_(g, l, name, false, how, subclass, hf_mark_tried_, hf_mark_lock_, hf_mark_unlock_, \
		  HF_KIND_SHARES_(hf_locked_##g->prim_),				\
		  door ": '" name "' is a rwlock or rwsem: use hf_read_lock() or hf_write_lock()", __VA_ARGS__); \
	HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((__unused__)) = HF_GUARDED_(g)

#define HF_GUARD_READ_(g, l, name, how, door, ...)						\
	HF_GUARD_(g, l, name, true, how, 0, hf_mark_tried_shared_, hf_mark_lock_shared_, hf_mark_unlock_shared_, \
		  !HF_KIND_SHARES_(hf_locked_##g->prim_),				\
		  door ": '" name "' is not a rwlock or rwsem: use hf_lock()", __VA_ARGS__); \
	const HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((__unused__)) = HF_GUARDED_(g)

#define HF_GUARD_WRITE_(g, l, name, how, door, ...)						\
	HF_GUARD_(g, l, name, false, how, 0, hf_mark_tried_, hf_mark_lock_, hf_mark_unlock_,	\
		  !HF_KIND_SHARES_(hf_locked_##g->prim_),				\
		  door ": '" name "' is not a rwlock or rwsem: use hf_lock()", __VA_ARGS__); \
	HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((__unused__)) = HF_GUARDED_(g)

#define HF_ELSE_LEAVE_(g, ...)								\
	if (HF_UNLIKELY(hf_guard_##g.err)) {						\
		__VA_ARGS__;								\
		hf_statement_must_leave();						\
	}

/**
 * hf_lock() - hold a lock until the end of the scope.
 * @g: the new variable: a pointer to the data, valid as long.
 * @l: pointer to a locked type of a kind that is not rwlock or rwsem.
 *
 * Taking a lock that the same thread holds does not compile on Clang >= 22 and is a violation (lock)
 * in debug builds; elsewhere it is the deadlock it always was.
 *
 * Context: may sleep if the kind is mutex.  Rust: let g = l.lock();
 */
#define hf_lock(g, l)		HF_GUARD_ALONE_(g, l, #l, HF_UNINTERRUPTIBLE, 0, "hf_lock", )
/** hf_read_lock() - hold a rwlock or rwsem with other readers until the end of the scope; @g is a `const T *`. */
#define hf_read_lock(g, l)	HF_GUARD_READ_(g, l, #l, HF_UNINTERRUPTIBLE, "hf_read_lock", )
/** hf_write_lock() - hold a rwlock or rwsem alone until the end of the scope; @g is a `T *`. */
#define hf_write_lock(g, l)	HF_GUARD_WRITE_(g, l, #l, HF_UNINTERRUPTIBLE, "hf_write_lock", )

/**
 * hf_lock_nested() - as hf_lock(), while another lock of the same lockdep class is held.
 * @g: the new variable.
 * @l: pointer to a locked type of a kind that is not rwlock or rwsem.
 * @subclass: a constant from 1 to 7: the level of nesting.  Userspace ignores it.
 *
 * For locks of one type that are taken in an order which their objects give: parent, then child.
 */
#define hf_lock_nested(g, l, subclass)							\
	HF_BINDS_(nested_##g)								\
	_Static_assert((subclass) >= 1 && (subclass) <= 7, "hf_lock_nested: '" #subclass "' is not 1 to 7"); \
	HF_GUARD_ALONE_(g, l, #l, HF_UNINTERRUPTIBLE, subclass, "hf_lock_nested", )

/**
 * hf_lock_else() - hold a lock until the end of the scope, or leave.
 * @g: the new variable: a pointer to the data.
 * @l: pointer to a locked type of a kind that is not rwlock or rwsem.
 * @how: HF_TRY: leave if the lock is not free.  HF_INTERRUPTIBLE, HF_KILLABLE: leave if a signal, or a
 *       fatal one, came before the lock was free; for kinds that sleep.  A constant; a helper that is given
 *       it must be a macro.
 *
 * The last argument is the statement that runs if the lock was not taken.  It must leave the scope by
 * return, goto, break or continue: what follows holds the lock on every way.
 *
 *	hf_lock_else(g, &dev->stats, HF_TRY, return -EBUSY);
 *	g->hits++;
 *
 * Where nothing has been changed yet, a system call may return -ERESTARTSYS instead of -EINTR.
 *
 * Context: with HF_TRY any, else sleeps.  Rust: let Some(g) = l.try_lock() else { return Err(EBUSY) };
 */
#define hf_lock_else(g, l, how, ...)		HF_GUARD_ALONE_(g, l, #l, how, 0, "hf_lock_else", HF_ELSE_LEAVE_(g, __VA_ARGS__))
/** hf_read_lock_else() - as hf_lock_else(), for a reader of a rwlock or rwsem. */
#define hf_read_lock_else(g, l, how, ...)		HF_GUARD_READ_(g, l, #l, how, "hf_read_lock_else", HF_ELSE_LEAVE_(g, __VA_ARGS__))
/** hf_write_lock_else() - as hf_lock_else(), for the writer of a rwlock or rwsem: HF_TRY or HF_KILLABLE. */
#define hf_write_lock_else(g, l, how, ...)	HF_GUARD_WRITE_(g, l, #l, how, "hf_write_lock_else", HF_ELSE_LEAVE_(g, __VA_ARGS__))

/* What the name of a guard stands for where the lock is not held. */
__extension__ struct hf_not_held_ {
};

HF_INLINE struct hf_guard_ *hf_guard_give_up_(struct hf_guard_ *g)
{
	hf_guard_unlock_(g);
	return g;
}

HF_INLINE void hf_guard_again_(struct hf_guard_ *const *g)
{
	hf_guard_relock_(*g);
}

#define HF_IS_ALONE_(g)									\
	__builtin_types_compatible_p(__typeof__(&*(g)), HF_DATA_TYPE_(hf_locked_##g) *)
#define HF_ALONE_TEXT_(g, door)	door ": '" #g "' does not hold its lock alone"

/**
 * hf_unlocked() - give the lock of a guard up until the end of the scope, and take it again then.
 * @g: the name of the guard, as given to hf_lock() or hf_write_lock() in a scope around this one.
 *
 * It needs a block of its own, `{ hf_unlocked(g); ... }`: in the block of hf_lock() the compiler says
 * "redefinition of 'g'" or "conflicting types for 'g'".
 *
 *	hf_lock(s, &dev->state);
 *	while (s->todo) {
 *		const int job = --s->todo;
 *		{
 *			hf_unlocked(s);
 *			work_on(job);		// may sleep, may take the lock
 *		}
 *		s->done++;
 *	}
 *
 * Within the scope @g names nothing.  Afterwards others may have changed the data: what was derived from
 * @g before (a pointer to an element, a number that was looked at) is out of date.  No tool sees such
 * a pointer; derive it again.
 *
 * Rust: Guard::do_unlocked.
 */
#define hf_unlocked(g)									\
	HF_BINDS_(unlocked_##g)								\
	_Static_assert(HF_IS_ALONE_(g), HF_ALONE_TEXT_(g, "hf_unlocked"));		\
	HF_NEW_BLOCK_									\
	__typeof__(hf_locked_##g) const hf_unlocked_##g __attribute__((__unused__)) = hf_locked_##g; \
	struct hf_guard_ *const hf_again_##g HF_CLEANUP(hf_guard_again_) = hf_guard_give_up_(hf_guard_ptr_##g); \
	HF_CONTEXT_LEFT_(g, hf_unlocked_##g->prim_)					\
	const struct hf_lock_mark *const hf_mark_again_##g HF_CLEANUP(hf_mark_again_) = HF_MARK_(hf_unlocked_##g); \
	hf_mark_unlock_(&hf_mark_again_##g);						\
	HF_SHADOW_BEGIN_								\
	struct hf_not_held_ g __attribute__((__unused__)), hf_guard_ptr_##g __attribute__((__unused__)); \
	HF_SHADOW_END_									\
	(void)0

/**
 * hf_lend_guard() - a guard as an argument: a `struct NAME_guard` for a guard of `struct NAME`.
 * @g: the name of the guard, as given to hf_lock() or hf_write_lock().
 *
 * For a helper that waits, or gives the lock up, on behalf of its caller.  One that only uses the data
 * says HF_REQUIRES() and takes it by hf_held().
 */
#define hf_lend_guard(g)								\
	((__typeof__(*(HF_STATIC_CHECK_(HF_IS_ALONE_(g), HF_ALONE_TEXT_(g, "hf_lend_guard")), hf_locked_##g)->guard_type_[0])){ \
		.locked_ = hf_locked_##g, .guard_ = hf_guard_ptr_##g })

/**
 * hf_use_guard() - in a helper: use the guard of the caller, under a name of its own.
 * @g: the new variable: a pointer to the data, as hf_lock() makes it; hf_wait() and hf_unlocked() take it.
 * @lent: what hf_lend_guard() gave.
 *
 *	static void wait_for_room(struct dev *d, struct locked_ring_guard lent)
 *	{
 *		hf_use_guard(r, lent);
 *		while (!r->free)
 *			hf_wait(&d->room, r);
 *	}
 *
 * The caller's lock is still held at the end.
 */
#define hf_use_guard(g, lent)								\
	HF_BINDS_(g)									\
	__typeof__(lent) const hf_lent_##g = (lent);					\
	HF_NEW_BLOCK_									\
	__typeof__(hf_lent_##g.locked_) const hf_locked_##g = hf_lent_##g.locked_;	\
	struct hf_guard_ *const hf_guard_ptr_##g __attribute__((__unused__)) = hf_lent_##g.guard_; \
	HF_CONTEXT_(g, hf_locked_##g->prim_, HF_TRY)					\
	const struct hf_lock_mark *const hf_mark_##g HF_CLEANUP(hf_mark_unlock_) = HF_MARK_(hf_locked_##g); \
	hf_mark_tried_(hf_mark_##g);							\
	HF_DATA_TYPE_(hf_locked_##g) *const g __attribute__((__unused__)) = HF_DATA_(hf_locked_##g)

/** hf_held() - the data of a lock that the caller holds: in functions marked HF_REQUIRES(). */
#define hf_held(l)									\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_							\
		__typeof__(&*(l)) const hf_l_ = (l);					\
		hf_need_lock_(&hf_l_->lock, HF_SITE(HF_LOCK, "this thread does not hold '" #l "'")); \
		HF_SHADOW_END_								\
		HF_DATA_(hf_l_);							\
	})

/** hf_held_shared() - the same for reading: in functions marked HF_REQUIRES_SHARED(). */
#define hf_held_shared(l)								\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_							\
		__typeof__(&*(l)) const hf_l_ = (l);					\
		hf_need_lock_shared_(&hf_l_->lock);					\
		HF_SHADOW_END_								\
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
#define hf_lock_fini(l)									\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __typeof__(&*(l)) const hf_l_ = (l); HF_SHADOW_END_	\
		hf_lock_fini_(&hf_l_->prim_, &hf_l_->lock, HF_KIND_OF_(hf_l_->prim_));	\
	})

/**
 * hf_lock_get_mut_unchecked() - the data without the lock.  SAFETY: nobody else can reach it (yet).
 * @l: pointer to a locked type, not to const: what is borrowed shared, others have too.
 */
#define hf_lock_get_mut_unchecked(l)							\
	(HF_STATIC_CHECK_(!__builtin_types_compatible_p(__typeof__(&*(l)), const __typeof__(*(l)) *), \
			  "hf_lock_get_mut_unchecked: '" #l "' is a shared borrow (const): others may have it, so lock it"), \
	 (HF_DATA_TYPE_(l) *)hf_unguarded_(&(l)->data_))

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
		hf_need_lock_(&hf_by_->lock, HF_SITE(HF_LOCK, "this thread does not hold '" #l "'")); \
		hf_require_at(HF_SITE(HF_LOCK, "'" #l "' is not the lock of '" #x "'"), hf_x_->by_ == hf_by_); \
		HF_SHADOW_END_								\
		HF_DATA_(hf_x_);							\
	})

/* --- locks that were there before ---------------------------------------------------------------
 *
 * The bug: the lock and what it guards are members of one structure, and one function of a driver that is
 * twenty years old touches them without it.
 *
 *	struct port {
 *		spinlock_t lock;
 *		HF_LOCK_IS(lock, spinlock_irq);
 *		unsigned int pending HF_GUARDED_BY(lock);
 *	};
 *
 *	hf_lock(g, hf_lock_of(port, lock));
 *	port->pending++;
 *
 * Nothing moves: the marks have no size, and functions that are not converted yet lock by the kernel's
 * functions.  On Clang >= 22 access to `pending` without the guard does not compile; nor does taking the lock
 * twice, or sleeping under it if it spins.  With the kernel's own analysis (docs/kernel.md) the lock is the same
 * to both: the kernel's functions also give access, and HF_GUARDED_BY(lock) is __guarded_by(&lock), but exact.
 *
 * The front doors of this header take what hf_lock_of() gives: hf_lock(), hf_read_lock(), hf_write_lock(), their
 * ..._else() and hf_lock_nested(), hf_unlocked(), and HF_REQUIRES(hf_lock_of(port, lock)) and its siblings.  The
 * guard's variable has no members, as the data is not in the lock.  A wait and hf_lend_guard() need a lock of
 * HF_LOCKED_DEFINE().
 *
 * An initialiser may set what is guarded.  Where others cannot reach the object yet, take the lock all the same.
 */

/**
 * HF_LOCK_IS() - in a structure, behind a lock: which kind it is.
 * @member: the lock's name.  It has the kernel's type of this kind (the table above), or pthread's.
 * @kind: one of the kinds above.  It also says how the lock is taken: spinlock_irq saves the interrupts.
 *
 * It takes no space.  Rust has no such step.
 */
#define HF_LOCK_IS(member, kind)	__extension__ struct hf_lock_is_##kind##_ member##_

/**
 * HF_GUARDED_BY() - on a member of a structure: it is only touched while the lock is held.
 * @member: the lock's name: a member of the same structure, declared before.
 *
 * To read it, a guard of hf_read_lock() suffices.  Not held: does not compile on Clang >= 22.  Clang 22 does not
 * see of which object the lock is held; Clang 23 does.
 */
#define HF_GUARDED_BY(member)								\
	HF_ANALYSIS_(guarded_by(*(const struct hf_lock_mark *)(unsigned long)HF_ADDRESS_OF_MEMBER_(member)))

/* In C, Clang 22 knows a member by its address only, in any object.  Clang 23 takes that for the same, but not this. */
#if defined(__clang__) && __clang_major__ >= 23
#define HF_ADDRESS_OF_MEMBER_(member)	&(member)
#else
#define HF_ADDRESS_OF_MEMBER_(member)	&member
#endif

/**
 * hf_lock_of() - the lock of an object, for the front doors of this header.
 * @o: pointer to the object; const suffices.
 * @member: the lock's name, of which the structure says HF_LOCK_IS().
 */
#define hf_lock_of(o, member)								\
	((const __typeof__(*(HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__((o)->member), \
									   __typeof__(*(o)->member##_.prim_type_[0])), \
					      "hf_lock_of: '" #member "' is not of the type that HF_LOCK_IS() says"), \
			     (o)->member##_.seen_as_[0])) *)(unsigned long)&(o)->member)

#endif
