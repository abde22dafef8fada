/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Violations: what happens when the programmer broke a promise.
 *
 * Two kinds of failure are kept apart.  What depends on input, memory or a device is an *error*: a
 * value that the caller must look at (result.h).  A broken promise - an index that was "already
 * proven", the use of a moved owner, a token settled twice - is a *violation*.  Every violation of
 * the whole library ends in one of two functions, out of line and cold:
 *
 *   hf_violation()        for operations that can also fail: reports, then the caller gets an error
 *   hf_violation_fatal()  for operations that cannot: does not return
 *
 * Take the bug that this prevents, in a completion handler:
 *
 *	struct request *r = q->table[cqe.command_id];	// the device chose this number
 *	r->done(r);					// ... and now chooses what is called
 *
 * With `hf_at(q->table, cid)` an index past the end stops here, with the expression, the file, the
 * line and the function, before anything was read.
 *
 * HF_CHECKS chooses how much is checked:
 *   HF_CHECKS_OFF      no violation is detected.  It exists to measure what the checks cost.  Errors
 *                      are values that programs act on, so they are the same in every build.
 *   HF_CHECKS_RELEASE  the default.
 *   HF_CHECKS_DEBUG    also counts loans, remembers lock owners, checks that pinned objects stay
 *                      and poisons freed memory.  It changes the layout of handles and locks, so
 *                      all objects of one program must agree on it, or they do not link.
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
	HF_DMA,		/**< a buffer touched by the side that does not hold it */
};

/** One place that can find a violation.  Constant data: it costs nothing until it is reported. */
struct hf_violation {
	enum hf_violation_kind kind;	/**< which promise was broken */
	int line;			/**< where */
	const char *expr;		/**< what is wrong, with the source text of the variable */
	const char *file;		/**< where */
	const char *func;		/**< where */
};

#if HF_DEBUG
/* Debug builds have other layouts: objects of both kinds in one program do not link. */
#define hf_violation(v)		hf_violation_in_debug_build(v)
#define hf_violation_fatal(v)	hf_violation_fatal_in_debug_build(v)
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

/** hf_violation_kind_name() - the kind as a word, for messages: "bounds", "moved"… */
const char *hf_violation_kind_name(enum hf_violation_kind kind);

#ifdef HF_TRAP
#define HF_SITE(kind_, text_)	((const struct hf_violation *)0)
#define hf_fail_(site)		((void)(site), __builtin_trap())
#define hf_fail_fatal_(site)	((void)(site), __builtin_trap())
#elif HF_CHECKS == HF_CHECKS_OFF
#define HF_SITE(kind_, text_)	((const struct hf_violation *)0)
#define hf_fail_(site)		((void)(site))
#define hf_fail_fatal_(site)	__builtin_unreachable()
#else
/**
 * HF_SITE() - this place in the source, for hf_require_at().
 * @kind_: an enum hf_violation_kind.
 * @text_: what is wrong, in words that name the variable.
 *
 * A front-door macro uses it where the user wrote the macro; a typed function gives its own name.
 */
#define HF_SITE(kind_, text_)								\
	__extension__ ({								\
		static const struct hf_violation hf_site_ = HF_SITE_INIT_(kind_, text_); \
		&hf_site_;								\
	})
#define hf_fail_(site)		hf_violation(site)
#define hf_fail_fatal_(site)	(hf_violation_fatal(site), hf_sys_unreachable())
#endif

/**
 * hf_require_at() - stop unless a promise holds; the blame goes to a place handed in.
 * @site: from HF_SITE(), made by the front door in the user's function.
 * @cond: the promise.
 */
#if HF_CHECKS == HF_CHECKS_OFF
#define hf_require_at(site, cond)	((void)(site), (void)sizeof(!(cond)))
#define hf_broken_at(site, cond)	((void)(site), (void)sizeof(!(cond)), false)
#else
#define hf_require_at(site, cond)							\
	do {										\
		if (HF_UNLIKELY(!(cond)))						\
			hf_fail_fatal_(site);						\
	} while (0)
/**
 * hf_broken_at() - true, and reported, if a promise is broken; for operations that can fail.
 * @site: from HF_SITE().
 * @cond: the promise.
 */
#define hf_broken_at(site, cond)							\
	(HF_UNLIKELY(!(cond)) ? __extension__ ({ hf_fail_(site); true; }) : false)
#endif

/**
 * hf_require() - stop unless a promise holds.
 * @kind: an enum hf_violation_kind.
 * @cond: the promise; not evaluated under HF_CHECKS_OFF.
 */
#define hf_require(kind, cond)	hf_require_at(HF_SITE(kind, "not true: " #cond), cond)
/** hf_broken() - as hf_require(), for operations that can fail: true if the promise is broken. */
#define hf_broken(kind, cond)	hf_broken_at(HF_SITE(kind, "not true: " #cond), cond)

#define HF_SITE_INIT_(kind_, text_)							\
	{ .kind = (kind_), .line = __LINE__, .expr = (text_), .file = __FILE__, .func = __func__ }

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
