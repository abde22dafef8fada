/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Results: a value or an error.  The value cannot be reached before the error was tested.
 *
 * The bug:
 *
 *	struct page *p = lookup(map, i);	// NULL?  ERR_PTR?  Only the callee's source says.
 *	if (!p)
 *		return -ENOENT;
 *	p->count++;				// an ERR_PTR is not NULL
 *
 * A result says it in its type, draws a warning when it is ignored, and gives the value only to
 * front doors that handle the error:
 *
 *	struct page *p = hf_try(lookup(map, i));
 *	p->count++;
 *
 * Errors are the kernel's: negative errno values.  A function without a value returns a plain int, 0
 * or a negative errno, and is declared HF_MUST_USE; its caller uses hf_try_errno().
 *
 * Every operand of a front door is evaluated exactly once, whether the result failed or not.
 *
 * Rust: Result<T, Error>, Option<T>, `?`.
 */
#ifndef HOLDFAST_RESULT_H
#define HOLDFAST_RESULT_H

#include <holdfast/analysis.h>
#include <holdfast/check.h>
#include <holdfast/sys/analyzer.h>

/** The largest errno, as the kernel's MAX_ERRNO: the range of values that ERR_PTR() takes from pointers. */
#define HF_MAX_ERRNO 4095

/**
 * HF_RESULT_DEFINE() - make `struct name_result`: a T, or a negative errno.
 * @name: names the result type.
 * @T: type of the value, by value.
 *
 * Those of numbers (struct u32_result ...) are in num.h, those of slices and owners come with these.
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
		__extension__ HF_MODEL_EITHER_ {					\
			T *val_;							\
			long err_;							\
		};									\
	}

/**
 * HF_OPTION_DEFINE() - make `struct name_result` for a T that may be absent.
 *
 * An option is a result whose only error is -ENODATA.  All front doors for results take it.
 */
#define HF_OPTION_DEFINE(name, T)	HF_RESULT_DEFINE(name, T)
/** hf_some() - an option with the value @v.  Rust: Some(v). */
#define hf_some(name, v)		hf_ok(name, v)
/** hf_none() - an option without a value.  Rust: None. */
#define hf_none(name)			hf_err(name, -ENODATA)

