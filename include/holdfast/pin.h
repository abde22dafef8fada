/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Objects that must stay where they are, built in place, all or nothing.
 *
 * The bug: a structure with a list head, a lock or a timer in it is built on the stack and then
 * copied into the heap, and the list head points into a stack frame that is gone.
 *
 *	static int dev_init(struct dev *d, void *arg) { ...; return 0; }
 *
 *	hf_let(dev, d, hf_try(hf_new_with(dev, GFP_KERNEL, dev_init, &config)));
 *
 * The object is initialised at its final address.  If dev_init() fails, it undoes what it did (scope.h
 * helps); the memory is freed, and nobody sees half an object.
 *
 * An object with a `struct hf_pin` member cannot be assigned.  In debug builds the member holds its own
 * address; in others it takes no space.
 *
 * Rust: pin-init, Pin<KBox<T>>.
 */
#ifndef HOLDFAST_PIN_H
#define HOLDFAST_PIN_H

#include <holdfast/own.h>

/** A member of an object that must not move. */
__extension__ struct hf_pin {
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char stays_[0];
#if HF_DEBUG
	const void *self_;
#endif
};

/** hf_pin_init() - from here on the object stays. */
HF_INLINE void hf_pin_init(struct hf_pin *pin)
{
#if HF_DEBUG
	pin->self_ = pin;
#else
	(void)pin;
#endif
}

/** hf_pin_check() - a violation (pin) if the object was moved or copied, or never pinned; debug builds. */
HF_INLINE void hf_pin_check(const struct hf_pin *pin)
{
#if HF_DEBUG
	hf_require_at(HF_CALLER_SITE(HF_PIN, "the object was moved or copied"), pin->self_ == pin);
#else
	(void)pin;
#endif
}

/**
 * hf_new_with() - allocate a zeroed T and initialise it in place.
 * @name: as in HF_OWN_DEFINE().
 * @gfp: how memory may be obtained.
 * @init: int (T *, arg): 0, or a negative errno after undoing what it did.
 * @arg: passed on.
 *
 * Return: a `struct name_own_result`; -ENOMEM, or the error of @init, after which the memory is
 * free again and the drop_fn was not called.
 * Context: may sleep, if @gfp says so.  Rust: KBox::pin_init.
 */
#define hf_new_with(name, gfp, init, arg)						\
	HF_NEW_WITH_(struct name##_own_result, hf_new(name, gfp), name##_own_new_,	\
		     __typeof__(((struct name##_own *)0)->type_[0]), init, arg)

#endif
