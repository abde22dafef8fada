/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Unique ownership: one owner, moves that can be seen, loans that end.
 *
 * The bug, from a driver's error path:
 *
 *	err = queue_submit(q, req);	// on success the queue owns req.  And on failure?
 *	if (err)
 *		request_free(req);	// double free, if queue_submit() freed it as well
 *
 * Ownership travels in a structure of its own, so the prototype answers the question, and the one
 * who holds it last frees it at the end of the scope:
 *
 *	HF_OWN_DEFINE(request, struct request, request_free);
 *	int queue_submit(struct queue *q, struct request_own req);	// takes it, always
 *
 *	hf_let(request, req, hf_try(hf_new(request, GFP_KERNEL)));	// freed on every way out ...
 *	hf_mut(req)->lba = lba;
 *	return queue_submit(q, hf_move(req));				// ... but this: now empty
 *
 * A bare pointer parameter is a borrow: `const T *` is shared, `T *` is exclusive for the call.  So
 * existing functions fit in unchanged.  An owner is never copied by naming it; it is moved, by
 * hf_move(), or taken out of a place, by hf_take().
 *
 * Use after a move, a maybe-moved owner, a second exclusive loan and a move of what is lent do not
 * compile on Clang >= 22 (analysis.h).  On every compiler an empty owner refuses use at run time;
 * debug builds count loans.  An owner is one pointer in memory and one register in calls.
 *
 * Rust: KBox<T>, &T, &mut T, Option<KBox<T>>::take().
 */
#ifndef HOLDFAST_OWN_H
#define HOLDFAST_OWN_H

#include <holdfast/result.h>

/* A loan of what an owner owns: zero-size, known to the analysis only. */
__extension__ struct HF_CAPABILITY_("loan of") HF_REENTRANT_ hf_loan {
};

/** What all owners have in common, so that one set of functions serves every type. */
struct HF_CAPABILITY_("ownership of") hf_owner {
	void *ptr_;
#ifdef HF_ANALYZER
	void *moved_;		/* what ptr_ was, before the move */
#endif
	struct hf_loan loan;	/**< known to the analysis only */
#if HF_DEBUG
	hf_sys_atomic loans_;	/* -1: one exclusive loan; n: that many shared ones */
#endif
};

/*
 * GCC's analyzer follows what was freed, on every path and around loops, but knows nothing of owners.
 * holdfast-check tells it, by HF_ANALYZER, that a move or a drop frees what the owner had.  What is used
 * later, the owner or a borrow that was kept, is then a use "after hf_move" or "after hf_drop".
 *
 * A bound owner has a pointer that the analyzer has not seen before, and so has whoever gets a moved one.
 */
#ifdef HF_ANALYZER
void hf_move(void *p);
void hf_drop(void *p);
void *hf_moves_(void) __attribute__((malloc(hf_move, 1)));
void *hf_drops_(void) __attribute__((malloc(hf_drop, 1)));
void *hf_unseen_(void);

HF_INLINE void hf_analyzer_bind_(struct hf_owner *o)
{
	o->ptr_ = hf_unseen_();
	o->moved_ = NULL;
}

HF_INLINE struct hf_owner hf_analyzer_move_(struct hf_owner *o)
{
	hf_move(o->ptr_);
	o->moved_ = o->ptr_;
	return (struct hf_owner){ .ptr_ = hf_unseen_() };
}

HF_INLINE void hf_analyzer_use_(const struct hf_owner *o)
{
	if (!o->ptr_ && o->moved_)
		(void)*(volatile char *)o->moved_;
}

/* The object's own end is none of its business: that is drop_fn's. */
#define HF_END_(fn, p)		((void)(fn), (hf_drop)(p))
#else
HF_INLINE void hf_analyzer_bind_(struct hf_owner *o)
{
	(void)o;
}

