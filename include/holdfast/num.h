/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Numbers: arithmetic that says what it does at the edge, narrowing that can fail, and numbers from
 * outside that are no numbers until they were checked.
 *
 * The bug, found again and again in drivers (and in SPDK, OSv and libvfn):
 *
 *	u16 cid = le16_to_cpu(cqe->command_id);	// a number from the device ...
 *	req = &queue->requests[cid];		// ... used as an index
 *
 * Here the fields of a device's structure have the type `struct hf_le16`.  All that can be read out
 * of it is a `struct hf_untrusted_u16`, which is a structure and no number: it does not index, does
 * not size, cannot be added or compared.  A check against a bound turns it into a number:
 *
 *	u16 cid = hf_try(hf_below(hf_from_le(cqe.command_id), queue->depth));
 *
 * Rust: checked_add, saturating_add, wrapping_add, TryFrom, Bounded.
 */
#ifndef HOLDFAST_NUM_H
#define HOLDFAST_NUM_H

#include <holdfast/result.h>

HF_RESULT_DEFINE(u8, u8);
HF_RESULT_DEFINE(u16, u16);
HF_RESULT_DEFINE(u32, u32);
HF_RESULT_DEFINE(u64, u64);
HF_RESULT_DEFINE(size, size_t);
HF_RESULT_DEFINE(s32, s32);
HF_RESULT_DEFINE(s64, s64);

/* --- arithmetic ---------------------------------------------------------------------------------
 *
 * hf_add_u32(a, b), hf_sub_u32(a, b), hf_mul_u32(a, b): a u32_result, -EOVERFLOW if it does not fit.
 * hf_add_sat_u32 …: the nearest value that fits.  hf_add_wrap_u32 …: modulo 2^32, on purpose.
 * The same for u8, u16, u64, size, s32 and s64.
 */
