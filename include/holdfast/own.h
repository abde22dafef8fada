/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Unique ownership: one owner, visible moves, borrows that end.
 *
 * The bug, from a driver's error path:
 *
 *	err = queue_submit(q, req);	// on success the queue owns req.  And on failure?
 *	if (err)
 *		request_free(req);	// double free, if queue_submit() freed it as well
 *
 * Here ownership travels in a structure of its own.  The prototype says who frees, and whoever holds the
 * owner last frees at the end of the scope:
 *
 *	HF_OWN_DEFINE(request, struct request, request_free);
 *	int queue_submit(struct queue *q, struct request_own req);	// takes it, always
 *
 *	hf_let(request, req, hf_try(hf_new(request, GFP_KERNEL)));	// freed on every way out ...
 *	hf_mut(req)->lba = lba;
 *	return queue_submit(q, hf_move(req));				// ... but this one: req is empty now
 *
 * An owner moves, and nothing else: hf_move() moves it out of a variable, hf_take() out of a place (a field,
 * an element, what a pointer points to), hf_set() into an empty place.  Assigning an owner, or a structure
 * that contains one, does not compile.  C cannot refuse a copy in an initialiser or an argument: holdfast-check
 * does (owner-copied).
 *
 * A bare pointer parameter is a borrow: `const T *` is shared, `T *` is exclusive for the call.  Existing
 * functions fit in unchanged.
 *
 * Clang >= 22 follows the owners that are bound to variables (analysis.h): use after a move, a maybe-moved
 * owner, a second exclusive borrow and a move of what is lent do not compile.  On every compiler an empty
 * owner refuses use at run time, also in a place; debug builds count loans.
 *
 * An owner is one pointer in memory and one register in calls.
 *
 * Rust: KBox<T>, &T, &mut T, Option<KBox<T>>.
 */
#ifndef HOLDFAST_OWN_H
#define HOLDFAST_OWN_H

#include <holdfast/result.h>
#include <holdfast/sys/analyzer.h>

/* A loan of what an owner owns.  No size: only the analysis knows it. */
__extension__ struct HF_CAPABILITY_("loan of") HF_REENTRANT_ hf_loan {
};

/** What all owners have in common, so that one set of functions serves every type. */
struct HF_CAPABILITY_("ownership of") hf_owner {
	void *ptr_;
	HF_MODEL_MEMBER_
	struct hf_loan loan;	/**< for the analysis only */
#if HF_DEBUG
	hf_sys_atomic loans_;	/* -1: one exclusive loan; n: n shared ones */
#endif
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char moves_only_[0];
};

/* What a @handle (packet_own, node_arc) lends, a shared borrow of that, and whether it lends nothing else. */
#define HF_LENT_(handle)		__typeof__(((struct handle *)0)->type_[0])
#define HF_LENT_SHARED_(handle)		const __typeof__(*((struct handle *)0)->type_[0]) *
#define HF_SHARES_(handle)		__builtin_types_compatible_p(HF_LENT_(handle), HF_LENT_SHARED_(handle))

/* What a weak reference (arc.h) lends: nothing. */
struct hf_weak_;

/*
 * An owner or an errno, in one register.  The number comes first: the type that Clang chooses for the
 * union decides how early it sees which of both it is.
 */
#define HF_HANDLE_RESULT_DEFINE_(tag)							\
	HF_MUST_USE_TYPE(tag##_result) {						\
		__extension__ HF_MODEL_EITHER_ {					\
			long err_;							\
			struct tag val_;						\
		};									\
	}

/**
 * HF_OWN_DEFINE() - make `struct name_own`, the unique owner of a T.
 * @name: names the types and functions.
 * @T: what is owned.
 * @drop_fn: void (T *): ends the object's life and frees its memory; never called with NULL.  It drops
 *           the fields that own.
 *
 * Also makes `struct name_own_result` (one register) and name_own_drop(), which ends what an owner owns, if
 * anything, and empties it.
 */