/** hf_ok() - a `struct name_result` that succeeded with @v. */
#define hf_ok(name, v)									\
	((struct name##_result){ .val_ = (						\
		(void)sizeof(__builtin_choose_expr(HF_FITS_(((struct name##_result *)0)->val_, v), 0,	\
						   *(struct hf_ok_of_a_value_of_another_type *)0)), (v)) })
/* C would take a bare pointer for the first member of an owner, as if there were braces. */
#ifndef __CHECKER__
#define HF_FITS_(place, v)								\
	(__builtin_classify_type(place) != __builtin_classify_type(*(struct hf_any_ *)0) ||	\
	 __builtin_types_compatible_p(__typeof__(place), __typeof__(v)))
#else
#define HF_FITS_(place, v)	1	/* sparse does not know the class of a type */
#endif
struct hf_any_ {
	int any_;
};
struct hf_ok_of_a_value_of_another_type;

/** hf_err() - a `struct name_result` that failed with the negative errno @e. */
#define hf_err(name, e)									\
	((struct name##_result){ .err_ = (						\
		HF_STATIC_CHECK_(HF_CONSTANT_OR_(e, -1) < 0 &&				\
				 HF_CONSTANT_OR_(e, -1) >= -HF_MAX_ERRNO,		\
				 "hf_err: '" #e "' is no negative errno"),		\
		HF_ERROR_(hf_errno_check_((e), HF_SITE(HF_UNWRAP, #e " is no negative errno")))) })

/* An error code that is not an errno must not become a success further up. */
HF_INLINE int hf_errno_check_(int e, const struct hf_violation *site)
{
	if (hf_broken_at(site, e < 0 && e >= -HF_MAX_ERRNO))
		return -EINVAL;
	return e;
}

/* The error is an int beside the value, 0 for success; or it shares a register with the value, as in ERR_PTR(). */
HF_INLINE bool hf_failed_int_(int e)
{
	return e != 0;
}

HF_INLINE bool hf_failed_ptr_(long e)
{
	return (unsigned long)e >= (unsigned long)-HF_MAX_ERRNO;
}

/*
 * The errno, or 0.  The optimiser learns that it is not above 0, and an error below 0.  So a caller that
 * tests the int, be it for != 0 or for < 0, gets one test, and no warning about a variable that has no
 * value where there was an error.
 */
HF_INLINE int hf_errno_int_(int e)
{
	HF_KNOWN_(e <= 0);
	return e;
}

HF_INLINE int hf_errno_ptr_(long e)
{
	int err = 0;

	if (hf_failed_ptr_(e)) {
		err = (int)e;
		HF_KNOWN_(err < 0);
	}
	return err;
}

#define HF_FAILED_ERR_(e)	_Generic((e), int: hf_failed_int_, long: hf_failed_ptr_)(e)
#define HF_ERRNO_ERR_(e)	_Generic((e), int: hf_errno_int_, long: hf_errno_ptr_)(e)
/* Of a variable; an operand would stand twice. */
#define HF_FAILED_(r)		HF_FAILED_ERR_((r).err_)
#define HF_ERRNO_(r)		HF_ERRNO_ERR_((r).err_)

/* Evaluates an operand whose value is not needed.  A cast to void would draw a warning for a HF_MUST_USE function. */
#define HF_DISCARD_(e)									\
	do {										\
		HF_SHADOW_BEGIN_ const __typeof__((void)0, (e)) hf_discarded_ = (e); HF_SHADOW_END_ \
		(void)hf_discarded_;							\
	} while (0)

#define HF_LET_RESULT_(var, e)	HF_SHADOW_BEGIN_ __auto_type var = (e); HF_SHADOW_END_

/**
 * hf_errno() - the error of a result.
 * @r: a result.
 *
 * Return: 0 if it succeeded, else a negative errno.
 */
#define hf_errno(r)									\
	__extension__ ({								\
		HF_LET_RESULT_(hf_e_, (r).err_)						\
		HF_ERRNO_ERR_(hf_e_);							\
	})
/** hf_is_ok() - whether a result has a value.  Rust: Result::is_ok, Option::is_some. */
#define hf_is_ok(r)									\
	__extension__ ({								\
		HF_LET_RESULT_(hf_e_, (r).err_)						\
		!HF_FAILED_ERR_(hf_e_);							\
	})

/* A result of an owner: a structure in the register of its error.  Sparse lacks the builtin. */
#ifdef __CHECKER__
#define HF_NO_HANDLE_(r, text)	((void)0)
#else
#define HF_NO_HANDLE_(r, text)								\
	HF_STATIC_CHECK_(!(__builtin_types_compatible_p(__typeof__((r).err_), long) &&	\
			   __builtin_classify_type((r).val_) == 12), text)
#endif

/**
 * hf_try() - the value of a result; on error, return the error from the calling function.
 * @e: a result.
 *
 * For functions that return int (or a wider signed integer); a function that returns something else
 * uses hf_try_or() or hf_try_in().  Owners bound by hf_let() and guards are dropped on the way out.
 *
 * Rust: `e?`.
 */
#define hf_try(e)									\
	__extension__ ({								\
		HF_LET_RESULT_(hf_r_, e)						\
		if (HF_UNLIKELY(HF_FAILED_(hf_r_)))					\
			HF_RETURN_ERRNO_(HF_MODEL_ERROR_((int)hf_r_.err_));		\
		hf_r_.val_;								\
	})

/** hf_try_in() - as hf_try(), for functions that return `struct name_result`. */
#define hf_try_in(name, e)								\
	__extension__ ({								\
		HF_LET_RESULT_(hf_r_, e)						\
		if (HF_UNLIKELY(HF_FAILED_(hf_r_)))					\
			return (struct name##_result){ .err_ = HF_MODEL_ERROR_((int)hf_r_.err_) }; \
		hf_r_.val_;								\
	})

/**
 * hf_try_or() - the value of a result; on error, return @value from the calling function.
 * @e: a result.
 * @value: what the function returns on error: false, NULL, IRQ_NONE, BLK_STS_IOERR.  Evaluated on
 *         success as well.
 *
 * For functions that do not return an errno.  One that returns nothing uses hf_store_ok().
 *
 * Rust: `let Ok(x) = e else { return value };`.
 */
#define hf_try_or(e, value)								\
	__extension__ ({								\
		HF_LET_RESULT_(hf_r_, e)						\
		if (HF_UNLIKELY(HF_FAILED_(hf_r_)))					\
			HF_RETURN_VALUE_(value);					\
		HF_DISCARD_(value);							\
		hf_r_.val_;								\
	})

/** hf_try_errno() - return @e, an int, from the calling function if it is a negative errno. */
#define hf_try_errno(e)									\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_ret_ = (e); HF_SHADOW_END_		\
		/* Not HF_UNLIKELY(): GCC 12 would not know the condition from hf_store_ok(). */ \
		if (hf_ret_ < 0)							\
			HF_RETURN_ERRNO_(hf_ret_);					\
	} while (0)

/** hf_try_errno_in() - as hf_try_errno(), for functions that return `struct name_result`. */
#define hf_try_errno_in(name, e)							\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_ret_ = (e); HF_SHADOW_END_		\
		if (hf_ret_ < 0)							\
			return (struct name##_result){ .err_ = hf_ret_ };		\
	} while (0)

/** hf_try_errno_or() - as hf_try_errno(), but returns @value, as hf_try_or() does. */
#define hf_try_errno_or(e, value)							\
	do {										\
		HF_SHADOW_BEGIN_ const int hf_ret_ = (e); HF_SHADOW_END_		\
		if (hf_ret_ < 0)							\
			HF_RETURN_VALUE_(value);					\
		HF_DISCARD_(value);							\
	} while (0)

/**
 * hf_store_ok() - assign the value of a result to a place, if there is one.
 * @place: an lvalue of the value's type; keeps what it has on error, so it has no value then if it had none before.
 * @e: a result, but not of an owner: an assignment would lose the owner that the place has, so
 *     this does not compile.  hf_set_ok() puts an owner into an empty place.
 *
 * For a caller that handles the error itself:
 *
 *	err = hf_store_ok(n, hf_read_le16(&r));
 *	if (err)
 *		goto bad_frame;
 *
 * Return: 0 or the negative errno.
 */
#define hf_store_ok(place, e)								\
	hf_must_use_(__extension__ ({							\
		HF_LET_RESULT_(hf_r_, e)						\
		HF_NO_HANDLE_(hf_r_, "hf_store_ok: '" #e "' is the result of an owner: use hf_set_ok()"); \
		HF_SHADOW_BEGIN_							\
		const int hf_err_ = HF_ERRNO_(hf_r_);					\
		HF_SHADOW_END_								\
		/* Not == 0: this suits a caller that tests for != 0, and one that tests for < 0. */ \
		if (hf_err_ >= 0)							\
			(place) = hf_r_.val_;						\
		else									\
			(void)(place);							\
		hf_err_;								\
	}))

/**
 * hf_ok_or() - the value of a result, or @other.
 * @e: a result, but not of an owner: an alternative owner would be lost on success.
 * @other: the alternative.  Evaluated on success as well.
 *
 * Rust: Result::unwrap_or.
 */
#define hf_ok_or(e, other)								\
	__extension__ ({								\
		HF_LET_RESULT_(hf_r_, e)						\
		HF_NO_HANDLE_(hf_r_, "hf_ok_or: '" #e "' is the result of an owner");	\
		!HF_FAILED_(hf_r_) ? (__extension__ ({ HF_DISCARD_(other); }), hf_r_.val_) : (other); \
	})

/**
 * hf_expect() - the value of a result of which the programmer knows that it did not fail.
 * @e: a result.
 * @why: a string literal that says why it cannot have failed.
 *
 * An error is a violation (unwrap) and does not return.  Rust: Result::expect.
 */
#define hf_expect(e, why)								\
	__extension__ ({								\
		HF_LET_RESULT_(hf_r_, e)						\
		hf_require_at(HF_SITE(HF_UNWRAP, #e " failed, though " why), !HF_FAILED_(hf_r_)); \
		hf_r_.val_;								\
	})

/** hf_errname() - the name of an error: "ENOMEM" for -ENOMEM (or ENOMEM), "E?" for an unknown one. */
const char *hf_errname(int err);

#endif
