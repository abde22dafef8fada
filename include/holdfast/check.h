/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Violations: what happens when the programmer breaks a promise.
 *
 * There are two kinds of failure.  What depends on input, memory or a device is an *error*: a value
 * that the caller must test (result.h).  A broken promise - an index that was said to be proven, the
 * use of a moved owner, a token settled twice - is a *violation*.
 *
 * The bug, in a completion handler:
 *
 *	struct request *r = q->table[cqe.command_id];	// the device chose this number
 *	r->done(r);					// and now chooses what is called
 *
 * `hf_at(q->table, cid)` reads nothing outside the table.  It reports the expression, the numbers and
 * the place, and does not return:
 *
 *	holdfast: nvme.c:41: complete(): bounds violation: index cid is outside 'q->table': index 4097, length 4096
 *
 * How a header reports.  A front-door macro makes its place by HF_SITE(), in the user's function.  A typed
 * function (made by an HF_*_DEFINE) or an inline function of a header makes it by HF_CALLER_SITE(): the
 * report then names the place of the call.  Then one of:
 *
 *   hf_require_at(site, cond)               stops unless the promise holds
 *   hf_require_below_at(site, i, len)       stops unless i < len; reports both numbers
 *   hf_require_range_at(site, from, n, len) stops unless [from, from + n) lies within len; reports all three
 *   hf_broken_at(site, cond)                for operations that can fail: reports, and then is true
 *
 * HF_CHECKS chooses how much is checked:
 *   HF_CHECKS_OFF      no violation is detected.  It exists to measure what the checks cost.  Errors
 *                      are values that programs act on, so they are the same in every build.
 *   HF_CHECKS_RELEASE  the default.
 *   HF_CHECKS_DEBUG    also counts loans, remembers lock owners, checks that pinned objects stay
 *                      and poisons freed memory.  It changes the layout of handles and locks.
 * All objects of one program must agree on the level.  In userspace they do not link if they differ.
 *
 * In debug builds every error that Holdfast itself makes can be traced to its place: in userspace by the
 * environment variable HF_TRACE_ERRORS=1, in the kernel by dynamic debug (module holdfast +p).
 *
 * HF_TRAP makes every violation a single trap instruction: the smallest code, and no message.
 */
#ifndef HOLDFAST_CHECK_H
#define HOLDFAST_CHECK_H

#include <holdfast/analysis.h>
#include <holdfast/sys/sys.h>

/** No violation is detected. */
#define HF_CHECKS_OFF		0
/** The default. */
#define HF_CHECKS_RELEASE	1
/** Also what costs memory or time. */
#define HF_CHECKS_DEBUG		2

#ifndef HF_CHECKS
/** How much is checked: defined by the build, the same for a whole program. */
#define HF_CHECKS HF_CHECKS_RELEASE
#endif

#if HF_CHECKS != HF_CHECKS_OFF && HF_CHECKS != HF_CHECKS_RELEASE && HF_CHECKS != HF_CHECKS_DEBUG
#error "HF_CHECKS must be HF_CHECKS_OFF, HF_CHECKS_RELEASE or HF_CHECKS_DEBUG"
#endif

/** Whether this is a debug build. */
#define HF_DEBUG (HF_CHECKS == HF_CHECKS_DEBUG)

/* The library has one of these: objects of two levels do not link. */
#if HF_CHECKS == HF_CHECKS_OFF
#define HF_CHECKS_NAME_ hf_checks_are_off_
#elif HF_CHECKS == HF_CHECKS_RELEASE
#define HF_CHECKS_NAME_ hf_checks_are_release_
#else
#define HF_CHECKS_NAME_ hf_checks_are_debug_
#endif
HF_SYS_REFER(HF_CHECKS_NAME_);

/** Which promise was broken. */
enum hf_violation_kind {
	HF_BOUNDS,	/**< an index or range outside its slice, vector, window or array */
	HF_MOVED,	/**< the use of an owner that is empty, or was moved away */
	HF_LOAN,	/**< a loan that overlaps another, or a move of what is lent */
	HF_LIST,	/**< list membership: foreign removal, double insertion, drop while linked */
	HF_PIN,		/**< an object that must stay was moved or copied */
	HF_REFCOUNT,	/**< a reference count that saturated or came back from zero */
	HF_TOKEN,	/**< an obligation forgotten, or settled twice */
	HF_LOCK,	/**< data touched under no lock, or another lock than its own */
	HF_UNWRAP,	/**< the value of a failed result, or an error code that is none */
	HF_LEAK,	/**< an owner overwritten while it still owned */
	HF_KIND,	/**< an object of another kind than its user says */
};

/** A place that can find a violation.  Constant data: it costs nothing until it is reported. */
struct hf_violation {
	u8 kind;			/**< which promise was broken: an enum hf_violation_kind */
	/** @file and @line are in a header or are those of an HF_*_DEFINE(): the caller says where. */
	bool by_caller;
	int line;			/**< where */
	const char *expr;		/**< what is wrong, with the source text of the variable */
	const char *file;		/**< where */
	const char *func;		/**< where */
};