#define HF_OWN_DEFINE(name, T, drop_fn)							\
	HF_OWN_HANDLE_DEFINE_(name, T, drop_fn);					\
	HF_INLINE struct name##_own name##_own_adopt_(T *p)				\
	{										\
		return (struct name##_own){ .own = { .ptr_ = HF_MODEL_ADOPT_(p) } };	\
	}										\
	HF_INLINE struct name##_own_result name##_own_new_(void *p_or_err)		\
	{										\
		return (struct name##_own_result){ .val_ = { .own = { .ptr_ = p_or_err } } }; \
	}										\
	struct name##_own

/* The owner and its result, without what makes one. */
#define HF_OWN_HANDLE_DEFINE_(name, T, drop_fn)						\
	/* The owner, and an array of no pointers to what it owns: it carries the type. */ \
	HF_MUST_USE_TYPE(name##_own) {							\
		struct hf_owner own;							\
		__extension__ T *type_[0];						\
	};										\
	HF_HANDLE_RESULT_DEFINE_(name##_own);						\
	HF_INLINE void name##_own_drop(struct name##_own *o)				\
	{										\
		/* After a move the compiler sees that this is false, and removes the call. */ \
		if (o->own.ptr_) {							\
			hf_unlent_(&o->own, HF_DROP_SITES_(#name "_own"));		\
			HF_MODEL_END_(drop_fn, T, o->own.ptr_);			\
			o->own.ptr_ = NULL;						\
		}									\
	}										\
	struct name##_own

/* Copies the name of a registration, cut off where it does not fit.  Whether all of it does. */
HF_INLINE bool hf_copy_name_(char *to, size_t size, const char *text)
{
	size_t i = 0;

	for (; i < size - 1 && text[i]; i++)
		to[i] = text[i];
	to[i] = '\0';
	return !text[i];
}

/*
 * As HF_OWN_DEFINE(), of what ends by a wait, such as a registration: its drop is marked HF_SLEEPS.  A mark must
 * stand on the first declaration.
 */
#define HF_SLEEPING_OWN_DEFINE_(name, T, drop_fn)					\
	struct name##_own;								\
	HF_INLINE void name##_own_drop(struct name##_own *o) HF_SLEEPS;			\
	HF_OWN_DEFINE(name, T, drop_fn)

/* A front door makes the text, as it has the operand as the user wrote it. */
#define HF_EMPTY_TEXT_(text)	"'" text "' owns nothing: it is empty or was moved"
#if HF_DEBUG && !defined(HF_TRAP)
#define HF_SITES_(empty, lent, by_caller)						\
	__extension__ ({								\
		static const struct hf_violation hf_sites_[] = {			\
			HF_SITE_INIT_(HF_MOVED, empty, by_caller),			\
			HF_SITE_INIT_(HF_LOAN, lent, by_caller),			\
		};									\
		hf_sites_;								\
	})
#define HF_OWNER_SITES_(text)	HF_SITES_(HF_EMPTY_TEXT_(text), "'" text "' is lent", false)
/* Of a drop function, which an empty owner may be given. */
#define HF_DROP_SITES_(handle)	HF_SITES_("", "the " handle " is lent while it is dropped", true)
#else
#define HF_OWNER_SITES_(text)	HF_SITE(HF_MOVED, HF_EMPTY_TEXT_(text))
#define HF_DROP_SITES_(handle)	((const struct hf_violation *)0)
#endif

/* --- axioms -------------------------------------------------------------------------------------
 *
 * Functions whose marks the analysis believes without a look at their bodies.
 */

HF_INLINE void hf_bind_(struct hf_owner *o) HF_CAP_ASSERTS_(*o)
{
	HF_MODEL_BIND_(o);
}

/*
 * Nobody borrows: debug builds count.  @sites come from HF_OWNER_SITES_(): the first is for an empty
 * owner, the second for one that is lent.
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
	void *p;

	HF_MODEL_USE_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
	p = HF_MODEL_MOVE_(o);
	o->ptr_ = NULL;
	return (struct hf_owner){ .ptr_ = p };
}

HF_INLINE struct hf_owner hf_take_(struct hf_owner *place, const struct hf_violation *sites)
	HF_CAP_EXCLUDES_(place->loan)
{
	void *p = place->ptr_;

	hf_unlent_(place, sites);
	place->ptr_ = NULL;
	return (struct hf_owner){ .ptr_ = p };
}

/* A variable that is set owns again. */
HF_INLINE void hf_set_(struct hf_owner *place, struct hf_owner value, const struct hf_violation *leak)
	HF_CAP_ASSERTS_(*place)
{
	hf_require_at(leak, !place->ptr_);
	HF_MODEL_SET_(place);
	place->ptr_ = value.ptr_;
}

/* After hf_set_ok(): the errno says whether a variable owns, and only the run-time check knows. */
HF_INLINE void hf_asserted_(struct hf_owner *place) HF_CAP_ASSERTS_(*place)
{
	HF_MODEL_SET_(place);
}

HF_INLINE struct hf_owner hf_replace_(struct hf_owner *place, struct hf_owner value,
				      const struct hf_violation *sites)
	HF_CAP_ASSERTS_(*place) HF_CAP_EXCLUDES_(place->loan)
{
	struct hf_owner out = hf_take_(place, sites);

	place->ptr_ = value.ptr_;
	return out;
}

/* Who asks has dealt with a variable that may be empty; from here on only the run-time check knows. */
HF_INLINE bool hf_is_empty_(const struct hf_owner *o) HF_CAP_ASSERTS_(*o)
{
	return !o->ptr_;
}

HF_INLINE void *hf_ref_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites)
	HF_CAP_REQUIRES_SHARED_(*o)
{
	HF_MODEL_USE_(o);
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
	HF_MODEL_USE_(o);
	hf_require_at(sites, o->ptr_);
	hf_unlent_(o, sites);
	return o->ptr_;
}

/* Loans are counted through a const owner too, and by several threads at once. */
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
		return (void *)(long)HF_CALLER_ERROR_(-ENOMEM);
	HF_POINTS_(p);
	return p;
}

/*
 * The analysis follows owners that are bound to variables.  Who owns a place, and when, is known by the lock
 * that guards it or the borrow of the structure around it, not by the function at hand: of a place only the
 * run-time checks are asked.  A bare name is a variable; everything else is a place.
 */
#ifdef HF_ANALYZED_
#define HF_ASK_PLACE_(f, attributes)							\
	HF_INLINE void *hf_##f##_place_(const struct hf_owner *o HF_BOUND, const struct hf_violation *sites) attributes \
	{										\
		return hf_##f##_(o, sites);						\
	}
HF_ASK_PLACE_(ref, )
HF_ASK_PLACE_(mut, HF_CAP_EXCLUDES_(o->loan))
HF_ASK_PLACE_(lend, HF_CAP_ACQUIRES_SHARED_(o->loan))
HF_ASK_PLACE_(lend_mut, HF_CAP_EXCLUDES_(o->loan) HF_CAP_ACQUIRES_(o->loan))

#define HF_HAS_(text, c)	(__builtin_strchr(text, c) != NULL)
#define HF_IS_PLACE_(text)								\
	(HF_HAS_(text, '>') || HF_HAS_(text, '.') || HF_HAS_(text, '[') || HF_HAS_(text, '*') || HF_HAS_(text, '('))
/* Clang follows only one way, as the condition is constant. */
#define HF_ASK_(f, o, ...)	(HF_IS_PLACE_(#o) ? hf_##f##_place_(__VA_ARGS__) : hf_##f##_(__VA_ARGS__))
#else
#define HF_ASK_(f, o, ...)	hf_##f##_(__VA_ARGS__)
#endif

/* The operand stands once in what is evaluated, and front doors nest. */
#define HF_LET_HANDLE_(var, o)	HF_NEW_BLOCK_ HF_SHADOW_BEGIN_ __auto_type const var = &(o); HF_SHADOW_END_

/* The sites stand once, also where Clang is given two ways to ask. */
#define HF_LET_SITES_(text)								\
	HF_SHADOW_BEGIN_ const struct hf_violation *const hf_sites_ = HF_OWNER_SITES_(text); HF_SHADOW_END_

/* Not HF_STATIC_CHECK_(): Clang < 16 takes no static data (hf_move() has some) inside a structure. */
#define HF_SAME_HANDLE_(a, b)	HF_SAME_HANDLE_AS_(a, b, #a)
#define HF_SAME_HANDLE_AS_(a, b, text)							\
	((void)__extension__ ({								\
		_Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), \
			       "'" text "' and the new owner are of different types");	\
		0;									\
	}))

/* An exclusive borrow needs a unique owner: arc.h's handles own a const T. */
#define HF_UNIQUE_(o, text, door)							\
	_Static_assert(!__builtin_types_compatible_p(__typeof__((o).type_[0]),		\
						     const __typeof__(*(o).type_[0]) *), \
		       door ": '" text "' is a shared owner, which gives no exclusive borrow"); \
	HF_NOT_CONST_(o, text, door)

/* What is reached through a shared borrow (a pointer to const) or under a read guard is shared itself. */
#define HF_NOT_CONST_(o, text, door)							\
	_Static_assert(__builtin_types_compatible_p(__typeof__(&(o).own), struct hf_owner *), \
		       door ": '" text "' is reached through a shared borrow (const)")
#define HF_CHECK_NOT_CONST_(o, text, door)						\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(&(o).own), struct hf_owner *), \
			 door ": '" text "' is reached through a shared borrow (const)")

