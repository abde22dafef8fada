/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Owners that travel through a `void *` of somebody else's structure.
 *
 * The bug: one function stores a pointer, another one believes to know what it was.
 *
 *	file->private_data = ctx;			// in open()
 *	...
 *	struct session *s = file->private_data;		// in read(): but it was a struct ctx
 *
 * And nothing says who frees it, or that the structure may hold a reference that is put by nobody.
 *
 * Here such a member has a name, which knows what it owns:
 *
 *	HF_FOREIGN_DEFINE(session_of, session_arc, struct file, private_data);
 *	HF_FOREIGN_BY_DEFINE(edu_of, edu_own, struct device, dev_get_drvdata, dev_set_drvdata);
 *
 *	hf_foreign_store(session_of, file, hf_move(s));			// in open()
 *	const struct session *s = hf_foreign_ref(session_of, file);	// in read()
 *	hf_let_arc(session, s, hf_try(hf_foreign_take(session_of, file)));	// in release(): put at the end
 *
 * The `void *` itself is never seen.  Whoever has the structure, by the rules of those who made it, has what its member
 * owns: a borrow must not be kept beyond the call, and nobody else uses the structure while it is taken.
 *
 * Rust: ForeignOwnable.
 */
#ifndef HOLDFAST_FOREIGN_H
#define HOLDFAST_FOREIGN_H

#include <holdfast/own.h>

/**
 * HF_FOREIGN_DEFINE() - give a `void *` member of a structure an owner's type.
 * @name: names it.
 * @handle: what the member owns, without `struct`: packet_own, node_arc.
 * @S: the structure, a complete type.
 * @member: its member.  NULL owns nothing.
 */
#define HF_FOREIGN_DEFINE(name, handle, S, member)					\
	_Static_assert(__builtin_types_compatible_p(__typeof__(((S *)0)->member), void *), \
		       "HF_FOREIGN_DEFINE: '" #member "' is no void *");		\
	HF_INLINE void *name##_get_(const S *s)						\
	{										\
		return s->member;							\
	}										\
	HF_INLINE void name##_set_(S *s, void *p)					\
	{										\
		s->member = p;								\
	}										\
	HF_FOREIGN_BY_DEFINE(name, handle, S, name##_get_, name##_set_)

/**
 * HF_FOREIGN_BY_DEFINE() - the same for a pointer that is reached by two functions.
 * @name: names it.
 * @handle: what the pointer owns, without `struct`.
 * @S: the structure.
 * @get: void *(S *) or void *(const S *): NULL, if it owns nothing.
 * @set: void (S *, void *).
 */
#define HF_FOREIGN_BY_DEFINE(name, handle, S, get, set)					\
	typedef S name##_place_;							\
	HF_INLINE void name##_store_(S *s, struct handle h)				\
	{										\
		hf_require_at(HF_CALLER_SITE(HF_LEAK, "the place of " #name " still owns what would be overwritten"), \
			      !get(s));							\
		set(s, h.own.ptr_);							\
	}										\
	HF_INLINE struct handle##_result name##_take_(S *s)				\
	{										\
		struct hf_owner o = { .ptr_ = get(s) };					\
											\
		if (!o.ptr_)								\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(-ENOENT) }); \
		HF_POINTS_(o.ptr_);							\
		set(s, NULL);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = HF_MODEL_MOVE_(&o) } } }; \
	}										\
	HF_INLINE __typeof__(((struct handle *)0)->type_[0]) name##_borrow_(const S *s HF_BOUND) \
	{										\
		__typeof__(((struct handle *)0)->type_[0]) p = get((S *)(unsigned long)s); \
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "the place of " #name " owns nothing: it was not stored, or was taken"), \
			      p);							\
		return p;								\
	}										\
	enum {										\
		name##_shares_ = HF_SHARES_(handle)						\
	}

#define HF_FOREIGN_CHECK_(name, s, text, door)						\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(*(s)), name##_place_),	\
			 door ": '" text "' is no pointer to the structure of " #name)

/**
 * hf_foreign_store() - move an owner into a foreign structure.
 * @name: as in HF_FOREIGN_DEFINE() or HF_FOREIGN_BY_DEFINE().
 * @s: the structure, an `S *`.  A violation (leak) if it owns something already.
 * @h: a handle: hf_move(), hf_take(), hf_clone().
 *
 * Context: any, or that of the function that sets.  Rust: ForeignOwnable::into_foreign.
 */
#define hf_foreign_store(name, s, h)							\
	(HF_FOREIGN_CHECK_(name, s, #s, "hf_foreign_store"), name##_store_((s), (h)))

/**
 * hf_foreign_take() - move the owner out of a foreign structure.
 * @name: as for hf_foreign_store().
 * @s: the structure, an `S *`.
 *
 * Borrows that hf_foreign_ref() and hf_foreign_mut() gave end here.
 *
 * Return: a `struct handle_result`; -ENOENT, if it owns nothing.
 * Context: any, or that of the functions that get and set.  Rust: ForeignOwnable::from_foreign.
 */
#define hf_foreign_take(name, s)							\
	(HF_FOREIGN_CHECK_(name, s, #s, "hf_foreign_take"), name##_take_(s))

/**
 * hf_foreign_ref() - a shared borrow of what a foreign structure owns.
 * @name: as for hf_foreign_store().
 * @s: the structure, an `S *` or `const S *`.  A violation (moved) if it owns nothing.
 *
 * Return: a `const T *`.
 * Context: any, or that of the function that gets.  Rust: ForeignOwnable::borrow.
 */
#define hf_foreign_ref(name, s)								\
	((const __typeof__(*name##_borrow_(NULL)) *)(HF_FOREIGN_CHECK_(name, s, #s, "hf_foreign_ref"), name##_borrow_(s)))

/**
 * hf_foreign_mut() - an exclusive borrow of what a foreign structure owns alone.
 * @name: as for hf_foreign_store(), of a unique owner.
 * @s: the structure, an `S *`, which nobody else uses.  A violation (moved) if it owns nothing.
 *
 * Return: a `T *`.
 * Context: any, or that of the function that gets.  Rust: ForeignOwnable::borrow_mut.
 */
#define hf_foreign_mut(name, s)								\
	(HF_FOREIGN_CHECK_(name, s, #s, "hf_foreign_mut"),				\
	 HF_STATIC_CHECK_(!name##_shares_, "hf_foreign_mut: " #name " is a shared owner, which gives no exclusive borrow"), \
	 HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(&*(s)), name##_place_ *), \
			  "hf_foreign_mut: '" #s "' is reached through a shared borrow (const)"), \
	 name##_borrow_(s))

#endif