/** Which numbers a report has. */
enum hf_violation_numbers {
	HF_NO_NUMBERS,
	HF_INDEX_LENGTH,	/**< number[0] is an index, number[1] the length */
	HF_FROM_COUNT_LENGTH,	/**< number[0] is the first index, number[1] the count, number[2] the length */
};

/** A violation that happened: what the hook gets. */
struct hf_violation_report {
	const struct hf_violation *site;	/**< the place that found it */
	/** An address in the function that called or inlined the failed operation, after that call. */
	const void *caller;
	enum hf_violation_numbers numbers;	/**< what is in @number */
	u64 number[3];				/**< the numbers that were wrong */
};

#if HF_DEBUG
/* Debug builds have other layouts: objects of both kinds in one program do not link. */
#define hf_violation(v)				hf_violation_in_debug_build(v)
#define hf_violation_fatal(v)			hf_violation_fatal_in_debug_build(v)
#define hf_violation_index(v, i, len)		hf_violation_index_in_debug_build(v, i, len)
#define hf_violation_range(v, from, n, len)	hf_violation_range_in_debug_build(v, from, n, len)
#endif

/**
 * hf_violation() - report a violation of an operation that can fail.
 * @v: the place.
 *
 * Returns if the policy of the program is to go on; the operation then fails with an error and has
 * touched nothing.  Userspace: calls the hook, whose default prints and aborts.
 *
 * Context: any.
 */
HF_COLD void hf_violation(const struct hf_violation *v);

/**
 * hf_violation_fatal() - report a violation of an operation that cannot fail.
 * @v: the place.
 *
 * Does not return: as Rust's panic does, it stops the program (userspace: abort) or the thread
 * (kernel: BUG).
 *
 * Context: any.
 */
HF_COLD HF_SYS_FATAL void hf_violation_fatal(const struct hf_violation *v);

/** hf_violation_index() - as hf_violation_fatal(): index @i is not below @len. */
HF_COLD HF_SYS_FATAL void hf_violation_index(const struct hf_violation *v, u64 i, u64 len);

/** hf_violation_range() - as hf_violation_fatal(): @n elements from @from on are not all below @len. */
HF_COLD HF_SYS_FATAL void hf_violation_range(const struct hf_violation *v, u64 from, u64 n, u64 len);

/** hf_violation_kind_name() - the kind as a word, for messages: "bounds", "moved"… */
const char *hf_violation_kind_name(enum hf_violation_kind kind);

#ifdef HF_TRAP
#define HF_SITE_(kind_, text_, by_caller_)	((const struct hf_violation *)0)
#define hf_fail_(site)				((void)(site), __builtin_trap())
#define hf_fail_fatal_(site)			((void)(site), __builtin_trap())
#define hf_fail_index_(site, i, len)		((void)(site), (void)(i), (void)(len), __builtin_trap())
#define hf_fail_range_(site, from, n, len)	((void)(site), (void)(from), (void)(n), (void)(len), \
						 __builtin_trap())
#elif HF_CHECKS == HF_CHECKS_OFF
#define HF_SITE_(kind_, text_, by_caller_)	((const struct hf_violation *)0)
#else
#define HF_SITE_(kind_, text_, by_caller_)						\
	__extension__ ({								\
		static const struct hf_violation hf_site_ =				\
			HF_SITE_INIT_(kind_, text_, by_caller_);			\
		&hf_site_;								\
	})
/* The asm keeps the call from becoming a jump, which would report the caller's caller. */
#define hf_fail_(site)								\
	__extension__ ({ hf_violation(site); __asm__ volatile(""); })
#define hf_fail_fatal_(site)			(hf_violation_fatal(site), hf_sys_unreachable())
#define hf_fail_index_(site, i, len)		(hf_violation_index(site, i, len), hf_sys_unreachable())
#define hf_fail_range_(site, from, n, len)						\
	(hf_violation_range(site, from, n, len), hf_sys_unreachable())
#endif

/**
 * HF_SITE() - this place in the source, for a front-door macro: the user's file, line and function.
 * @kind_: an enum hf_violation_kind.
 * @text_: what is wrong, in words that name the variable.
 */
#define HF_SITE(kind_, text_)		HF_SITE_(kind_, text_, false)
/**
 * HF_CALLER_SITE() - the place of an inline function's call, which the report finds out.
 * @kind_: an enum hf_violation_kind.
 * @text_: what is wrong, in words that name the type.
 *
 * Stands in the function that the user calls, not in a helper of it, as the report names that function.
 */
#define HF_CALLER_SITE(kind_, text_)	HF_SITE_(kind_, text_, true)

/**
 * hf_require_at() - stop unless a promise holds.
 * @site: from HF_SITE() or HF_CALLER_SITE().
 * @cond: the promise.  Evaluated under HF_CHECKS_OFF as well, and not tested.
 */