/* A borrow needs an owner: what a weak reference refers to may be gone. */
#define HF_STRONG_(o, text, door)							\
	_Static_assert(!__builtin_types_compatible_p(__typeof__((o).type_[0]), struct hf_weak_ *), \
		       door ": '" text "' is a weak reference: use hf_upgrade()")

/* --- operations ---------------------------------------------------------------------------------
 *
 * @o is a variable that hf_let() bound; where it says "or a place", also a field, an element or what a
 * pointer points to.  A global is a place: write it in parentheses.
 */

/**
 * hf_let() - bind an owner to a variable; it is dropped at the end of the scope.
 * @name: as in HF_OWN_DEFINE().
 * @var: the new variable, a `struct name_own`.
 * @init: an owner: a call, hf_move() or hf_take().  May be empty.
 */
#define hf_let(name, var, init)								\
	HF_BINDS_(var)									\
	struct name##_own var HF_CLEANUP(name##_own_drop) = (init);			\
	hf_bind_(&(var).own)

/** hf_empty() - an empty handle of type @kind: packet_own, node_arc, node_weak.  Rust: None. */
#define hf_empty(kind)		((struct kind){ .own = { .ptr_ = NULL } })

/**
 * hf_is_empty() - whether an owner, in a variable or a place, owns nothing.
 *
 * After the question the analysis takes a variable for one that owns; the run-time checks stay.
 */
