/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Obligations that must be settled exactly once.
 *
 * The bug (libgbinder, and many a block driver): a path returns early and never completes the request, frees
 * the buffer or gives the identifier back.  Nothing crashes; one identifier fewer is left, and at last none.
 *
 *	HF_TOKEN_DEFINE(cid, u16);
 *	HF_RESULT_DEFINE(cid, struct cid_token);	// result.h: what cid_alloc() gives
 *
 *	hf_owe(cid, t, hf_try(cid_alloc(q)));
 *	if (bad)
 *		return -EINVAL;		// does not compile on Clang >= 22; a violation elsewhere
 *	cid_free(q, hf_settle(t));
 *
 * An owner may be dropped at the end of a scope; a token may not.  It is settled, by hf_settle(), or passed on
 * to somebody who then owes it, by hf_pass().  Like an owner it moves and nothing else: assigning a token, or
 * a structure that contains one, does not compile.  In a field nobody watches it: the drop function of the object says
 * by hf_token_fini() that it was settled.
 *
 * Rust: a #[must_use] type cannot say this; mq::Request's states come close.
 */
#ifndef HOLDFAST_TOKEN_H
#define HOLDFAST_TOKEN_H

#include <holdfast/check.h>

/* The obligation itself. */
struct HF_CAPABILITY_("duty of") hf_due {
	bool owed_;
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char moves_only_[0];
};

/**
 * HF_TOKEN_DEFINE() - make `struct name_token`: an obligation that carries a T.
 * @name: names the type.
 * @T: what is owed: an identifier, a pointer.  A zeroed token owes nothing.
 */
#define HF_TOKEN_DEFINE(name, T)							\
	HF_MUST_USE_TYPE(name##_token) {						\
		T val_;									\
		struct hf_due due;							\
	}

HF_INLINE void hf_due_begin_(const struct hf_due *d) HF_CAP_ACQUIRES_(*d)
{
	(void)d;
}

HF_INLINE void hf_due_settle_(struct hf_due *d, const struct hf_violation *twice) HF_CAP_RELEASES_(*d)
{
	hf_require_at(twice, d->owed_);
	d->owed_ = false;
}

HF_INLINE void hf_due_set_(struct hf_due *place, struct hf_due due, const struct hf_violation *leak)
{
	hf_require_at(leak, !place->owed_);
	place->owed_ = due.owed_;
}

struct hf_due_watch_ {
	const struct hf_due *due;
	const struct hf_violation *forgotten;
};

HF_INLINE void hf_due_fini_(const struct hf_due *due, const struct hf_violation *forgotten)
{
	hf_require_at(forgotten, !due->owed_);
}

HF_INLINE void hf_due_end_(const struct hf_due_watch_ *w)
{
	hf_due_fini_(w->due, w->forgotten);
}

#define HF_TWICE_SITE_(t)	HF_SITE(HF_TOKEN, "'" #t "' is not owed: settled before, or never taken")

/** hf_oblige() - a new `struct name_token` that owes @v. */
#define hf_oblige(name, v)	((struct name##_token){ .val_ = (v), .due = { .owed_ = true } })

/**
 * hf_owe() - bind an obligation to a variable; it must be settled or passed on before the scope ends.
 * @name: as in HF_TOKEN_DEFINE().
 * @var: the new variable.
 * @init: a token: a call, hf_oblige(), hf_pass() or hf_token_take().
 */
#define hf_owe(name, var, init)								\
	HF_BINDS_(var)									\
	struct name##_token var = (init);						\
	const struct hf_due_watch_ hf_watch_##var HF_CLEANUP(hf_due_end_) = {		\
		&(var).due, HF_SITE(HF_TOKEN, "'" #var "' was not settled before its scope ended") }; \
	(void)hf_watch_##var;								\
	hf_due_begin_(&(var).due)

/** hf_owed() - whether a token (in a field) is owed. */
#define hf_owed(t)		((t).due.owed_)

/** hf_token_value() - the T of a token that is owed, and stays so. */
#define hf_token_value(t)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ const __typeof__(t) *const hf_t_ = &(t); HF_SHADOW_END_ \
		hf_require_at(HF_TWICE_SITE_(t), hf_t_->due.owed_);			\
		hf_t_->val_;								\
	})

/** hf_settle() - the obligation of variable @t is met; gives its T.  A second time is a violation. */
#define hf_settle(t)									\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_ __typeof__(t) *const hf_t_ = &(t); HF_SHADOW_END_	\
		hf_due_settle_(&hf_t_->due, HF_TWICE_SITE_(t));				\
		hf_t_->val_;								\
	})

/** hf_pass() - give the obligation of variable @t, as a token, to somebody else. */
#define hf_pass(t)									\
	__extension__ ({								\
		HF_NEW_BLOCK_								\
		HF_SHADOW_BEGIN_							\
		__typeof__(t) *const hf_t_ = &(t);					\
		/* A copy of the whole: an initialiser of its members confuses sparse if T is a structure. */ \
		__typeof__(t) hf_passed_ = *hf_t_;					\
		HF_SHADOW_END_								\
		hf_due_settle_(&hf_t_->due, HF_TWICE_SITE_(t));				\
		hf_passed_;								\
	})

/** hf_token_take() - take a token, owed or not, out of a field, which then owes nothing. */
#define hf_token_take(place)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		__typeof__(place) *const hf_t_ = &(place);				\
		__typeof__(place) hf_taken_ = *hf_t_;					\
		HF_SHADOW_END_								\
		hf_t_->due.owed_ = false;						\
		hf_taken_;								\
	})

/** hf_token_set() - put a token into a field; a violation (token) if one is owed there already. */
#define hf_token_set(place, token)							\
	do {										\
		HF_SHADOW_BEGIN_							\
		__typeof__(place) *const hf_place_ = &(place);				\
		__typeof__(place) hf_token_ = (token);					\
		HF_SHADOW_END_								\
		hf_due_set_(&hf_place_->due, hf_token_.due,				\
			    HF_SITE(HF_TOKEN, "'" #place "' already owes"));		\
		hf_place_->val_ = hf_token_.val_;					\
	} while (0)

/**
 * hf_token_fini() - end a field, before its object is freed; a violation (token) if it owes something.
 *
 * For drop functions, as hf_link_fini() is: whoever completed or cancelled the object has taken the token.
 */
#define hf_token_fini(place)	hf_due_fini_(&(place).due, HF_SITE(HF_TOKEN, "'" #place "' owes something when it ends"))

#endif