#if HF_CHECKS == HF_CHECKS_OFF
#define hf_require_at(site, cond)	((void)(site), (void)(cond))
#define hf_broken_at(site, cond)	((void)(site), (void)(cond), false)
#else
#define hf_require_at(site, cond)							\
	do {										\
		HF_SHADOW_BEGIN_ const struct hf_violation *const hf_at_ = (site); HF_SHADOW_END_ \
		if (HF_UNLIKELY(!(cond)))						\
			hf_fail_fatal_(hf_at_);						\
	} while (0)
/**
 * hf_broken_at() - true, and reported, if a promise is broken; for operations that can fail.
 * @site: from HF_SITE() or HF_CALLER_SITE().
 * @cond: the promise.
 */
#define hf_broken_at(site, cond)							\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ const struct hf_violation *const hf_at_ = (site); HF_SHADOW_END_ \
		HF_UNLIKELY(!(cond)) ? __extension__ ({ hf_fail_(hf_at_); true; }) : false; \
	})
#endif

/**
 * hf_require_below_at() - stop unless an index is below a length; the report has both numbers.
 * @site: from HF_SITE() or HF_CALLER_SITE().
 * @i: the index, not truncated before.  One that does not fit size_t reaches here, and the report, as the
 *     largest size_t.
 * @len: the length.
 */
HF_INLINE void hf_require_below_at(const struct hf_violation *site, u64 i, u64 len)
{
#if HF_CHECKS != HF_CHECKS_OFF
	if (HF_UNLIKELY(i >= len))
		hf_fail_index_(site, i, len);
#else
	(void)site;
	(void)i;
	(void)len;
#endif
}

/**
 * hf_require_range_at() - stop unless @n elements from @from on are below a length.
 * @site: from HF_SITE() or HF_CALLER_SITE().
 * @from: the first index.
 * @n: how many; 0 is inside if @from is not above @len.
 * @len: the length.
 */
HF_INLINE void hf_require_range_at(const struct hf_violation *site, u64 from, u64 n, u64 len)
{
#if HF_CHECKS != HF_CHECKS_OFF
	if (HF_UNLIKELY(from > len || n > len - from))
		hf_fail_range_(site, from, n, len);
#else
	(void)site;
	(void)from;
	(void)n;
	(void)len;
#endif
}

/**
 * hf_require() - stop unless a promise holds.
 * @kind: an enum hf_violation_kind.
 * @cond: the promise.  Evaluated under HF_CHECKS_OFF as well, and not tested.
 */
#define hf_require(kind, cond)	hf_require_at(HF_SITE(kind, "not true: " #cond), cond)
/** hf_broken() - as hf_require(), for operations that can fail: true if the promise is broken. */
#define hf_broken(kind, cond)	hf_broken_at(HF_SITE(kind, "not true: " #cond), cond)

/*
 * HF_ERROR_() - the errno @e that a front-door macro gives; HF_CALLER_ERROR_() - that an inline function
 * gives, by the rule of HF_CALLER_SITE().  Debug builds trace it.  Elsewhere this is @e, so that it may stand
 * where a constant does.  The asm keeps the call from becoming a jump.
 */
#if HF_DEBUG
HF_COLD int hf_error_made_(int err, const char *file, int line, const char *func);
#define HF_ERROR_AT_(e, file, line)							\
	__extension__ ({								\
		int hf_made_ = hf_error_made_((e), file, line, __func__);		\
		__asm__ volatile("" : "+r"(hf_made_));					\
		/* As the constant tells it in other builds. */				\
		HF_KNOWN_(hf_made_ < 0);						\
		hf_made_;								\
	})
#define HF_ERROR_(e)		HF_ERROR_AT_(e, __FILE__, __LINE__)
#define HF_CALLER_ERROR_(e)	HF_ERROR_AT_(e, NULL, 0)
#else
#define HF_ERROR_(e)		(e)
#define HF_CALLER_ERROR_(e)	(e)
#endif

#define HF_SITE_INIT_(kind_, text_, by_caller_)						\
	{ .kind = (kind_), .line = __LINE__, .expr = (text_), .file = __FILE__, .func = __func__, \
	  .by_caller = (by_caller_) }

/* A compile-time assertion that is an expression.  The condition must be an integer constant. */
#define HF_STATIC_CHECK_(cond, text)							\
	((void)sizeof(struct { _Static_assert(cond, text); int hf_unused_; }))

/* 1 if x is an integer constant expression: not just a value that the optimiser happens to know. */
#define HF_IS_CONSTANT_(x)								\
	_Generic(8 ? ((void *)((long)(x) * 0L)) : (int *)8, int *: 1, void *: 0)
/* x if it is an integer constant expression, else a given constant; itself always one. */
#define HF_CONSTANT_OR_(x, other)	__builtin_choose_expr(HF_IS_CONSTANT_(x), (x), (other))
#define HF_CONSTANT_OR_0_(x)		HF_CONSTANT_OR_(x, 0)

#endif
