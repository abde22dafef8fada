/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * References to objects of others, that have get and put functions of their own.
 *
 * The bug, in a driver that looks another device up:
 *
 *	struct device *dev = bus_find_device_by_name(bus, NULL, "eth0");	// with a reference
 *	...
 *	if (err)
 *		return err;							// and without a put
 *
 * Or the reverse: a pointer that is stored without get_device(), and used after the device has gone.
 *
 * Here such a reference is a handle, as an arc of arc.h is:
 *
 *	HF_REF_DEFINE(dev, struct device, get_device, put_device);
 *
 *	// SAFETY: the call gives a reference.
 *	hf_let_arc(dev, d, hf_try(hf_adopt_ref_unchecked(dev, bus_find_device_by_name(bus, NULL, "eth0"))));
 *
 *	hf_set(ctx->dev, hf_arc_from(dev, hf_ref(d)));		// one more reference; struct dev_arc dev in ctx
 *	device_lock(hf_ref_raw(d));				// a borrow for the functions of the subsystem
 *
 * hf_let_arc(), hf_drop_arc(), hf_move(), hf_take(), hf_set(), hf_ref(), hf_borrow() and hf_arc_from() of own.h and arc.h
 * serve these handles, and the headers that own by a handle (irq.h, thread.h, timer.h, foreign.h) take them.
 * hf_clone() does not, as the get function is known by the name only: hf_arc_from(dev, hf_ref(d)).  There are no weak
 * references.
 *
 * Rust: ARef<T>, AlwaysRefCounted.
 */
#ifndef HOLDFAST_REF_H
#define HOLDFAST_REF_H

#include <holdfast/arc.h>

/**
 * HF_REF_DEFINE() - make `struct name_arc`, a reference to a T that others count.
 * @name: names the types and functions.
 * @T: what is referred to; may be incomplete.
 * @get: a function or macro of a T *: one more reference.  Its value is ignored.
 * @put: a function or macro of a T *: one less, and the end of the object with the last.
 *
 * Makes also name_arc_drop(), which puts the handle's reference, if it has one, and empties it, and `struct
 * name_arc_result` (one register).
 *
 * Context of name_arc_drop(): that of @put.
 */
#define HF_REF_DEFINE(name, T, get, put)						\
	HF_MUST_USE_TYPE(name##_arc) {							\
		struct hf_owner own;							\
		__extension__ const T *type_[0];					\
		__extension__ T *raw_[0];						\
		__extension__ struct hf_counted_by_others_ *refs_at_[0];			\
	};										\
	HF_HANDLE_RESULT_DEFINE_(name##_arc);						\
	HF_INLINE struct name##_arc name##_arc_adopt_(T *p)				\
	{										\
		return (struct name##_arc){ .own = { .ptr_ = p } };			\
	}										\
	HF_INLINE struct name##_arc_result name##_arc_adopt_result_(T *p)		\
	{										\
		if (!p)									\
			return (struct name##_arc_result){ .err_ = HF_CALLER_ERROR_(-ENOENT) }; \
		return (struct name##_arc_result){ .val_ = { .own = { .ptr_ = p } } };	\
	}										\
	HF_INLINE struct name##_arc name##_arc_from_(const T *borrow)			\
	{										\
		T *p = (T *)(unsigned long)borrow;					\
											\
		(void)get(p);								\
		return name##_arc_adopt_(p);						\
	}										\
	HF_INLINE void name##_arc_drop(struct name##_arc *a)				\
	{										\
		T *p = a->own.ptr_;							\
											\
		if (p) {								\
			hf_unlent_(&a->own, HF_DROP_SITES_(#name "_arc"));		\
			a->own.ptr_ = NULL;						\
			put(p);								\
		}									\
	}										\
	struct name##_arc

/**
 * hf_adopt_ref_unchecked() - the reference that a call gave.
 * @name: as in HF_REF_DEFINE().
 * @p: a `T *` with a reference of its own, NULL or an ERR_PTR(): mostly a call, such as bus_find_device().
 *
 * SAFETY: nobody else puts this reference.  Of a pointer without one hf_arc_from() makes a handle.
 *
 * Return: a `struct name_arc_result`; -ENOENT for NULL; the error of an ERR_PTR().
 * Context: any.  Rust: ARef::from_raw.
 */
#define hf_adopt_ref_unchecked(name, p)	name##_arc_adopt_result_(p)

/**
 * hf_ref_raw() - a borrow of @r, a variable or a place, for the functions of those who made the object.
 * @r: a handle of HF_REF_DEFINE().  A violation (moved) if it is empty.
 *
 * They guard the object themselves, and take a pointer that is not const.  It ends with the expression, as that of
 * hf_ref().
 *
 * Return: a `T *`.
 * Context: any.  Rust: Device::as_raw and its like.
 */
#define hf_ref_raw(r)		HF_REF_RAW_(r, #r)
#define HF_REF_RAW_(r, text)								\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, r)						\
		HF_LET_SITES_(text)							\
		(__typeof__(*hf_o_->raw_[0]) *)HF_ASK_(ref, r, &hf_o_->own, hf_sites_);	\
	})

/**
 * hf_leak_ref() - give the reference of variable @r up to a function that puts it: a `T *`.
 * @r: a handle of HF_REF_DEFINE(), which is empty then.
 *
 * Context: any.  Rust: ARef::into_raw.
 */
#define hf_leak_ref(r)									\
	((__typeof__((r).raw_[0]))hf_move_(&(r).own, HF_OWNER_SITES_(#r)).ptr_)

#endif
