/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The one place that asks which mode this is.
 *
 * Both back ends give the other headers the same names, which sys/contract.h lists.
 */
#ifndef HOLDFAST_SYS_SYS_H
#define HOLDFAST_SYS_SYS_H

#ifdef __cplusplus
/* A file that is not there stops a compiler at once; after an #error it goes on, for pages. */
#include "Holdfast is for C: include it from a C file and give C++ an extern C interface"
#endif

#if defined(__CHECKER__)
/* Sparse, which says that it is some GCC. */
#elif defined(__clang__) ? __clang_major__ < 14 : !defined(__GNUC__) || __GNUC__ < 12
#include "Holdfast needs GCC >= 12 or Clang >= 14: this compiler is older, or another one"
#endif

/** How to wait for a lock or an event. */
enum hf_how {
	HF_UNINTERRUPTIBLE,	/**< until it comes */
	HF_INTERRUPTIBLE,	/**< until it comes or a signal does: -EINTR */
	HF_KILLABLE,		/**< until it comes or a fatal signal does: -EINTR */
	HF_TRY,			/**< of locks only: not at all, -EBUSY */
};

#ifdef __KERNEL__
#include <holdfast/sys/kernel.h>
#else
#include <holdfast/sys/user.h>
#endif

#endif