HF_INLINE struct hf_owner hf_analyzer_move_(struct hf_owner *o)
{
	return (struct hf_owner){ .ptr_ = o->ptr_ };
}

HF_INLINE void hf_analyzer_use_(const struct hf_owner *o)
{
	(void)o;
}

#define HF_END_(fn, p)		fn(p)
#endif

/* What a weak reference (arc.h) gives a borrow of: nothing. */
struct hf_weak_;

/*
 * An owner or an errno, in one register.  The number first: what Clang takes the union for decides how
 * early it sees which of both it is.
 */
#define HF_HANDLE_RESULT_DEFINE_(tag)							\
	HF_MUST_USE_TYPE(tag##_result) {						\
		__extension__ union {							\
			long err_;							\
			struct tag val_;						\
		};									\
	}

/**
 * HF_OWN_DEFINE() - make `struct name_own`, the unique owner of a T.
 * @name: names the types and functions.
 * @T: what is owned.
 * @drop_fn: void (T *): ends the object's life and gives its memory back; never called with NULL.
 *
 * Also makes `struct name_own_result` (one register) and name_own_drop().
 */
#define HF_OWN_DEFINE(name, T, drop_fn)							\
	/* The owner and, for the type checker, an array of no pointers to what it owns. */ \
	HF_MUST_USE_TYPE(name##_own) {							\
		struct hf_owner own;							\
		__extension__ T *type_[0];						\
	};										\
	HF_HANDLE_RESULT_DEFINE_(name##_own);						\
	HF_INLINE struct name##_own name##_own_adopt_(T *p)				\
	{										\
		return (struct name##_own){ .own = { .ptr_ = p } };			\
	}										\
	HF_INLINE struct name##_own_result name##_own_new_(void *p_or_err)		\
	{										\
		return (struct name##_own_result){ .val_ = { .own = { .ptr_ = p_or_err } } }; \
	}										\
	/** Ends what the owner owns, if anything, and empties it. */			\
	HF_INLINE void name##_own_drop(struct name##_own *o)				\
	{										\
		/* The test lets the compiler drop the whole call after a move. */	\
		if (o->own.ptr_) {							\
			hf_unlent_(&o->own, HF_OWNER_SITES_("a " #name "_own that is dropped"));	\
			HF_END_(drop_fn, (T *)o->own.ptr_);				\
			o->own.ptr_ = NULL;						\
		}									\
	}										\
	struct name##_own

/* The text is made by the front door, where the operand is as the user wrote it. */
#define HF_EMPTY_TEXT_(text)	"'" text "' owns nothing: it is empty or was moved"
#if HF_DEBUG && !defined(HF_TRAP)
#define HF_OWNER_SITES_(text)								\
	__extension__ ({								\
		static const struct hf_violation hf_sites_[] = {			\
			HF_SITE_INIT_(HF_MOVED, HF_EMPTY_TEXT_(text), false),			\
			HF_SITE_INIT_(HF_LOAN, "'" text "' is lent", false),			\
		};									\
		hf_sites_;								\
	})
#else
#define HF_OWNER_SITES_(text)	HF_SITE(HF_MOVED, HF_EMPTY_TEXT_(text))
#endif

/* --- the axioms --------------------------------------------------------------------------------- */

HF_INLINE void hf_bind_(struct hf_owner *o) HF_CAP_ASSERTS_(*o)
{
	hf_analyzer_bind_(o);
}

/*
 * Nobody borrows: known by the analysis where it runs, counted in debug builds.  The sites of a front
 * door are HF_OWNER_SITES_(): the first for an empty owner, the second for one that is lent.
 */
HF_INLINE void hf_unlent_(const struct hf_owner *o, const struct hf_violation *sites)
{
#if HF_DEBUG
	hf_require_at(sites + 1, hf_sys_atomic_read(&o->loans_) == 0);
#else
	(void)o;
	(void)sites;
#endif
}

HF_INLINE struct hf_owner hf_move_(struct hf_owner *o, const struct hf_violation *sites)
	HF_CAP_RELEASES_(*o) HF_CAP_EXCLUDES_(o->loan)
{
	struct hf_owner out;

	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
	out = hf_analyzer_move_(o);
	o->ptr_ = NULL;
	return out;
}

HF_INLINE struct hf_owner hf_take_(struct hf_owner *place, const struct hf_violation *sites)
	HF_CAP_EXCLUDES_(place->loan)
{
	struct hf_owner out = { .ptr_ = place->ptr_ };

	hf_unlent_(place, sites);
	place->ptr_ = NULL;
	return out;
}

HF_INLINE void hf_set_(struct hf_owner *place, struct hf_owner value, const struct hf_violation *leak)
{
	hf_require_at(leak, !place->ptr_);
	place->ptr_ = value.ptr_;
}

HF_INLINE struct hf_owner hf_replace_(struct hf_owner *place, struct hf_owner value,
				      const struct hf_violation *sites) HF_CAP_EXCLUDES_(place->loan)
{
	struct hf_owner out = hf_take_(place, sites);

	place->ptr_ = value.ptr_;
	return out;
}

HF_INLINE void *hf_ref_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites)
	HF_CAP_REQUIRES_SHARED_(*o)
{
	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
#if HF_DEBUG
	hf_require_at(sites + 1, hf_sys_atomic_read(&o->loans_) >= 0);
#endif
	return o->ptr_;
}

/* A momentary shared loan: refused while an exclusive one is held. */
HF_INLINE void hf_glance_(const struct hf_loan *l) HF_CAP_ACQUIRES_SHARED_(*l)
{
	(void)l;
}

HF_INLINE void hf_glance_end_(const struct hf_loan *l) HF_CAP_RELEASES_SHARED_(*l)
{
	(void)l;
}

HF_INLINE void *hf_mut_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites)
	HF_CAP_REQUIRES_(*o) HF_CAP_EXCLUDES_(o->loan)
{
	hf_analyzer_use_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
	return o->ptr_;
}

/* Loans may be counted through a const owner, and by several threads at once. */
HF_INLINE void hf_count_loan_(const struct hf_owner *o, int n)
{
#if HF_DEBUG
	hf_sys_atomic_fetch_add_relaxed((hf_sys_atomic *)(unsigned long)&o->loans_, n);
#else
	(void)o;
	(void)n;
#endif
}

HF_INLINE void *hf_lend_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites)
	HF_CAP_REQUIRES_SHARED_(*o) HF_CAP_ACQUIRES_SHARED_(o->loan)
{
	void *p = hf_ref_(o, sites);

	hf_count_loan_(o, 1);
	return p;
}

HF_INLINE void hf_unlend_(const struct hf_owner *const *o) HF_CAP_RELEASES_SHARED_((*o)->loan)
{
	hf_count_loan_(*o, -1);
}

HF_INLINE void *hf_lend_mut_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites)
	HF_CAP_REQUIRES_(*o) HF_CAP_EXCLUDES_(o->loan) HF_CAP_ACQUIRES_(o->loan)
{
	void *p = hf_mut_(o, sites);

	hf_count_loan_(o, -1);
	return p;
}

HF_INLINE void hf_unlend_mut_(const struct hf_owner *const *o) HF_CAP_RELEASES_((*o)->loan)
{
	hf_count_loan_(*o, 1);
}

HF_INLINE void *hf_alloc_or_err_(size_t size, gfp_t gfp)
{
	void *p = hf_sys_alloc(size, gfp);

	if (!p)
		return (void *)(long)-ENOMEM;
	HF_POINTS_(p);
	return p;
}

/* --- the front doors ---------------------------------------------------------------------------- */

/**
 * hf_let() - bind an owner to a variable; it is dropped at the end of the scope.
 * @name: as in HF_OWN_DEFINE().
 * @var: the new variable, a `struct name_own`.
 * @init: an owner: a call, hf_move() or hf_take().  May be empty.
 */
#define hf_let(name, var, init)								\
	struct name##_own var HF_CLEANUP(name##_own_drop) = (init);			\
	hf_bind_(&(var).own)

/** hf_is_empty() - whether an owner owns nothing. */
#define hf_is_empty(o)		((o).own.ptr_ == NULL)

/** hf_move() - give the ownership that a variable holds to whoever gets this value; @o is empty then. */
#define hf_move(o)		((__typeof__(o)){ .own = hf_move_(&(o).own, HF_OWNER_SITES_(#o)) })

/** hf_take() - take the owner out of a field, which is empty then; it may have been. Rust: Option::take. */
#define hf_take(place)		((__typeof__(place)){ .own = hf_take_(&(place).own, HF_OWNER_SITES_(#place)) })

/**
 * hf_set() - put an owner into an empty field.
 * @place: an lvalue; a violation (leak) if it owns something, as that would be lost.
 * @value: an owner of the same type: a call, hf_move() or hf_take().
 */
#define hf_set(place, value)								\
	(HF_SAME_HANDLE_(place, value),							\
	 hf_set_(&(place).own, (value).own,						\
		 HF_SITE(HF_LEAK, "'" #place "' still owns what hf_set() would overwrite")))

/** hf_replace() - put an owner into a field and give back the one that was there.  Rust: mem::replace. */
#define hf_replace(place, value)							\
	(HF_SAME_HANDLE_(place, value),							\
	 (__typeof__(place)){ .own = hf_replace_(&(place).own, (value).own, HF_OWNER_SITES_(#place)) })

/* Not HF_STATIC_CHECK_(): Clang < 16 takes no static data (hf_move() has some) inside a structure. */
#define HF_SAME_HANDLE_(a, b)								\
	((void)__extension__ ({								\
		_Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), \
			       "'" #a "' and the new owner are of different types");	\
		0;									\
	}))

/* An exclusive borrow needs a unique owner: arc.h's handles own a const T. */
#define HF_UNIQUE_(o, text, door)							\
	HF_STATIC_CHECK_(!__builtin_types_compatible_p(__typeof__((o).type_[0]),	\
					const __typeof__(*(o).type_[0]) *),		\
			 door ": '" text "' is a shared owner, which gives no exclusive borrow")

/* A borrow needs an owner: what a weak reference refers to may be gone. */
#define HF_STRONG_(o, text, door)							\
	HF_STATIC_CHECK_(!__builtin_types_compatible_p(__typeof__((o).type_[0]), struct hf_weak_ *), \
			 door ": '" text "' is a weak reference: use hf_upgrade()")

/* The operand stands once, so that front doors inside front doors do not multiply. */
#define HF_LET_HANDLE_(var, o)	HF_NEW_BLOCK_ HF_SHADOW_BEGIN_ __auto_type const var = &(o); HF_SHADOW_END_

/** hf_ref() - a shared borrow for the expression it stands in: `const T *`.  Rust: &*o. */
#define hf_ref(o)									\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, o)						\
		HF_STRONG_(*hf_o_, #o, "hf_ref");					\
		hf_glance_(&hf_o_->own.loan);						\
		hf_glance_end_(&hf_o_->own.loan);					\
		(const __typeof__(*hf_o_->type_[0]) *)hf_ref_(&hf_o_->own, HF_OWNER_SITES_(#o)); \
	})

/** hf_mut() - an exclusive borrow for the expression it stands in: `T *`.  Rust: &mut *o. */
#define hf_mut(o)									\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, o)						\
		HF_UNIQUE_(*hf_o_, #o, "hf_mut");					\
		(__typeof__(*hf_o_->type_[0]) *)hf_mut_(&hf_o_->own, HF_OWNER_SITES_(#o)); \
	})

/*
 * Who owns a field is not known where it is used: the lock that guards it, or an exclusive borrow of
 * its structure, says so.  The analysis is not asked; the run-time checks are the same.
 */
HF_INLINE void *hf_ref_in_(const struct hf_owner *o, const struct hf_violation *sites)
{
	return hf_ref_(o, sites);
}

HF_INLINE void *hf_mut_in_(const struct hf_owner *o, const struct hf_violation *sites)
{
	return hf_mut_(o, sites);
}

/** hf_ref_in() - as hf_ref(), of what a field owns; an empty field is a violation (moved). */
#define hf_ref_in(place)								\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, place)						\
		HF_STRONG_(*hf_o_, #place, "hf_ref_in");				\
		(const __typeof__(*hf_o_->type_[0]) *)hf_ref_in_(&hf_o_->own, HF_OWNER_SITES_(#place)); \
	})

/** hf_mut_in() - as hf_mut(), of what a field owns; an empty field is a violation (moved). */
#define hf_mut_in(place)								\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, place)						\
		HF_UNIQUE_(*hf_o_, #place, "hf_mut_in");				\
		(__typeof__(*hf_o_->type_[0]) *)hf_mut_in_(&hf_o_->own, HF_OWNER_SITES_(#place)); \
	})

/**
 * hf_borrow() - name a shared borrow that lasts until the end of the scope.
 * @r: the new variable, a `const T *`.
 * @o: an owner (own or arc).  Until then it can be neither moved nor borrowed exclusively.
 */
#define hf_borrow(r, o)									\
	HF_STRONG_(o, #o, "hf_borrow");							\
	HF_NEW_BLOCK_									\
	const struct hf_owner *const hf_loan_##r HF_CLEANUP(hf_unlend_) = &(o).own;	\
	const __typeof__(*(o).type_[0]) *const r = hf_lend_(hf_loan_##r, HF_OWNER_SITES_(#o))

/** hf_borrow_mut() - name an exclusive borrow: a `T *`, while @o can be used in no other way. */
#define hf_borrow_mut(m, o)								\
	HF_UNIQUE_(o, #o, "hf_borrow_mut");							\
	HF_NEW_BLOCK_									\
	const struct hf_owner *const hf_loan_##m HF_CLEANUP(hf_unlend_mut_) = &(o).own;	\
	__typeof__(*(o).type_[0]) *const m = hf_lend_mut_(hf_loan_##m, HF_OWNER_SITES_(#o))

/** hf_drop() - end what a variable owns now, not at the end of its scope. */
#define hf_drop(name, var)								\
	do {										\
		struct name##_own hf_dropped_ = hf_move(var);				\
											\
		name##_own_drop(&hf_dropped_);						\
	} while (0)

/**
 * hf_new() - allocate a zeroed T.
 * @name: as in HF_OWN_DEFINE(); the drop_fn must cope with a zeroed object and end with hf_free().
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_own_result`; -ENOMEM.
 * Context: may sleep, if @gfp says so.  Rust: KBox::new_zeroed.
 */
#define hf_new(name, gfp)								\
	(HF_MAY_SLEEP_(gfp),								\
	 name##_own_new_(hf_alloc_or_err_(sizeof(*((struct name##_own *)0)->type_[0]), (gfp))))

/** hf_free() - what a drop_fn ends with: give the memory of hf_new() back. */
#define hf_free(p)		hf_sys_free(p)

/** hf_adopt_unchecked() - make an owner of a pointer.  SAFETY: nobody else owns it. */
#define hf_adopt_unchecked(name, p)	name##_own_adopt_(p)

/** hf_leak() - give ownership up to code that knows nothing of it: a T *. Rust: KBox::into_raw. */
#define hf_leak(o)									\
	((__typeof__((o).type_[0]))hf_move_(&(o).own, HF_OWNER_SITES_(#o)).ptr_)

#endif