#define HF_NUM_OP_(name, T, op, limit)							\
	HF_INLINE HF_MUST_USE struct name##_result hf_##op##_##name(T a, T b)		\
	{										\
		struct name##_result r = { .err_ = 0 };					\
											\
		if (HF_UNLIKELY(__builtin_##op##_overflow(a, b, &r.val_)))		\
			return HF_FAILURE_((struct name##_result){ .err_ = HF_CALLER_ERROR_(-EOVERFLOW) }); \
		return r;								\
	}										\
	HF_INLINE T hf_##op##_sat_##name(T a, T b)					\
	{										\
		T v;									\
											\
		return HF_UNLIKELY(__builtin_##op##_overflow(a, b, &v)) ? (limit) : v;	\
	}										\
	HF_INLINE T hf_##op##_wrap_##name(T a, T b)					\
	{										\
		T v;									\
											\
		(void)__builtin_##op##_overflow(a, b, &v);				\
		return v;								\
	}

/* An unsigned result leaves at the top by adding and multiplying, at 0 by subtracting. */
#define HF_NUM_UNSIGNED_(name, T)							\
	HF_NUM_OP_(name, T, add, (T)-1)							\
	HF_NUM_OP_(name, T, sub, 0)							\
	HF_NUM_OP_(name, T, mul, (T)-1)
/* A signed one leaves in the direction of its first operand, or of the sign of the product. */
#define HF_NUM_SIGNED_(name, T, min, max)						\
	HF_NUM_OP_(name, T, add, a < 0 ? (min) : (max))					\
	HF_NUM_OP_(name, T, sub, a < 0 ? (min) : (max))					\
	HF_NUM_OP_(name, T, mul, (a < 0) != (b < 0) ? (min) : (max))

HF_NUM_UNSIGNED_(u8, u8)
HF_NUM_UNSIGNED_(u16, u16)
HF_NUM_UNSIGNED_(u32, u32)
HF_NUM_UNSIGNED_(u64, u64)
HF_NUM_UNSIGNED_(size, size_t)
HF_NUM_SIGNED_(s32, s32, -0x7fffffff - 1, 0x7fffffff)
HF_NUM_SIGNED_(s64, s64, -0x7fffffffffffffffLL - 1, 0x7fffffffffffffffLL)

/* Without a comparison that an unsigned type makes pointless, of which compilers warn. */
#define HF_NEGATIVE_(v)		((v) < 1 && (v) != 0)
#define HF_NOT_NEGATIVE_(v)	((v) < 1 ? (u64)0 : (u64)(v))

/* --- narrowing ----------------------------------------------------------------------------------
 *
 * hf_to_u16(v): v as a u16, or -ERANGE.  v is a number of any integer type.  Rust: u16::try_from.
 */
HF_INLINE bool hf_narrow_fits_(u64 v, bool negative, s64 min, u64 max)
{
	return negative ? (s64)v >= min : v <= max;
}

#define HF_NARROW_(name, T, min, max)							\
	HF_INLINE HF_MUST_USE struct name##_result hf_to_##name##_(u64 v, bool negative) \
	{										\
		if (HF_UNLIKELY(!hf_narrow_fits_(v, negative, (min), (max))))		\
			return HF_FAILURE_((struct name##_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }); \
		return (struct name##_result){ .val_ = (T)v };				\
	}
HF_NARROW_(u8, u8, 0, (u8)-1)
HF_NARROW_(u16, u16, 0, (u16)-1)
HF_NARROW_(u32, u32, 0, (u32)-1)
HF_NARROW_(u64, u64, 0, (u64)-1)
HF_NARROW_(size, size_t, 0, (size_t)-1)
HF_NARROW_(s32, s32, -0x7fffffff - 1, 0x7fffffff)
HF_NARROW_(s64, s64, -0x7fffffffffffffffLL - 1, 0x7fffffffffffffffLL)

#define HF_TO_(name, v)									\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type hf_v_ = (v); HF_SHADOW_END_		\
		hf_to_##name##_((u64)hf_v_, HF_NEGATIVE_(hf_v_));			\
	})
/** hf_to_u8() - any integer as a u8, or -ERANGE. */
#define hf_to_u8(v)	HF_TO_(u8, v)
/** hf_to_u16() - any integer as a u16, or -ERANGE. */
#define hf_to_u16(v)	HF_TO_(u16, v)
/** hf_to_u32() - any integer as a u32, or -ERANGE. */
#define hf_to_u32(v)	HF_TO_(u32, v)
/** hf_to_u64() - any integer as a u64, or -ERANGE if it is negative. */
#define hf_to_u64(v)	HF_TO_(u64, v)
/** hf_to_size() - any integer as a size_t, or -ERANGE. */
#define hf_to_size(v)	HF_TO_(size, v)
/** hf_to_s32() - any integer as an s32, or -ERANGE. */
#define hf_to_s32(v)	HF_TO_(s32, v)
/** hf_to_s64() - any integer as an s64, or -ERANGE. */
#define hf_to_s64(v)	HF_TO_(s64, v)

/* --- untrusted numbers -------------------------------------------------------------------------- */

#define HF_UNTRUSTED_DEFINE_(T)								\
	struct hf_untrusted_##T {							\
		T val_;									\
	};										\
	HF_RESULT_DEFINE(untrusted_##T, struct hf_untrusted_##T);			\
	HF_INLINE struct hf_untrusted_##T hf_untrusted_##T(T v)				\
	{										\
		return (struct hf_untrusted_##T){ .val_ = v };				\
	}										\
	HF_INLINE HF_MUST_USE struct T##_result						\
	hf_in_range_##T##_(struct hf_untrusted_##T x, u64 low, u64 high)		\
	{										\
		if (HF_UNLIKELY(x.val_ < low || x.val_ > high))				\
			return HF_FAILURE_((struct T##_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }); \
		return (struct T##_result){ .val_ = x.val_ };				\
	}										\
	HF_INLINE HF_MUST_USE struct T##_result						\
	hf_below_##T##_(struct hf_untrusted_##T x, u64 bound)				\
	{										\
		if (HF_UNLIKELY(x.val_ >= bound))					\
			return HF_FAILURE_((struct T##_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }); \
		return (struct T##_result){ .val_ = x.val_ };				\
	}										\
	HF_INLINE HF_MUST_USE struct T##_result						\
	hf_below_nospec_##T##_(struct hf_untrusted_##T x, u64 bound)			\
	{										\
		struct T##_result r = hf_below_##T##_(x, bound);			\
											\
		if (HF_LIKELY(!r.err_))							\
			r.val_ = (T)hf_sys_index_nospec(r.val_, bound);			\
		return r;								\
	}										\
	HF_INLINE T hf_mask_##T##_(struct hf_untrusted_##T x, T mask)			\
	{										\
		return (T)(x.val_ & mask);						\
	}										\
	HF_INLINE struct hf_untrusted_##T						\
	hf_bits_##T##_(struct hf_untrusted_##T x, unsigned int low, unsigned int width)	\
	{										\
		return hf_untrusted_##T((T)((x.val_ >> low) & (((T)1 << (width - 1) << 1) - 1))); \
	}										\
	HF_INLINE bool hf_equals_##T##_(struct hf_untrusted_##T x, T v)			\
	{										\
		return x.val_ == v;							\
	}										\
	HF_INLINE T hf_accept_any_##T##_(struct hf_untrusted_##T x)			\
	{										\
		return x.val_;								\
	}

HF_UNTRUSTED_DEFINE_(u8)
HF_UNTRUSTED_DEFINE_(u16)
HF_UNTRUSTED_DEFINE_(u32)
HF_UNTRUSTED_DEFINE_(u64)

/* A bound as a u64.  Nothing is below a negative one. */
#define HF_BOUND_VALUE_(e)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_ __auto_type const hf_bound_ = +(e); HF_SHADOW_END_	\
		HF_NOT_NEGATIVE_(hf_bound_);						\
	})

#define HF_UNTRUSTED_(op, x)								\
	_Generic((x),									\
		 struct hf_untrusted_u8: hf_##op##_u8_,					\
		 struct hf_untrusted_u16: hf_##op##_u16_,				\
		 struct hf_untrusted_u32: hf_##op##_u32_,				\
		 struct hf_untrusted_u64: hf_##op##_u64_)

/**
 * hf_below() - an untrusted number, if it is less than @bound.
 * @x: an untrusted number.
 * @bound: how many there are: the length of what it shall index.
 *
 * Return: a result of the plain type (u16_result for hf_untrusted_u16); -ERANGE if not.
 */
#define hf_below(x, bound)		HF_UNTRUSTED_(below, x)((x), HF_BOUND_VALUE_(bound))
/** hf_below_nospec() - as hf_below(), and a mispredicted check cannot use more either (Spectre v1). */
#define hf_below_nospec(x, bound)	HF_UNTRUSTED_(below_nospec, x)((x), HF_BOUND_VALUE_(bound))
/** hf_at_most() - an untrusted number, if it is @max or less; else -ERANGE. */
#define hf_at_most(x, max)		hf_in_range(x, 0, max)
/** hf_in_range() - an untrusted number, if it is from @low to @high, both included; else -ERANGE. */
#define hf_in_range(x, low, high)							\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		__auto_type const hf_low_ = +(low);					\
		__auto_type const hf_high_ = +(high);					\
		HF_SHADOW_END_								\
		/* No number is at most a negative one. */				\
		HF_UNTRUSTED_(in_range, x)((x), HF_NEGATIVE_(hf_high_) ? 1 : HF_NOT_NEGATIVE_(hf_low_), \
					   HF_NOT_NEGATIVE_(hf_high_));			\
	})
/** hf_mask() - the bits @bits of an untrusted number: a plain number, at most @bits. */
#define hf_mask(x, bits)		HF_UNTRUSTED_(mask, x)((x), (bits))
/** hf_bits() - @width (from 1) bits from bit @low up, still untrusted. */
#define hf_bits(x, low, width)		HF_UNTRUSTED_(bits, x)((x), (low), (width))
/** hf_equals() - whether an untrusted number is @v. */
#define hf_equals(x, v)			HF_UNTRUSTED_(equals, x)((x), (v))
/**
 * hf_accept_any() - an untrusted number, when every value of it is fine.
 *
 * For what is only stored, shown, or compared for equality later.  Not for an index or a size.
 */
#define hf_accept_any(x)		HF_UNTRUSTED_(accept_any, x)(x)

/* --- wire integers ------------------------------------------------------------------------------
 *
 * Members of structures that are shared with a device or another machine: struct hf_le16, hf_le32,
 * hf_le64, hf_be16, hf_be32, hf_be64.  hf_le16(v) writes one; hf_from_le(x) and hf_from_be(x) read
 * one and give an untrusted number.
 */
#define HF_WIRE_DEFINE_(end, bits)							\
	struct hf_##end##bits {								\
		__##end##bits raw_;							\
	};										\
	HF_INLINE struct hf_##end##bits hf_##end##bits(u##bits v)			\
	{										\
		return (struct hf_##end##bits){ .raw_ = cpu_to_##end##bits(v) };	\
	}										\
	HF_INLINE struct hf_untrusted_u##bits hf_from_##end##bits##_(struct hf_##end##bits x) \
	{										\
		return hf_untrusted_u##bits(end##bits##_to_cpu(x.raw_));		\
	}

HF_WIRE_DEFINE_(le, 16)
HF_WIRE_DEFINE_(le, 32)
HF_WIRE_DEFINE_(le, 64)
HF_WIRE_DEFINE_(be, 16)
HF_WIRE_DEFINE_(be, 32)
HF_WIRE_DEFINE_(be, 64)

/** hf_from_le() - read a little-endian wire integer: an untrusted number of the same width. */
#define hf_from_le(x)									\
	_Generic((x),									\
		 struct hf_le16: hf_from_le16_,						\
		 struct hf_le32: hf_from_le32_,						\
		 struct hf_le64: hf_from_le64_)(x)
/** hf_from_be() - read a big-endian wire integer: an untrusted number of the same width. */
#define hf_from_be(x)									\
	_Generic((x),									\
		 struct hf_be16: hf_from_be16_,						\
		 struct hf_be32: hf_from_be32_,						\
		 struct hf_be64: hf_from_be64_)(x)

#endif