#define hf_is_empty(o)		hf_is_empty_(&(o).own)

/** hf_move() - move the owner out of variable @o, which is empty then.  Rust: naming it. */
#define hf_move(o)									\
	(HF_CHECK_NOT_CONST_(o, #o, "hf_move"),						\
	 (__typeof__(o)){ .own = hf_move_(&(o).own, HF_OWNER_SITES_(#o)) })

/** hf_take() - move the owner out of a place, which is empty then and may have been.  Rust: Option::take. */
#define hf_take(place)									\
	(HF_CHECK_NOT_CONST_(place, #place, "hf_take"),					\
	 (__typeof__(place)){ .own = hf_take_(&(place).own, HF_OWNER_SITES_(#place)) })

/**
 * hf_set() - move an owner into an empty variable or place.
 * @place: an lvalue.  A violation (leak) if it owns something, which would be lost.
 * @value: an owner of the same type: a call, hf_move() or hf_take().
 */
#define hf_set(place, value)								\
	(HF_CHECK_NOT_CONST_(place, #place, "hf_set"), HF_SAME_HANDLE_(place, value),	\
	 hf_set_(&(place).own, (value).own,						\
		 HF_SITE(HF_LEAK, "'" #place "' still owns what hf_set() would overwrite")))

/**
 * hf_set_ok() - hf_set() with the owner of a result, if there is one.
 * @place: as for hf_set(); on error it stays as it is.
 * @e: an expression that gives a result of an owner.
 *
 * Return: 0 or the negative errno.
 */
#define hf_set_ok(place, e)								\
	hf_must_use_(__extension__ ({							\
		HF_LET_HANDLE_(hf_place_, place)					\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		HF_NOT_CONST_(*hf_place_, #place, "hf_set_ok");				\
		HF_SAME_HANDLE_AS_(*hf_place_, hf_r_.val_, #place);			\
		if (HF_LIKELY(hf_is_ok(hf_r_)))						\
			hf_set_(&hf_place_->own, hf_r_.val_.own,			\
				HF_SITE(HF_LEAK, "'" #place "' still owns what hf_set_ok() would overwrite")); \
		hf_asserted_(&hf_place_->own);						\
		hf_errno(hf_r_);							\
	}))

/** hf_replace() - move an owner into a place, and give the one that was there.  Rust: mem::replace. */
#define hf_replace(place, value)							\
	(HF_CHECK_NOT_CONST_(place, #place, "hf_replace"), HF_SAME_HANDLE_(place, value),	\
	 (__typeof__(place)){ .own = hf_replace_(&(place).own, (value).own, HF_OWNER_SITES_(#place)) })

/** hf_ref() - a shared borrow of @o, a variable or a place, for the expression: `const T *`.  Rust: &*o. */
#define hf_ref(o)		HF_REF_(o, #o)
#define HF_REF_(o, text)								\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, o)						\
		HF_LET_SITES_(text)							\
		HF_STRONG_(*hf_o_, text, "hf_ref");					\
		hf_glance_(&hf_o_->own.loan);						\
		hf_glance_end_(&hf_o_->own.loan);					\
		(const __typeof__(*hf_o_->type_[0]) *)					\
			HF_ASK_(ref, o, &hf_o_->own, hf_sites_);			\
	})

/** hf_mut() - an exclusive borrow of @o, a variable or a place, for the expression: `T *`.  Rust: &mut *o. */
#define hf_mut(o)		HF_MUT_(o, #o)
#define HF_MUT_(o, text)								\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, o)						\
		HF_LET_SITES_(text)							\
		HF_UNIQUE_(*hf_o_, text, "hf_mut");					\
		(__typeof__(*hf_o_->type_[0]) *)					\
			HF_ASK_(mut, o, &hf_o_->own, hf_sites_);			\
	})

/**
 * hf_borrow() - name a shared borrow that lasts until the end of the scope.
 * @r: the new variable, a `const T *`.
 * @o: an owner (own or arc), a variable or a place.  Until then it can be neither moved nor borrowed
 *     exclusively.
 */
#define hf_borrow(r, o)		HF_BORROW_(r, o, #o)
#define HF_BORROW_(r, o, text)								\
	HF_BINDS_(r)									\
	HF_STRONG_(o, text, "hf_borrow");						\
	HF_NEW_BLOCK_									\
	const struct hf_violation *const hf_sites_##r = HF_OWNER_SITES_(text);		\
	const struct hf_owner *const hf_loan_##r HF_CLEANUP(hf_unlend_) = &(o).own;	\
	const __typeof__(*(o).type_[0]) *const r =					\
		HF_ASK_(lend, o, hf_loan_##r, hf_sites_##r)

/** hf_borrow_mut() - name an exclusive borrow, a `T *`; until its scope ends @o is used in no other way. */
#define hf_borrow_mut(m, o)	HF_BORROW_MUT_(m, o, #o)
#define HF_BORROW_MUT_(m, o, text)							\
	HF_BINDS_(m)									\
	HF_UNIQUE_(o, text, "hf_borrow_mut");						\
	HF_NEW_BLOCK_									\
	const struct hf_violation *const hf_sites_##m = HF_OWNER_SITES_(text);		\
	const struct hf_owner *const hf_loan_##m HF_CLEANUP(hf_unlend_mut_) = &(o).own;	\
	__typeof__(*(o).type_[0]) *const m =						\
		HF_ASK_(lend_mut, o, hf_loan_##m, hf_sites_##m)

/** hf_drop() - end what a variable owns now, not at the end of its scope. */
#define hf_drop(name, var)								\
	do {										\
		struct name##_own hf_dropped_ = hf_move(var);				\
											\
		name##_own_drop(&hf_dropped_);						\
	} while (0)

/**
 * hf_drop_ok() - end what the owner in a result owns, if there is one.
 * @kind: the handle: packet_own, node_arc.
 * @e: an expression that gives a `struct kind_result`.
 *
 * For an owner that is not wanted: what a cancelled work item had, what a list gives back.
 *
 * Return: 0 or the negative errno, which need not be used.
 */
#define hf_drop_ok(kind, e)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ struct kind##_result hf_r_ = (e); HF_SHADOW_END_	\
		if (hf_is_ok(hf_r_))							\
			kind##_drop(&hf_r_.val_);					\
		hf_errno(hf_r_);							\
	})

/**
 * hf_new() - allocate a zeroed T.
 * @name: as in HF_OWN_DEFINE(); its drop_fn must cope with a zeroed object and end with hf_free().
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_own_result`; -ENOMEM.
 * Context: may sleep, if @gfp says so.  Rust: KBox::new_zeroed.
 */
#define hf_new(name, gfp)								\
	(HF_MAY_SLEEP_(gfp),								\
	 name##_own_new_(hf_alloc_or_err_(sizeof(*((struct name##_own *)0)->type_[0]), (gfp))))

/* A new object of @new_, initialised in place by @init; in a result of type R, made by @make. */
#define HF_NEW_WITH_(R, new_, make, P, init, arg)					\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		R hf_new_ = (new_);							\
		__typeof__(true ? (init) : (init)) const hf_init_ = (init);		\
		__auto_type const hf_arg_ = (arg);					\
		void *const hf_p_ = hf_is_ok(hf_new_) ? hf_new_.val_.own.ptr_ : NULL;	\
		const int hf_err_ = hf_p_ ? hf_init_((P)hf_p_, hf_arg_) : 0;		\
		HF_SHADOW_END_								\
		if (HF_UNLIKELY(hf_err_))						\
			hf_free(hf_p_);							\
		hf_err_ ? make((void *)(long)hf_errno_check_(hf_err_,			\
				HF_SITE(HF_UNWRAP, #init " gave no negative errno"))) : hf_new_; \
	})

/** hf_free() - free the memory of hf_new(): the last call of a drop_fn. */
#define hf_free(p)		hf_sys_free(p)

/** hf_adopt_unchecked() - make an owner of a pointer.  SAFETY: nobody else owns it. */
#define hf_adopt_unchecked(name, p)	name##_own_adopt_(p)

/**
 * hf_leak() - give the ownership of variable @o up to code that knows nothing of it: a T *.
 *
 * Code that takes it only if its call succeeds is lent it, and has it afterwards:
 *
 *	hf_try_errno(monitor_attach(m, hf_mut(s)));	// on an error s is dropped
 *	(void)hf_leak(s);
 *
 * Rust: KBox::into_raw.
 */
#define hf_leak(o)									\
	((__typeof__((o).type_[0]))hf_move_(&(o).own, HF_OWNER_SITES_(#o)).ptr_)

#endif
