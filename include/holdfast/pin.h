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
 * The object is initialised at its final address.  If dev_init() fails it has undone what it did
 * (scope.h helps), the memory is given back and nobody ever sees half an object.
 *
 * An object with a `struct hf_pin` member cannot be assigned to.  The member remembers its own address in
 * debug builds and takes no space in others.
 *
 * Rust: pin-init, Pin<KBox<T>>.
 */
#ifndef HOLDFAST_PIN_H
#define HOLDFAST_PIN_H

#include <holdfast/own.h>

/** A member of an object that must not move. */
__extension__ struct hf_pin {
	/* What has a const member, be it of no size, cannot be assigned to. */
	const char stays_[0];
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
	hf_require(HF_PIN, pin->self_ == pin);
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
 */
#define hf_new_with(name, gfp, init, arg)						\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ struct name##_own_result hf_new_ = hf_new(name, gfp); HF_SHADOW_END_ \
		if (hf_is_ok(hf_new_)) {						\
			int hf_init_ = (init)((__typeof__(hf_new_.val_.type_[0]))hf_new_.val_.own.ptr_, \
					      (arg));					\
			if (hf_init_) {							\
				hf_free(hf_new_.val_.own.ptr_);				\
				hf_new_ = hf_err(name##_own, hf_init_);			\
			}								\
		}									\
		hf_new_;								\
	})

#endif
