/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Interrupt handlers whose data lives as long as they are registered.
 *
 * The bug, in the removal of a driver:
 *
 *	free_dma(edu);
 *	kfree(edu->ring);			// a last interrupt reads the ring here
 *	free_irq(edu->irq, edu);
 *
 * Here a registration owns the data of its handler:
 *
 *	HF_IRQ_DEFINE(edu_irq, edu_arc, edu_interrupt);		// declares edu_interrupt()
 *
 *	static irqreturn_t edu_interrupt(const struct edu *edu)
 *	{
 *		...
 *	}
 *
 *	hf_let(edu_irq, irq, hf_try(hf_irq_request(edu_irq, line, "edu", hf_clone(edu), GFP_KERNEL)));
 *
 * It is an owner (own.h).  Its drop frees the interrupt, waits for the handler, and then drops the data, so no
 * handler sees data that is gone.  The handler gets the data's own type; one of another type does not compile.
 *
 * A handler must not sleep: what may sleep does not compile in it on Clang >= 22 (HF_ATOMIC).  The threaded
 * part of an HF_THREADED_IRQ_DEFINE() may.
 *
 * The object that owns the registration must not be the one whose reference the registration holds: neither
 * would ever be dropped.  Keep the registration beside it, or take it out of the object (hf_take()) when the
 * device goes.
 *
 * Rust: irq::Registration, irq::ThreadedRegistration.
 */
#ifndef HOLDFAST_IRQ_H
#define HOLDFAST_IRQ_H

#include <holdfast/own.h>

/* The longest name of a registration, with its end. */
#define HF_IRQ_NAME_SIZE_	32

/**
 * HF_IRQ_DEFINE() - make `struct name`, the registration of an interrupt handler, and its owner.
 * @name: names the types and functions.
 * @handle: what the registration owns, without `struct`: packet_own, node_arc.
 * @handler: static irqreturn_t (const T *), where T is what @handle owns.  Declared here; define it below.
 *	It returns IRQ_HANDLED, or IRQ_NONE if the interrupt was not its device's.
 *
 * Also makes what HF_OWN_DEFINE(name, struct name, ...) makes.  The drop frees the interrupt, waits until the
 * handler is left, drops the data and frees the memory.  It sleeps.
 *
 * Context of @handler: hard interrupt.  With HF_NOESCAPE on the parameter of its definition, where Clang wants it,
 * Clang >= 23 checks that it does not keep the borrow.
 */
#define HF_IRQ_DEFINE(name, handle, handler)						\
	/* Shared also where the registration owns alone: several may run at once. */		\
	static irqreturn_t handler(HF_LENT_SHARED_(handle) data) HF_ATOMIC;	\
	HF_IRQ_DEFINE_(name, handle)							\
	HF_IRQ_ENTER_(name##_enter_, name, handler)					\
	HF_IRQ_REQUEST_(name, handle, name##_enter_, NULL)

/**
 * HF_THREADED_IRQ_DEFINE() - as HF_IRQ_DEFINE(), with a second part that may sleep.
 * @name: names the types and functions.
 * @handle: what the registration owns, without `struct`.
 * @handler: as for HF_IRQ_DEFINE(); IRQ_WAKE_THREAD lets @thread run.
 * @thread: static irqreturn_t (const T *), declared here.  Context: a thread of its own, which may sleep.
 *
 * The drop waits for both.
 */
#define HF_THREADED_IRQ_DEFINE(name, handle, handler, thread)				\
	/* Shared also where the registration owns alone: several may run at once. */		\
	static irqreturn_t handler(HF_LENT_SHARED_(handle) data) HF_ATOMIC;	\
	static irqreturn_t thread(HF_LENT_SHARED_(handle) data);		\
	HF_IRQ_DEFINE_(name, handle)							\
	HF_IRQ_ENTER_(name##_enter_, name, handler)					\
	HF_IRQ_ENTER_(name##_enter_thread_, name, thread)				\
	HF_IRQ_REQUEST_(name, handle, name##_enter_, name##_enter_thread_)

#define HF_IRQ_DEFINE_(name, handle)							\
	struct name {									\
		struct handle data_;							\
		struct hf_sys_irq irq_;							\
		char text_[HF_IRQ_NAME_SIZE_];						\
	};										\
	HF_INLINE void name##_free_(struct name *r)					\
	{										\
		hf_sys_irq_free(&r->irq_, r);						\
		handle##_drop(&r->data_);						\
		hf_sys_free(r);								\
	}										\
	HF_SLEEPING_OWN_DEFINE_(name, struct name, name##_free_);

/* A function of the type that the kernel calls. */
#define HF_IRQ_ENTER_(enter, name, fn)							\
	static HF_UNANALYZED __attribute__((__unused__)) irqreturn_t enter(int irq, void *r) \
	{										\
		(void)irq;								\
		return fn(((const struct name *)r)->data_.own.ptr_);			\
	}

#define HF_IRQ_REQUEST_(name, handle, enter, enter_thread)				\
	HF_INLINE struct name##_own_result name##_request_(struct hf_irq_line line, const char *text, \
							   struct handle data, gfp_t gfp) HF_SLEEPS \
	{										\
		struct name *r = hf_sys_alloc(sizeof(*r), gfp);				\
		int err = r ? 0 : HF_CALLER_ERROR_(-ENOMEM);				\
											\
		if (!err) {								\
			(void)hf_copy_name_(r->text_, sizeof(r->text_), text);		\
			/* The handler may run before the request returns. */		\
			r->data_.own.ptr_ = data.own.ptr_;				\
			err = hf_sys_irq_request(&r->irq_, line, r->text_, enter, enter_thread, r); \
		}									\
		if (err) {								\
			handle##_drop(&data);						\
			hf_sys_free(r);							\
			return name##_own_new_((void *)(long)err);			\
		}									\
		return name##_own_new_(r);						\
	}										\
	struct name

/**
 * hf_irq_request() - register the handler of an interrupt.
 * @name: as in HF_IRQ_DEFINE() or HF_THREADED_IRQ_DEFINE().
 * @line: a struct hf_irq_line: in the kernel from hf_kernel_irq(), in userspace from hf_user_irq_line().
 * @text: the name of the user, for people; copied, at most 31 bytes.
 * @data: a handle, which moves into the registration.  On failure it is dropped.
 * @gfp: how the memory of the registration may be obtained.
 *
 * The handler may run before this returns.
 *
 * Return: a `struct name_own_result`; -ENOMEM; -EBUSY, if the line has a user and is not shared; what else the
 * kernel's request_threaded_irq() gives.
 * Context: sleeps.  Rust: irq::Registration::new.
 */
#define hf_irq_request(name, line, text, data, gfp)	name##_request_((line), (text), (data), (gfp))

#endif
