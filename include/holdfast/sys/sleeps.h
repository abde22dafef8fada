/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * The functions of others that may sleep, for the analysis.
 *
 * The kernel says might_sleep() inside these functions, where only a debug build sees it, and only if the path
 * runs.  analysis.h includes this file where Clang analyses, so that the call under a guard that spins does not
 * compile.  To other compilers, and in other builds, it does not exist.
 */
#ifndef HOLDFAST_SYS_SLEEPS_H
#define HOLDFAST_SYS_SLEEPS_H

#ifdef __KERNEL__

#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/semaphore.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

HF_SLEEPS_DECLARE(msleep);
HF_SLEEPS_DECLARE(msleep_interruptible);
HF_SLEEPS_DECLARE(usleep_range_state);
static inline void usleep_range(unsigned long min, unsigned long max) HF_SLEEPS;
static inline void fsleep(unsigned long usecs) HF_SLEEPS;
static inline void ssleep(unsigned int seconds) HF_SLEEPS;

HF_SLEEPS_DECLARE(schedule);	/* and with it wait_event() */
HF_SLEEPS_DECLARE(schedule_timeout);
HF_SLEEPS_DECLARE(schedule_timeout_interruptible);
HF_SLEEPS_DECLARE(schedule_timeout_killable);
HF_SLEEPS_DECLARE(schedule_timeout_uninterruptible);
HF_SLEEPS_DECLARE(io_schedule);

static inline unsigned long copy_from_user(void *to, const void __user *from, unsigned long n) HF_SLEEPS;
static inline unsigned long copy_to_user(void __user *to, const void *from, unsigned long n) HF_SLEEPS;
HF_SLEEPS_DECLARE(strncpy_from_user);
HF_SLEEPS_DECLARE(strnlen_user);
#ifdef might_fault		/* what get_user() and put_user() call */
HF_SLEEPS_DECLARE(__might_fault);
#else
static inline void might_fault(void) HF_SLEEPS;
#endif

#ifdef CONFIG_DEBUG_LOCK_ALLOC	/* where mutex_lock() is a macro */
HF_SLEEPS_DECLARE(mutex_lock_nested);
HF_SLEEPS_DECLARE(mutex_lock_interruptible_nested);
#else
HF_SLEEPS_DECLARE(mutex_lock);
HF_SLEEPS_DECLARE(mutex_lock_interruptible);
HF_SLEEPS_DECLARE(mutex_lock_killable);
#endif
HF_SLEEPS_DECLARE(down_read);
HF_SLEEPS_DECLARE(down_read_interruptible);
HF_SLEEPS_DECLARE(down_read_killable);
HF_SLEEPS_DECLARE(down_write);
HF_SLEEPS_DECLARE(down_write_killable);
HF_SLEEPS_DECLARE(down);
HF_SLEEPS_DECLARE(down_interruptible);
HF_SLEEPS_DECLARE(down_killable);
HF_SLEEPS_DECLARE(down_timeout);

HF_SLEEPS_DECLARE(wait_for_completion);
HF_SLEEPS_DECLARE(wait_for_completion_interruptible);
HF_SLEEPS_DECLARE(wait_for_completion_interruptible_timeout);
HF_SLEEPS_DECLARE(wait_for_completion_killable);
HF_SLEEPS_DECLARE(wait_for_completion_killable_timeout);
HF_SLEEPS_DECLARE(wait_for_completion_timeout);
HF_SLEEPS_DECLARE(synchronize_rcu);
HF_SLEEPS_DECLARE(synchronize_srcu);
HF_SLEEPS_DECLARE(rcu_barrier);

static inline int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
			      void *dev) HF_SLEEPS;
HF_SLEEPS_DECLARE(request_threaded_irq);
HF_SLEEPS_DECLARE(free_irq);
HF_SLEEPS_DECLARE(disable_irq);
HF_SLEEPS_DECLARE(synchronize_irq);
HF_SLEEPS_DECLARE(flush_work);
HF_SLEEPS_DECLARE(flush_delayed_work);
HF_SLEEPS_DECLARE(cancel_work_sync);
HF_SLEEPS_DECLARE(cancel_delayed_work_sync);
HF_SLEEPS_DECLARE(drain_workqueue);
HF_SLEEPS_DECLARE(destroy_workqueue);
HF_SLEEPS_DECLARE(kthread_stop);
HF_SLEEPS_DECLARE(vfree);

/*
 * Allocations sleep if their flags say so.  A name inside its own macro is the function; from 6.10 on it was
 * already a macro, for the profile of allocations.
 */
#ifdef alloc_hooks
#define HF_ALLOCATES_(gfp, fn, ...)	(HF_MAY_SLEEP_(gfp), alloc_hooks(fn##_noprof(__VA_ARGS__)))
#undef kmalloc
#undef kzalloc
#undef kmalloc_array
#undef kmem_cache_alloc
#undef kmemdup
#else
#define HF_ALLOCATES_(gfp, fn, ...)	(HF_MAY_SLEEP_(gfp), fn(__VA_ARGS__))
#define kcalloc(n, size, flags)		HF_ALLOCATES_(flags, kcalloc, n, size, flags)
#define kmem_cache_zalloc(cache, flags)	HF_ALLOCATES_(flags, kmem_cache_zalloc, cache, flags)
#endif
#define kmalloc(size, flags)		HF_ALLOCATES_(flags, kmalloc, size, flags)
#define kzalloc(size, flags)		HF_ALLOCATES_(flags, kzalloc, size, flags)
#define kmalloc_array(n, size, flags)	HF_ALLOCATES_(flags, kmalloc_array, n, size, flags)
#define kmem_cache_alloc(cache, flags)	HF_ALLOCATES_(flags, kmem_cache_alloc, cache, flags)
#define kmemdup(from, size, flags)	HF_ALLOCATES_(flags, kmemdup, from, size, flags)
#define kstrdup(s, flags)		(HF_MAY_SLEEP_(flags), kstrdup(s, flags))
#define kasprintf(flags, ...)		(HF_MAY_SLEEP_(flags), kasprintf(flags, __VA_ARGS__))

#else

/* From the headers that sys/user.h needs anyway: in others are names that a program may have for something else. */
#include <pthread.h>
#include <time.h>

HF_SLEEPS_DECLARE(nanosleep);
HF_SLEEPS_DECLARE(pthread_mutex_lock);
HF_SLEEPS_DECLARE(pthread_cond_wait);
HF_SLEEPS_DECLARE(pthread_cond_timedwait);
HF_SLEEPS_DECLARE(pthread_join);

#endif

#endif
