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
#define HF_CAPABILITY(name)	HF_ANALYSIS_(capability(name))
/** The capability may be held more than once. */
#define HF_REENTRANT		HF_ANALYSIS_(reentrant_capability)

/* What a function does to a capability of its caller.  Drivers use lock.h's HF_REQUIRES and HF_EXCLUDES. */
/** From the call on it is held; leaving the scope with it is fine. */
#define HF_ASSERTS(...)		HF_ANALYSIS_(assert_capability(__VA_ARGS__))
/** From the call on it is held, and must be released. */
#define HF_ACQUIRES(...)	HF_ANALYSIS_(acquire_capability(__VA_ARGS__))
/** As HF_ACQUIRES(), with others. */
#define HF_ACQUIRES_SHARED(...)	HF_ANALYSIS_(acquire_shared_capability(__VA_ARGS__))
/** It must be held, and is no longer after the call. */
#define HF_RELEASES(...)	HF_ANALYSIS_(release_capability(__VA_ARGS__))
/** As HF_RELEASES(), with others. */
#define HF_RELEASES_SHARED(...)	HF_ANALYSIS_(release_shared_capability(__VA_ARGS__))
/** It must be held. */
#define HF_NEEDS(...)		HF_ANALYSIS_(requires_capability(__VA_ARGS__))
/** It must be held, be it with others. */
#define HF_NEEDS_SHARED(...)	HF_ANALYSIS_(requires_shared_capability(__VA_ARGS__))
/** It must not be held. */
#define HF_REFUSES(...)		HF_ANALYSIS_(locks_excluded(__VA_ARGS__))

/* A guard that spins is held, with others.  The objects do not exist: all that counts is what they are called. */
#ifdef HF_ANALYZED_
__extension__ struct HF_CAPABILITY("context") HF_REENTRANT hf_context_ {
};
extern struct hf_context_ hf_spinning, hf_not_spinning_;
#endif

/** HF_SLEEPS - on a function: it may sleep, so its caller holds no guard that spins. */
#define HF_SLEEPS		HF_REFUSES(hf_spinning)

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

/* --- what every compiler understands ------------------------------------------------------------ */

/** The condition is nearly always true. */
#define HF_LIKELY(x)		__builtin_expect(!!(x), 1)
/** The condition is nearly always false. */
#define HF_UNLIKELY(x)		__builtin_expect(!!(x), 0)
/* What the compiler may rely on and cannot know.  Emits no code. */
#define HF_KNOWN_(cond)		do { if (!(cond)) __builtin_unreachable(); } while (0)
/* Of a pointer that was followed: it is not NULL, and no errno either, in the words of hf_failed_ptr_(). */
#define HF_POINTS_(p)									\
	do {										\
		HF_KNOWN_((p) != NULL);							\
		HF_KNOWN_(!((unsigned long)(p) >= (unsigned long)-4095));		\
	} while (0)
/*
 * On a variable: its value before the first assignment is nobody's.  Kernels are built to clear every
 * variable on the stack, and what is copied from a device would be cleared first, each time.
 */
#if defined(__has_attribute) && !defined(__CHECKER__)
#if __has_attribute(uninitialized)
#define HF_UNINITIALIZED_	__attribute__((uninitialized))
#endif
#endif
#ifndef HF_UNINITIALIZED_
#define HF_UNINITIALIZED_
#endif
/** The function is a slow path: out of line, away from the fast one. */
#define HF_COLD			__attribute__((__cold__, __noinline__))
/*
 * The value of a failure.  Clang makes one value of both outcomes, by a conditional move, before it
 * sees that the failure leaves the function; then it does not know any more that the other one was
 * checked, and checks again.  It cannot move what stands beside an asm.
 */
#ifdef __clang__
#define HF_APART_(...)		__extension__ ({ __asm__ volatile(""); (__VA_ARGS__); })
#else
#define HF_APART_(...)		(__VA_ARGS__)
#endif
/** The function's value must be used. */
#define HF_MUST_USE		__attribute__((warn_unused_result))
/** When the variable's scope ends, by whatever way, @fn is called with its address. */
#define HF_CLEANUP(fn)		__attribute__((cleanup(fn), unused))

/* The value of a macro, which must be used as a function's must. */
static inline __attribute__((always_inline, unused, warn_unused_result)) int hf_must_use_(int err)
{
	return err;
}

/** `struct tag`, of which no value may be ignored.  GCC has this for types in the [[ ]] form only. */
#ifdef __CHECKER__
#define HF_MUST_USE_TYPE(tag)	struct tag
#elif defined(__clang__)
#define HF_MUST_USE_TYPE(tag)	struct __attribute__((warn_unused_result)) tag
#else
#define HF_MUST_USE_TYPE(tag)	__extension__ struct [[__nodiscard__]] tag
#endif

/* Macros nest (hf_try(f(hf_try(x)))), and their temporaries then shadow each other harmlessly. */
#define HF_SHADOW_BEGIN_								\
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define HF_SHADOW_END_		_Pragma("GCC diagnostic pop")

#endif
