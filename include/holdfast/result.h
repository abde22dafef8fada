/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Results: a value or an error, and no way to the value but past the error.
 *
 * The bug:
 *
 *	struct page *p = lookup(map, i);	// NULL?  ERR_PTR?  Read the callee to know.
 *	if (!p)
 *		return -ENOENT;
 *	p->count++;				// an ERR_PTR is not NULL
 *
 * With a result the type says it, an ignored one is a warning, and the value is out of reach until
 * the error was dealt with:
 *
 *	struct page *p = hf_try(lookup(map, i));
 *	p->count++;
 *
 * Errors are the kernel's: negative errno values.  A function without a value returns a plain int,
 * 0 or a negative errno, and is declared HF_MUST_USE; use it through hf_try_errno().
 *
 * Rust: Result<T, Error>, Option<T>, `?`.
 */
#ifndef HOLDFAST_RESULT_H
#define HOLDFAST_RESULT_H

#include <holdfast/analysis.h>
#include <holdfast/check.h>

/** The largest errno: the kernel's MAX_ERRNO, the range that ERR_PTR reserves in a pointer. */
#define HF_MAX_ERRNO 4095

/**
 * HF_RESULT_DEFINE() - make `struct name_result`: a T, or a negative errno.
 * @name: names the result type.
 * @T: type of the value, by value.
 */
#define HF_RESULT_DEFINE(name, T)							\
	HF_MUST_USE_TYPE(name##_result) {						\
		T val_;									\
		int err_;								\
	}

/**
 * HF_PTR_RESULT_DEFINE() - make `struct name_result` in one register: a T * or a negative errno.
 * @name: names the result type.
 * @T: what is pointed to.
 *
 * The same encoding as the kernel's ERR_PTR().  NULL is a value, not an error.
 */
#define HF_PTR_RESULT_DEFINE(name, T)							\
	HF_MUST_USE_TYPE(name##_result) {						\
		__extension__ union {							\
			T *val_;							\
			long err_;							\
		};									\
	}

/**
 * HF_OPTION_DEFINE() - make `struct name_result` and the constructors' names for "maybe a T".
 *
 * An option is a result whose only error is -ENODATA, so that everything below works on it too.
 */
#define HF_OPTION_DEFINE(name, T)	HF_RESULT_DEFINE(name, T)
/** hf_some() - an option that has a value. */
#define hf_some(name, v)		hf_ok(name, v)
/** hf_none() - an option that has none. */
#define hf_none(name)			hf_err(name, -ENODATA)

/** hf_ok() - a `struct name_result` that succeeded with @v. */
#define hf_ok(name, v)		((struct name##_result){ .val_ = (v) })
/** hf_err() - a `struct name_result` that failed with the negative errno @e. */
#define hf_err(name, e)									\
	((struct name##_result){ .err_ = (						\
		HF_STATIC_CHECK_(HF_CONSTANT_OR_(e, -1) < 0 &&				\
				 HF_CONSTANT_OR_(e, -1) >= -HF_MAX_ERRNO,		\
				 "hf_err: '" #e "' is no negative errno"),		\
		HF_ERROR_(hf_errno_check_((e), HF_SITE(HF_UNWRAP, #e " is no negative errno")))) })

/* An error that is no errno must not turn into a success on its way up. */
HF_INLINE int hf_errno_check_(int e, const struct hf_violation *site)
{
	if (hf_broken_at(site, e < 0 && e >= -HF_MAX_ERRNO))
		return -EINVAL;
	return e;
}

/* A value and an int hold 0 for success; one register holds an errno in the range of ERR_PTR. */
HF_INLINE bool hf_failed_int_(int e)
{
	return e != 0;
}

HF_INLINE bool hf_failed_ptr_(long e)
{
	return (unsigned long)e >= (unsigned long)-HF_MAX_ERRNO;
}

#define HF_FAILED_(r)		_Generic((r).err_, int: hf_failed_int_, long: hf_failed_ptr_)((r).err_)

/**
 * hf_errno() - the error of a result.
 * @r: a result.
 *
 * Return: 0 if it succeeded, else a negative errno.
 */
#define hf_errno(r)		(HF_FAILED_(r) ? (int)(r).err_ : 0)
/** hf_is_ok() - whether a result has a value.  Rust: Result::is_ok, Option::is_some. */
#define hf_is_ok(r)		(!HF_FAILED_(r))

/**
 * hf_try() - the value of a result; on error, return it from the calling function.
 * @e: an expression that gives a result; evaluated once.
 *
 * For functions that return int.  Owners bound with hf_let() and guards are dropped on the way out.
 * Rust: `e?`.
 */
#define hf_try(e)									\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		if (HF_UNLIKELY(!hf_is_ok(hf_r_)))					\
			return (int)hf_r_.err_;					\
		hf_r_.val_;								\
	})

/** hf_try_in() - as hf_try(), for functions that return `struct name_result`. */
#define hf_try_in(name, e)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		if (HF_UNLIKELY(!hf_is_ok(hf_r_)))					\
			return (struct name##_result){ .err_ = (int)hf_r_.err_ };	\
		hf_r_.val_;								\
	})

/** hf_try_errno() - return from the calling function if @e, an int, is a negative errno. */
#define hf_try_errno(e)									\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_ret_ = (e); HF_SHADOW_END_		\
		if (HF_UNLIKELY(hf_ret_ < 0))						\
			return hf_ret_;							\
	} while (0)

/** hf_try_errno_in() - as hf_try_errno(), for functions that return `struct name_result`. */
#define hf_try_errno_in(name, e)							\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_ret_ = (e); HF_SHADOW_END_		\
		if (HF_UNLIKELY(hf_ret_ < 0))						\
			return (struct name##_result){ .err_ = hf_ret_ };		\
	} while (0)

/**
 * hf_store_ok() - put the value of a result into a place, if there is one.
 * @place: an lvalue of the value's type; not touched on error.
 * @e: an expression that gives a result; evaluated once.
 *
 * Where the error must be handled here:
 *
 *	err = hf_store_ok(n, hf_read_le16(&r));
 *	if (err)
 *		goto bad_frame;
 *
 * Return: 0 or the negative errno.
 */
#define hf_store_ok(place, e)								\
	hf_must_use_(__extension__ ({							\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		if (HF_LIKELY(hf_is_ok(hf_r_)))						\
			(place) = hf_r_.val_;						\
		hf_errno(hf_r_);							\
	}))

/** hf_ok_or() - the value of a result, or @other.  Rust: Result::unwrap_or. */
#define hf_ok_or(e, other)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		hf_is_ok(hf_r_) ? hf_r_.val_ : (other);					\
	})

/**
 * hf_expect() - the value of a result that the programmer promises is there.
 * @e: an expression that gives a result; evaluated once.
 * @why: a string that says why it cannot fail.
 *
 * An error is a violation (unwrap) and stops.  Rust: Result::expect.
 */
#define hf_expect(e, why)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type hf_r_ = (e); HF_SHADOW_END_		\
		hf_require_at(HF_SITE(HF_UNWRAP, #e " failed, though " why), hf_is_ok(hf_r_));	\
		hf_r_.val_;								\
	})

/** hf_errname() - the name of an error: "ENOMEM" for -ENOMEM (or ENOMEM); "E?" if it has none. */
const char *hf_errname(int err);

#endif
