/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * What exists only while a device does: register windows, interrupts, memory shared with it.
 *
 * The bug: a file is still open when the device is unplugged.  The driver's removal unmaps the registers, and
 * the next read() of that file reads them.
 *
 *	static ssize_t edu_read(struct file *f, ...)
 *	{
 *		struct edu *e = f->private_data;
 *
 *		if (e->gone)			// not yet ...
 *			return -ENODEV;
 *		v = readl(e->regs + STATUS);	// ... but now: edu_remove() ran between these lines
 *
 * Here what goes away is inside, and a guard is the only way to it.  The removal waits until the last guard
 * has ended, and then drops it:
 *
 *	HF_OWN_DEFINE(window, struct window, window_unmap);
 *	HF_REVOCABLE_DEFINE(edu_window, srcu, window_own);	// struct edu_window, a member of struct edu
 *
 *	hf_access_else(w, &e->window, return -ENODEV);		// w: const struct window *, in this scope
 *	v = regs_read_status(&w->regs);				// mmio.h
 *
 *	edu_window_revoke(&e->window);				// in the removal
 *
 * Kinds:
 *
 *	kind    guards are              a guard is          what holds a guard
 *	srcu    of this one object      srcu_read_lock()    may sleep
 *	rcu     of the whole system     rcu_read_lock()     must not sleep: as under a lock that spins
 *
 * Who owns what: the revocable is a member of an object that every user holds a reference to (an arc, the
 * open file's), and it owns the handle that is inside.  It outlives what it revokes, and nobody has a pointer to
 * it that could outlive it.  What a guard must remember is in the guard, so that any number of threads, and of
 * guards of one thread, are inside at once.
 *
 * The guard refuses, by its last argument, before init (of a zeroed object), once it is revoked, and after
 * fini.
 *
 * Rust: Revocable<T>, Devres<T>; access by try_access().
 */
#ifndef HOLDFAST_REVOCABLE_H
#define HOLDFAST_REVOCABLE_H

#include <holdfast/own.h>
#include <holdfast/wait.h>

/* What the analysis knows of the guards of a revocable. */
__extension__ struct HF_CAPABILITY_("access guard") HF_REENTRANT_ hf_accessed {
};

/*
 * What a kind does, by the type of its domain.  It is chosen here and not by a flag, so that no program needs what
 * the other kind needs.
 */
#define HF_DOMAIN_DEFINE_(kind)								\
	HF_INLINE int hf_##kind##_enter_(void *domain)					\
	{										\
		return hf_sys_##kind##_read_lock((struct hf_sys_##kind *)domain);	\
	}										\
	HF_INLINE void hf_##kind##_leave_(void *domain, int idx)			\
	{										\
		hf_sys_##kind##_read_unlock((struct hf_sys_##kind *)domain, idx);	\
	}										\
	HF_INLINE void hf_##kind##_wait_(void *domain)					\
	{										\
		hf_sys_##kind##_synchronize((struct hf_sys_##kind *)domain);		\
	}
HF_DOMAIN_DEFINE_(srcu)
HF_DOMAIN_DEFINE_(rcu)
/* By pointers: sparse takes a structure without members for an incomplete type. */
#define HF_DOMAIN_(domain, rcu, srcu)							\
	_Generic(&(domain), const struct hf_sys_rcu *: rcu, const struct hf_sys_srcu *: srcu,	\
		 struct hf_sys_rcu *: rcu, struct hf_sys_srcu *: srcu)

struct hf_access_;
#if HF_DEBUG
HF_LOCKED_DEFINE(hf_accesses_, raw_spinlock_irq, struct hf_access_ *);
#endif

/* What revocables of all types have in common. */
struct hf_revocable_ {
	void *ptr_;			/* of the handle; NULL: not there any more, or not yet */
	bool ready_;			/* between init and fini */
	struct hf_completion dropped_;	/* what was inside */
#if HF_DEBUG
	struct hf_accesses_ inside_;	/* so that a thread that would wait for itself can be told */
#endif
};

/* A guard. */
struct hf_access_ {
	struct hf_revocable_ *r;
	void *domain;
	void (*leave)(void *domain, int idx);
	const void *ptr;		/* NULL: access was refused */
	int idx;			/* what the domain wants back */
#if HF_DEBUG
	struct hf_access_ *next;
	unsigned long thread;
#endif
};

HF_INLINE void hf_revocable_init_(struct hf_revocable_ *r, void *p)
{
	hf_completion_init(&r->dropped_);
#if HF_DEBUG
	hf_lock_init(&r->inside_);
	/* SAFETY: nobody else can reach it yet. */
	*hf_lock_get_mut_unchecked(&r->inside_) = NULL;
#endif
	r->ready_ = true;
	hf_sys_store_release(&r->ptr_, p);
}

HF_INLINE void hf_revocable_fini_(struct hf_revocable_ *r)
{
	r->ready_ = false;
#if HF_DEBUG
	hf_lock_fini(&r->inside_);
#endif
	hf_completion_fini(&r->dropped_);
}

#if HF_DEBUG
HF_INLINE void hf_access_note_(struct hf_access_ *a)
{
	hf_lock(first, &a->r->inside_);
	a->thread = hf_sys_self();
	a->next = *first;
	*first = a;
}

HF_INLINE void hf_access_forget_(const struct hf_access_ *a)
{
	hf_lock(first, &a->r->inside_);
	struct hf_access_ **at = first;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
}

HF_INLINE bool hf_access_is_mine_(struct hf_revocable_ *r)
{
	hf_lock(first, &r->inside_);
	const struct hf_access_ *a = *first;

	while (a && a->thread != hf_sys_self())
		a = a->next;
	return a != NULL;
}
#else
#define hf_access_note_(a)	((void)(a))
#define hf_access_forget_(a)	((void)(a))
#endif

/*
 * The look at the pointer is inside.  A domain of srcu is not there before init and after fini, so whether
 * it @must_be is asked before it is entered: by a plain read, as nobody else can reach @r while it changes.
 */
HF_INLINE struct hf_access_ hf_access_begin_(const struct hf_revocable_ *r, const void *domain, bool must_be,
					     int (*enter)(void *domain), void (*leave)(void *domain, int idx))
{
	struct hf_access_ a = {
		.r = (struct hf_revocable_ *)(unsigned long)r,
		.domain = (void *)(unsigned long)domain,
		.leave = leave,
	};

	if (must_be && HF_UNLIKELY(!r->ready_))
		return a;
	a.idx = enter(a.domain);
	a.ptr = hf_sys_read_published(&r->ptr_);
	if (HF_UNLIKELY(!a.ptr))
		leave(a.domain, a.idx);
	return a;
}

HF_INLINE void hf_access_end_(const struct hf_access_ *a)
{
	if (!a->ptr)
		return;
	hf_access_forget_(a);
	a->leave(a->domain, a->idx);
}

/*
 * What was inside, and nobody uses any more; NULL if another has it, and has dropped it by now.  Of several that
 * revoke at once one gets it, and the others wait for that one.
 */
HF_INLINE void *hf_revocable_take_(struct hf_revocable_ *r, void *domain, void (*wait)(void *domain),
				   const struct hf_violation *own)
{
	void *p;

	if (!r->ready_)
		return NULL;
#if HF_DEBUG
	hf_require_at(own, !hf_access_is_mine_(r));
#else
	(void)own;
#endif
	p = hf_sys_exchange(&r->ptr_, NULL);
	if (p)
		wait(domain);
	else
		hf_completion_wait(&r->dropped_);
	return p;
}

/* The analysis follows these; the guard does the work. */
HF_INLINE void hf_accessed_begin_(const struct hf_accessed *m) HF_CAP_ACQUIRES_SHARED_(*m)
{
	(void)m;
}

HF_INLINE void hf_accessed_end_(const struct hf_accessed *const *m) HF_CAP_RELEASES_SHARED_(**m)
{
	(void)m;
}

/* What is inside, valid as long as the guard: the analysis of lifetimes is told so. */
HF_INLINE const void *hf_accessed_(const struct hf_access_ *a HF_BOUND)
{
	return a->ptr;
}

/* What init does beside storing: a domain of srcu is allocated. */
#define HF_REVOCABLE_INIT_srcu_		HF_SLEEPS
#define HF_REVOCABLE_INIT_rcu_

/**
 * HF_REVOCABLE_DEFINE() - make `struct name`: a handle that can be taken away from those who use it.
 * @name: names the type and its functions.
 * @kind: srcu or rcu; see above.
 * @handle: window_own, node_arc: what is inside, without `struct`.
 *
 *	int  name_init(struct name *r, struct handle h)
 *		Takes @h, which must own something.  0; of kind srcu also -ENOMEM, and then @h is dropped: the kernel's
 *		domain has counts for each processor, which it allocates as GFP_KERNEL does, and may sleep.  Before
 *		anybody else can reach @r.  Rust: Revocable::new.
 *	bool name_revoke(const struct name *r)
 *		No new guard begins, and those that there are end; then the handle is dropped.  When it returns all
 *		that has happened, whoever did it: true if it was this call.  As for a lock, a pointer to const is
 *		enough.  Inside a guard of @r it does not compile on Clang >= 22, and is a violation (lock) in
 *		debug builds: it would wait for itself.  Sleeps.  Rust: Revocable::revoke.
 *	void name_fini(struct name *r)
 *		Revokes, and gives back what init took; in the drop function of the object that @r is in.  Nothing
 *		of a zeroed object, or the second time.  Sleeps.
 */
#define HF_REVOCABLE_DEFINE(name, kind, handle)						\
	struct name {									\
		struct hf_revocable_ r_;						\
		struct hf_sys_##kind domain_;						\
		struct hf_accessed access;	/* for the analysis only */		\
		__extension__ const __typeof__(*((struct handle *)0)->type_[0]) *type_[0]; \
		__extension__ const char stays_[0];	/* guards point to it: not assignable */ \
	};										\
	HF_INLINE HF_MUST_USE int name##_init(struct name *r, struct handle h) HF_REVOCABLE_INIT_##kind##_ \
	{										\
		int err;								\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, #name "_init() was given an empty handle"), h.own.ptr_); \
		err = hf_sys_##kind##_init(&r->domain_);				\
		if (HF_UNLIKELY(err)) {							\
			handle##_drop(&h);						\
			return HF_CALLER_ERROR_(err);					\
		}									\
		hf_revocable_init_(&r->r_, h.own.ptr_);					\
		return 0;								\
	}										\
	HF_INLINE bool name##_revoke(const struct name *revocable) HF_SLEEPS HF_CAP_EXCLUDES_(revocable->access) \
	{										\
		struct name *const r = (struct name *)(unsigned long)revocable;		\
		struct handle h = { .own = { .ptr_ = hf_revocable_take_(&r->r_, &r->domain_, \
			hf_##kind##_wait_, HF_CALLER_SITE(HF_LOCK,			\
				"this thread holds an access guard that " #name "_revoke() would wait for")) } }; \
											\
		if (!h.own.ptr_)							\
			return false;							\
		handle##_drop(&h);							\
		hf_complete_all(&r->r_.dropped_);					\
		return true;								\
	}										\
	HF_INLINE void name##_fini(struct name *r) HF_SLEEPS HF_CAP_EXCLUDES_(r->access) \
	{										\
		if (!r->r_.ready_)							\
			return;								\
		(void)name##_revoke(r);							\
		hf_revocable_fini_(&r->r_);						\
		hf_sys_##kind##_fini(&r->domain_);					\
	}										\
	struct name

/**
 * hf_access_else() - use what is inside a revocable until the end of the scope, or leave.
 * @g: the new variable: a `const T *`.
 * @r: pointer to a type made by HF_REVOCABLE_DEFINE(); to const is enough.
 *
 * The last argument is the statement that runs if it was revoked.  It must leave the scope by return, goto,
 * break or continue.  Guards nest, and never wait.
 *
 *	hf_access_else(w, &e->window, return -ENODEV);
 *	regs_write_doorbell(&w->regs, tail);
 *
 * Context: any but NMI; of kind rcu the scope must not sleep.  Rust: let g = r.try_access().ok_or(ENXIO)?;
 */
#define hf_access_else(g, r, ...)							\
	HF_BINDS_(g)									\
	HF_NEW_BLOCK_									\
	__typeof__(&*(r)) const hf_revocable_##g = (r);					\
	struct hf_access_ hf_access_##g HF_CLEANUP(hf_access_end_) = hf_access_begin_(	\
		&hf_revocable_##g->r_, &hf_revocable_##g->domain_,			\
		HF_DOMAIN_(hf_revocable_##g->domain_, false, true),			\
		HF_DOMAIN_(hf_revocable_##g->domain_, hf_rcu_enter_, hf_srcu_enter_),	\
		HF_DOMAIN_(hf_revocable_##g->domain_, hf_rcu_leave_, hf_srcu_leave_));	\
	if (HF_UNLIKELY(!hf_access_##g.ptr)) {						\
		__VA_ARGS__;								\
		hf_statement_must_leave();						\
	}										\
	hf_access_note_(&hf_access_##g);						\
	HF_CONTEXT_IS_(g, HF_DOMAIN_(hf_revocable_##g->domain_, hf_spins_, hf_tries_)()) \
	const struct hf_accessed *const hf_accessed_##g HF_CLEANUP(hf_accessed_end_) = &hf_revocable_##g->access; \
	hf_accessed_begin_(hf_accessed_##g);						\
	const __typeof__(*hf_revocable_##g->type_[0]) *const g __attribute__((__unused__)) = hf_accessed_(&hf_access_##g)

#endif
