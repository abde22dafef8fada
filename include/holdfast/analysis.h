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
 *   ownership  *asserted* when an owner is bound and released when it is moved.  Because it is
 *              asserted and not acquired, leaving the scope with it is fine (auto drop), and where
 *              two paths meet it survives only if both still have it: maybe moved is moved.
 *   loan       held, shared or exclusive, while a named borrow is in scope.
 *   duty       acquired when a token is bound; a path that forgets it ends the function "still
 *              holding" it, which is an error.
 *
 * Inside the library the functions that carry the marks are themselves not analysed: they are the
 * axioms.
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
/** The type is a capability; @name is how messages call it. */
#define HF_CAPABILITY_(name)	HF_ANALYSIS_(capability(name))
/** The capability may be held more than once. */
#define HF_REENTRANT_		HF_ANALYSIS_(reentrant_capability)

/* What a function does to a capability of its caller.  Drivers use lock.h's HF_REQUIRES and HF_EXCLUDES. */
/** From the call on it is held; leaving the scope with it is fine. */
#define HF_CAP_ASSERTS_(...)		HF_ANALYSIS_(assert_capability(__VA_ARGS__))
/** From the call on it is held, and must be released. */
#define HF_CAP_ACQUIRES_(...)	HF_ANALYSIS_(acquire_capability(__VA_ARGS__))
/** As HF_CAP_ACQUIRES_(), with others. */
#define HF_CAP_ACQUIRES_SHARED_(...)	HF_ANALYSIS_(acquire_shared_capability(__VA_ARGS__))
/** It must be held, and is no longer after the call. */
#define HF_CAP_RELEASES_(...)	HF_ANALYSIS_(release_capability(__VA_ARGS__))
/** As HF_CAP_RELEASES_(), with others. */
#define HF_CAP_RELEASES_SHARED_(...)	HF_ANALYSIS_(release_shared_capability(__VA_ARGS__))
/** It must be held. */
#define HF_CAP_REQUIRES_(...)		HF_ANALYSIS_(requires_capability(__VA_ARGS__))
/** It must be held, be it with others. */
#define HF_CAP_REQUIRES_SHARED_(...)	HF_ANALYSIS_(requires_shared_capability(__VA_ARGS__))
/** It must not be held. */
#define HF_CAP_EXCLUDES_(...)		HF_ANALYSIS_(locks_excluded(__VA_ARGS__))

/* A guard that spins is held, with others.  The objects do not exist: all that counts is what they are called. */
#ifdef HF_ANALYZED_
__extension__ struct HF_CAPABILITY_("context") HF_REENTRANT_ hf_context_ {
};
extern struct hf_context_ hf_spinning, hf_not_spinning_;
#endif

/** HF_SLEEPS - on a function: it may sleep, so its caller holds no guard that spins. */
#define HF_SLEEPS		HF_CAP_EXCLUDES_(hf_spinning)

/*
 * On a parameter, for Clang's lifetime analysis.  Clang >= 23 follows pointers through variables, but
 * in C no structure that holds one; older ones, and it of structures, see what is returned at once.
 */
/** What the function gives refers to this argument, or into it, and must not outlive it. */
#define HF_BOUND		HF_ANALYSIS_(lifetimebound)
/**
 * The function does not keep this borrow: it neither returns it nor puts it into a global.
 *
 * Clang >= 23 looks whether that is so.  It also makes better code for those who call such a function, so
 * holdfast-check alone (HF_LIFETIMES) lets it see the mark: the analysis changes no code.
 */
#ifdef HF_LIFETIMES
#define HF_NOESCAPE		HF_ANALYSIS_(noescape)
#else
#define HF_NOESCAPE
#endif

/** Every function of the headers: inlined at -O0 too, and silent where it is not used. */
#define HF_INLINE		static inline __attribute__((always_inline, unused)) HF_UNANALYZED

/*
 * Clang 22 looks a local pointer up in a list of assignments, and loses count where one call takes the
 * addresses of two locals: after f(&a, &b) it no longer sees, within the same basic block, that a
 * front door's own pointer is the owner or lock that the user named.  A new block sets the count right.
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

#endif
