/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Marks that let stock Clang (>= 22) check ownership, loans, duties and locks at compile time.
 *
 *	send(hf_move(p));
 *	peek(hf_ref(p));
 *
 *	warning: calling function 'hf_ref_' requires holding ownership of 'p.own'
 *
 * Clang's thread-safety analysis follows *capabilities* through the control flow of a function.  A
 * lock is one; so, here, is the ownership of an object, a loan of it, and the duty to settle a
 * token.  The marks take no space and emit no code.  Switch the analysis on with
 *
 *	-Wthread-safety -Wthread-safety-beta -Wthread-safety-pointer
 *
 * holdfast-check does, with what other tools see.  -DHF_NO_ANALYSIS leaves the marks out.
 *
 * Other compilers, and older Clangs, which lack reentrant capabilities and do not see through
 * `cleanup`, get empty marks; the run-time checks stay.
 *
 *   ownership  *asserted* when an owner is bound, and released when it is moved.  As it is asserted and not
 *              acquired, a scope may end with it: the owner is dropped there.  Where two paths meet it
 *              survives only if both have it: maybe moved counts as moved.
 *   loan       held, shared or exclusive, while a named borrow is in scope.
 *   duty       acquired when a token is bound.  A path that forgets the token ends the function "still
 *              holding" the duty, which is an error.
 *
 * The functions of the library that carry the marks are not analysed themselves: the analysis takes their
 * marks as axioms.
 */
#ifndef HOLDFAST_ANALYSIS_H
#define HOLDFAST_ANALYSIS_H

#include <holdfast/sys/compiler.h>
#include <holdfast/sys/sys.h>

#if defined(__clang__) && __clang_major__ >= 22 && !defined(HF_NO_ANALYSIS)
#define HF_ANALYZED_		1
#define HF_ANALYSIS_(x)		__attribute__((x))
#else
#define HF_ANALYSIS_(x)
#endif

/** The function's own body is not analysed. */
#define HF_UNANALYZED		HF_ANALYSIS_(no_thread_safety_analysis)
/* The type is a capability; messages call it @name. */
#define HF_CAPABILITY_(name)	HF_ANALYSIS_(capability(name))
/* The capability may be held more than once. */
#define HF_REENTRANT_		HF_ANALYSIS_(reentrant_capability)

/* What a function does to a capability of its caller.  Drivers use lock.h's HF_REQUIRES and HF_EXCLUDES. */
/* Held from the call on; a scope may end with it. */
#define HF_CAP_ASSERTS_(...)		HF_ANALYSIS_(assert_capability(__VA_ARGS__))
/* Held from the call on; it must be released. */
#define HF_CAP_ACQUIRES_(...)	HF_ANALYSIS_(acquire_capability(__VA_ARGS__))
/* The same, shared with other holders. */
#define HF_CAP_ACQUIRES_SHARED_(...)	HF_ANALYSIS_(acquire_shared_capability(__VA_ARGS__))
/* Must be held; no longer held after the call. */
#define HF_CAP_RELEASES_(...)	HF_ANALYSIS_(release_capability(__VA_ARGS__))
/* The same, of a capability that is held shared. */
#define HF_CAP_RELEASES_SHARED_(...)	HF_ANALYSIS_(release_shared_capability(__VA_ARGS__))
/* Must be held. */
#define HF_CAP_REQUIRES_(...)		HF_ANALYSIS_(requires_capability(__VA_ARGS__))
/* Must be held, at least shared. */
#define HF_CAP_REQUIRES_SHARED_(...)	HF_ANALYSIS_(requires_shared_capability(__VA_ARGS__))
/* Must not be held. */
#define HF_CAP_EXCLUDES_(...)		HF_ANALYSIS_(locks_excluded(__VA_ARGS__))

/* The contexts: a guard that spins is held, or none is.  Never defined: the analysis needs only their names. */
#ifdef HF_ANALYZED_
__extension__ struct HF_CAPABILITY_("context") HF_REENTRANT_ hf_context_ {
};
extern struct hf_context_ hf_spinning, hf_not_spinning_;
#endif

/** HF_SLEEPS - on a function: it may sleep, so its caller must hold no guard that spins. */
#define HF_SLEEPS		HF_CAP_EXCLUDES_(hf_spinning)
/**
 * HF_ATOMIC - on a function: it runs where it must not sleep, as interrupt handlers and timers do.
 *
 * In it, as under a guard that spins, nothing is called that may sleep.  Its caller is such a function or holds
 * such a guard: a handler that is called by hand with interrupts on may deadlock with itself.
 */
#define HF_ATOMIC		HF_CAP_REQUIRES_SHARED_(hf_spinning)

/*
 * On a parameter, for Clang's lifetime analysis.  Clang >= 23 follows pointers through variables, but in C
 * not through structures that contain one.  Of structures, and before Clang 23, only what is returned at
 * once is seen.
 */
/** The function's value points to this argument, or into it, and must not outlive it. */
#define HF_BOUND		HF_ANALYSIS_(lifetimebound)
/**
 * The function does not keep this borrow: it neither returns it nor puts it into a global.
 *
 * Clang >= 23 checks that.  Clang also optimises callers by this mark, so only holdfast-check
 * (HF_LIFETIMES) lets it see the mark: an analysis must not change code.
 */
#ifdef HF_LIFETIMES
#define HF_NOESCAPE		HF_ANALYSIS_(noescape)
#else
#define HF_NOESCAPE
#endif

/** Every function of the headers: inlined at -O0 too, and silent where it is not used. */
#define HF_INLINE		static inline __attribute__((__always_inline__, __unused__)) HF_UNANALYZED

/*
 * Clang 22 finds what a local pointer points to in a list of assignments, and miscounts after a call that
 * takes the addresses of two locals.  After f(&a, &b) it does not see any more, within the same basic block,
 * that a front door's own pointer is the owner or lock that the user named.  A new block resets the count.
 */
#ifdef HF_ANALYZED_
#define HF_NEW_BLOCK_		do { } while (0);
#else
#define HF_NEW_BLOCK_
#endif

/* What allocates by these flags may sleep: seen where they are a constant. */
#ifdef HF_ANALYZED_
HF_INLINE void hf_may_sleep_(void) HF_SLEEPS
{
}

#define HF_MAY_SLEEP_(gfp)								\
	__builtin_choose_expr(HF_SYS_GFP_SLEEPS(HF_CONSTANT_OR_(gfp, GFP_ATOMIC)), hf_may_sleep_(), (void)0)
#else
#define HF_MAY_SLEEP_(gfp)	((void)0)
#endif

/**
 * HF_SLEEPS_DECLARE() - at file scope: a function of others may sleep.
 * @fn: a function that is declared, and defined elsewhere.  The declaration of one that is inline is repeated, with
 *      HF_SLEEPS at its end.
 *
 * For the functions of another subsystem: HF_SLEEPS_DECLARE(i2c_transfer).  The common ones of the kernel are in
 * sys/sleeps.h.
 */
#ifdef HF_ANALYZED_
#define HF_SLEEPS_DECLARE(fn)	extern __typeof__(fn) fn HF_SLEEPS
#include <holdfast/sys/sleeps.h>
#else
#define HF_SLEEPS_DECLARE(fn)	_Static_assert(sizeof(__typeof__(&(fn))), "")
#endif

#endif
