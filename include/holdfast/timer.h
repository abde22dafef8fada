/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Timers that own their data, and are over before it is.
 *
 * The bug, in the end of a request:
 *
 *	del_timer(&req->timeout);		// it does not wait: the timer's function may run just now,
 *	kfree(req);				// and reads req
 *
 * Here a timer owns the data of its function:
 *
 *	HF_TIMER_DEFINE(dev_poll, hrtimer, dev_arc, dev_tick);		// declares dev_tick()
 *
 *	static struct hf_timer_next dev_tick(const struct dev *dev)
 *	{
 *		...
 *		return done ? hf_timer_stop() : hf_timer_again_in(1000000);
 *	}
 *
 *	hf_let(dev_poll, t, hf_try(hf_timer_new(dev_poll, hf_clone(dev), GFP_KERNEL)));
 *	hf_timer_start(hf_ref(t), 1000000);
 *
 * The timer is an owner (own.h).  Its drop disarms it, waits for its function, and then drops the data.
 *
 * The function must not sleep: what may sleep does not compile in it on Clang >= 22 (HF_ATOMIC).  To cancel or drop
 * a timer waits for its function, which would never end if it wants a lock that the caller holds.  Both therefore
 * count as sleeping: under a guard that spins they do not compile on Clang >= 22.
 *
 * Kinds:
 *
 *	kind      in the kernel                       its function runs in    precise to
 *	hrtimer   struct hrtimer, CLOCK_MONOTONIC     a hard interrupt        nanoseconds
 *	timer     struct timer_list                   a softirq               jiffies
 *
 * In userspace both are of one thread, on the clock of time-outs (wait.h), which a test can stop.
 *
 * The object that owns the timer must not be the one whose reference the timer holds: neither would ever be dropped.
 *
 * Rust: HrTimer, HrTimerHandle, HrTimerRestart.
 */
#ifndef HOLDFAST_TIMER_H
#define HOLDFAST_TIMER_H

#include <holdfast/own.h>

/** What a timer's function wants. */
HF_MUST_USE_TYPE(hf_timer_next) {
	u64 ns_;
};

/** hf_timer_stop() - the timer is not armed again.  Rust: HrTimerRestart::NoRestart. */
HF_INLINE struct hf_timer_next hf_timer_stop(void)
{
	return (struct hf_timer_next){ .ns_ = HF_SYS_FOREVER };
}

/**
 * hf_timer_again_in() - the timer fires again.
 * @ns: nanoseconds after the time that it was due at, so that a period does not drift; if that has passed,
 *	after a multiple of them.
 *
 * Rust: HrTimerRestart::Restart.
 */
HF_INLINE struct hf_timer_next hf_timer_again_in(u64 ns)
{
	return (struct hf_timer_next){ .ns_ = ns };
}

/**
 * HF_TIMER_DEFINE() - make `struct name`, a timer and its data, and its owner.
 * @name: names the types and functions.
 * @kind: hrtimer or timer.
 * @handle: what the timer owns, without `struct`: packet_own, node_arc.
 * @fn: static struct hf_timer_next (T *) for a unique owner of a T, (const T *) for an arc.  Declared here; define
 *	it below.
 *
 * Also makes what HF_OWN_DEFINE(name, struct name, ...) makes.  The drop disarms the timer, waits until @fn is left,
 * drops the data and frees the memory.  It counts as sleeping.
 *
 * Context of @fn: that of the kind.  It never runs twice at once.  With HF_NOESCAPE on the parameter of its definition
 * Clang >= 23 checks that it does not keep the borrow.
 */
#define HF_TIMER_DEFINE(name, kind, handle, fn)						\
	static struct hf_timer_next fn(__typeof__(*((struct handle *)0)->type_[0]) *data) HF_ATOMIC; \
	struct name {									\
		struct handle data_;							\
		struct hf_sys_##kind timer_;						\
	};										\
	HF_INLINE void name##_free_(struct name *t)					\
	{										\
		hf_sys_##kind##_fini(&t->timer_);					\
		handle##_drop(&t->data_);						\
		hf_sys_free(t);								\
	}										\
	HF_SLEEPING_OWN_DEFINE_(name, struct name, name##_free_);			\
	HF_INLINE u64 name##_call_(struct name *t)					\
	{										\
		return fn(t->data_.own.ptr_).ns_;					\
	}										\
	hf_sys_##kind##_callback(name##_enter_, struct name, timer_, name##_call_)	\
	HF_INLINE struct name##_own_result name##_new_(struct handle data, gfp_t gfp)	\
	{										\
		struct name *t = hf_sys_alloc(sizeof(*t), gfp);				\
		int err = t ? 0 : HF_CALLER_ERROR_(-ENOMEM);				\
											\
		if (!err)								\
			err = hf_sys_##kind##_init(&t->timer_, name##_enter_);		\
		if (err) {								\
			handle##_drop(&data);						\
			hf_sys_free(t);							\
			return name##_own_new_((void *)(long)err);			\
		}									\
		t->data_.own.ptr_ = data.own.ptr_;					\
		return name##_own_new_(t);						\
	}										\
	struct name

/**
 * hf_timer_new() - make a timer, not armed.
 * @name: as in HF_TIMER_DEFINE().
 * @data: a handle, which moves into the timer.  On failure it is dropped.
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_own_result`; -ENOMEM; -EAGAIN, in userspace.
 * Context: may sleep, if @gfp says so.
 */
#define hf_timer_new(name, data, gfp)	(HF_MAY_SLEEP_(gfp), name##_new_((data), (gfp)))

/* Arming changes the timer, not what it owns: a shared borrow is enough, as for locks. */
#define HF_TIMER_DO_(t, what)								\
	_Generic((t)->timer_, struct hf_sys_hrtimer: hf_sys_hrtimer_##what, struct hf_sys_timer: hf_sys_timer_##what)
#define HF_TIMER_OF_(t)		((void *)(unsigned long)&(t)->timer_)

/**
 * hf_timer_start() - arm a timer, or arm it anew.
 * @t: a borrow of it: hf_ref() of its owner.
 * @ns: nanoseconds from now at the earliest.
 *
 * Context: any.  Rust: HrTimerPointer::start.
 */
#define hf_timer_start(t, ns)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		__typeof__(&*(t)) const hf_t_ = (t);					\
		const u64 hf_ns_ = (ns);						\
		HF_SHADOW_END_								\
		HF_TIMER_DO_(hf_t_, start)(HF_TIMER_OF_(hf_t_), hf_ns_);		\
	})

/* The function that is waited for may want any lock that spins. */
HF_INLINE void hf_timer_may_wait_(void) HF_SLEEPS
{
}

/**
 * hf_timer_cancel() - disarm a timer, and wait until its function is left.
 * @t: a borrow of it: hf_ref() of its owner.
 *
 * Return: whether it was armed.
 * Context: not in its function.  Counts as sleeping.  Rust: HrTimerHandle::cancel.
 */
#define hf_timer_cancel(t)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __typeof__(&*(t)) const hf_t_ = (t); HF_SHADOW_END_	\
		hf_timer_may_wait_();							\
		HF_TIMER_DO_(hf_t_, cancel)(HF_TIMER_OF_(hf_t_));			\
	})

#endif
