/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Slices: a pointer that knows how many elements follow.
 *
 * The bug:
 *
 *	static void parse(const u8 *buf, size_t len)
 *	{
 *		size_t n = buf[1];			// len may be 1
 *		memcpy(name, buf + 2, n);		// n is the sender's choice
 *
 * With slices every access is checked, and where it can be, once for a whole loop:
 *
 *	struct u8_cslice body = hf_try(hf_subslice(buf, 2, n));	// one check
 *	hf_for_each(b, body)					// and none per element
 *		sum += *b;
 *
 * HF_SLICE_DEFINE(u8, u8) makes `struct u8_slice` (writable) and `struct u8_cslice` (read-only), each
 * a length and a pointer in two registers.  What may be out of range gives a result (hf_get, hf_subslice,
 * hf_split_at, hf_array_subslice); hf_at() is for an index that is already proven, and a broken proof is a
 * violation.  A constant index outside an array does not compile (hf_array_at).
 *
 * A slice is a borrow of its elements, and of a const slice, as of a slice in a structure that is borrowed
 * shared (`const struct ring *`), all parts and elements are read-only.  So is what a const vector gives.
 *
 * Rust: &mut [T], &[T], split_at, iter, zip, chunks_exact.
 */
#ifndef HOLDFAST_SLICE_H
#define HOLDFAST_SLICE_H

#include <holdfast/result.h>

/**
 * Never defined.  A call that survives optimisation, because the index and the length are constants and the
 * index is not below the length, fails the build through its error attribute.  noreturn: until Clang has
 * removed the call, it must not assume that the call changes memory.
 */
void hf_constant_index_out_of_range(void)
	__attribute__((__noreturn__, __error__("hf_at: this constant index is outside the slice")));

/*
 * One flavour, writable or read-only.  The arrays of no elements carry the types of results, so that one set
 * of front doors serves all slices.
 */
#define HF_SLICE_KIND_(kind, const_kind, T)						\
	struct kind {									\
		size_t len_;								\
		T *ptr_ HF_COUNTED_BY(len_);						\
		__extension__ struct kind##_types_ *types_[0];				\
	};										\
	struct kind##_halves {								\
		struct kind head, tail;							\
	};										\
	struct kind##_grid {								\
		T *ptr_;								\
		size_t rows_, columns_, stride_;					\
		__extension__ struct kind##_types_ *types_[0];				\
	};										\
	HF_RESULT_DEFINE(kind, struct kind);						\
	HF_RESULT_DEFINE(kind##_elem, T *);						\
	HF_RESULT_DEFINE(kind##_halves, struct kind##_halves);				\
	HF_RESULT_DEFINE(kind##_grid, struct kind##_grid);				\
	HF_INLINE struct kind kind##_bound_(T *p HF_BOUND)				\
	{										\
		return (struct kind){ .len_ = 0, .ptr_ = p };				\
	}										\
	HF_INLINE struct kind##_result kind##_part_(T *p HF_BOUND, size_t len, u64 from, u64 n) \
	{										\
		/* Not from + n, which may wrap. */					\
		if (HF_UNLIKELY(from > len || n > len - from))				\
			return HF_FAILURE_((struct kind##_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }); \
		return (struct kind##_result){ .val_ = { .len_ = (size_t)n, .ptr_ = p + from } }; \
	}										\
	struct kind##_types_ {								\
		struct const_kind##_types_ *of_const;					\
		struct kind slice;							\
		struct const_kind const_slice;						\
		struct kind##_result sub;						\
		struct kind##_elem_result elem;						\
		struct kind##_halves_result halves;					\
		struct kind##_grid_result grid;						\
	}

/**
 * HF_SLICE_DEFINE() - make `struct name_slice` and `struct name_cslice`, views of many T.
 * @name: names the types, and their results (`struct name_slice_result`, …).
 * @T: the element; a complete type.
 */
#define HF_SLICE_DEFINE(name, T)							\
	struct name##_slice;								\
	/* Of a pointer type, `const T` would be another type. */			\
	HF_SLICE_KIND_(name##_cslice, name##_cslice, const __typeof__(T));		\
	HF_SLICE_KIND_(name##_slice, name##_cslice, T)

HF_SLICE_DEFINE(char, char);
HF_SLICE_DEFINE(u8, u8);
HF_SLICE_DEFINE(u16, u16);
HF_SLICE_DEFINE(u32, u32);
HF_SLICE_DEFINE(u64, u64);

/* Whether a slice, grid or vector stands in a const place: `const struct u8_slice s`, or by a const pointer. */
#define HF_IN_CONST_(s)									\
	__builtin_types_compatible_p(__typeof__(&(s).types_[0]), __typeof__(&*(s).types_[0]) const *)
/* The type of what is made of it: from a const place all is of the read-only flavour. */
#define HF_TYPE_OF_(s, which)								\
	__typeof__(__builtin_choose_expr(HF_IN_CONST_(s), (s).types_[0]->of_const, (s).types_[0])->which)
#define HF_POINTER_OF_(s)	HF_TYPE_OF_(s, slice.ptr_)

/* Evaluates the front door's operand once. */
#define HF_LET_(var, e)		HF_SHADOW_BEGIN_ __extension__ __auto_type var = (e); HF_SHADOW_END_
/* As HF_LET_(), of a slice, grid or vector: the variable is const if the operand is. */
#define HF_LET_SLICE_(var, e)	HF_SHADOW_BEGIN_ __typeof__(e) var = (e); HF_SHADOW_END_
/* An index or a number of elements as a size_t.  The plus refuses pointers, which a cast alone would take. */
#define HF_LET_SIZE_(var, e)								\
	HF_SHADOW_BEGIN_								\
	__extension__ __auto_type const var##wide_ = +(e);				\
	const size_t var = HF_SIZE_(var##wide_);					\
	HF_SHADOW_END_

/* --- making one --------------------------------------------------------------------------------- */

#define HF_ARRAY_LEN_(a)	(sizeof(a) / sizeof((a)[0]))
/* Refuses a pointer: its length is not known. */
#define HF_IS_ARRAY_(a)									\
	HF_STATIC_CHECK_(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])), \
			 "'" #a "' is a pointer, not an array: its length is unknown")

/* Its elements are those of the slice, and const ones make only a slice of const ones. */
#define HF_IS_ARRAY_OF_(kind, a, door)							\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(((struct kind *)0)->ptr_), \
						      __typeof__(&(a)[0])) ||		\
			 __builtin_types_compatible_p(__typeof__(((struct kind *)0)->ptr_), \
						      const __typeof__((a)[0]) *),	\
			 door ": '" #a "' is not an array for a " #kind)

/*
 * Clang's lifetime analysis follows the value of a call with HF_BOUND, but not a literal, and outside of
 * functions only a literal is possible.  The call is there for the analysis and is never made.
 */
#ifdef HF_ANALYZED_
#define HF_SLICE_BOUND_(kind, array, literal)						\
	(true ? (literal) : kind##_bound_(&(array)[0]))
#else
#define HF_SLICE_BOUND_(kind, array, literal)	(literal)
#endif

/**
 * hf_slice() - the whole of an array.
 * @kind: the slice's type without `struct`: u8_slice, u8_cslice.
 * @array: an array, not a pointer; the slice must not outlive it.
 */
#define hf_slice(kind, array)								\
	(HF_IS_ARRAY_(array), HF_IS_ARRAY_OF_(kind, array, "hf_slice"),			\
	 HF_SLICE_BOUND_(kind, array, ((struct kind){ .len_ = HF_ARRAY_LEN_(array), .ptr_ = &(array)[0] })))

/**
 * hf_array_subslice() - the @n elements of an array from @from on.
 * @kind, @array: as in hf_slice().
 * @from, @n: constants that are out of range do not compile.
 *
 * Return: a `struct kind_result`; -ERANGE.
 */
#define hf_array_subslice(kind, array, from, n)						\
	(HF_IS_ARRAY_(array), HF_IS_ARRAY_OF_(kind, array, "hf_array_subslice"),		\
	 HF_STATIC_CHECK_((u64)HF_CONSTANT_OR_0_(from) <= HF_ARRAY_LEN_(array) &&	\
			  (u64)HF_CONSTANT_OR_0_(n) <= HF_ARRAY_LEN_(array) -		\
						(u64)HF_CONSTANT_OR_0_(from),		\
			  "hf_array_subslice: the range " #from ", " #n " is outside '" #array "'"), \
	 /* The plus keeps pointers out, which a cast alone would take. */		\
	 kind##_part_(&(array)[0], HF_ARRAY_LEN_(array), (u64)+(from), (u64)+(n)))

/** hf_slice_unchecked() - the @n elements at @p.  SAFETY: they are there as long as it is used. */
#define hf_slice_unchecked(kind, p, n)	((struct kind){ .len_ = (n), .ptr_ = (p) })

/** hf_str() - the characters of a string literal, without the 0 behind them: a `struct char_cslice`. */
#define hf_str(literal)									\
	((struct char_cslice){ .len_ = sizeof("" literal) - 1, .ptr_ = "" literal })

/** hf_bytes() - the same memory as bytes: a `struct u8_cslice` of a slice of characters or bytes. */
#define hf_bytes(s)									\
	__extension__ ({								\
		HF_LET_SLICE_(hf_s_, s)							\
		HF_STATIC_CHECK_(__builtin_types_compatible_p(HF_TYPE_OF_(hf_s_, const_slice), struct char_cslice) || \
				 __builtin_types_compatible_p(HF_TYPE_OF_(hf_s_, const_slice), struct u8_cslice), \
				 "hf_bytes: '" #s "' is no slice of characters or bytes"); \
		(struct u8_cslice){ .len_ = hf_s_.len_, .ptr_ = (const u8 *)(const void *)hf_s_.ptr_ }; \
	})

/** hf_const() - the same elements, read-only. */
#define hf_const(s)									\
	__extension__ ({								\
		HF_LET_SLICE_(hf_s_, s)							\
		(HF_TYPE_OF_(hf_s_, const_slice)){ .len_ = hf_s_.len_, .ptr_ = hf_s_.ptr_ }; \
	})

/* --- parts -------------------------------------------------------------------------------------- */

/** hf_len() - how many elements. */
#define hf_len(s)		((size_t)(s).len_)

/** hf_ptr_unchecked() - the bare pointer.  SAFETY: say what keeps its user inside. */
#define hf_ptr_unchecked(s)	((HF_POINTER_OF_(s))(s).ptr_)

/** hf_get() - a pointer to element @i, or -ERANGE.  Rust: slice::get. */
#define hf_get(s, i)									\
	__extension__ ({								\
		HF_LET_SIZE_(hf_i_, i)							\
		HF_LET_SLICE_(hf_s_, s)							\
		HF_LIKELY(hf_i_ < hf_s_.len_)						\
			? (HF_TYPE_OF_(hf_s_, elem)){ .val_ = hf_s_.ptr_ + hf_i_ }	\
			: (HF_TYPE_OF_(hf_s_, elem)){ .err_ = HF_ERROR_(-ERANGE) };	\
	})

/**
 * hf_at() - element @i, an lvalue, where the index is already proven.
 *
 * The index is computed before the slice is looked at, so it may come from what grows the vector.
 * Outside is a violation (bounds); does not compile where the optimiser knows it.  Rust: s[i].
 */
#define hf_at(s, i)									\
	(*__extension__ ({								\
		HF_LET_SIZE_(hf_i_, i)							\
		HF_LET_SLICE_(hf_s_, s)							\
		if (__builtin_constant_p(hf_i_) && __builtin_constant_p(hf_s_.len_) &&	\
		    hf_i_ >= hf_s_.len_)						\
			hf_constant_index_out_of_range();				\
		hf_require_below_at(HF_SITE(HF_BOUNDS, "index " #i " is outside '" #s "'"), \
				    hf_i_, hf_s_.len_);					\
		(HF_POINTER_OF_(hf_s_))hf_s_.ptr_ + hf_i_;				\
	}))

/**
 * hf_array_at() - element @i of an array, an lvalue.
 *
 * A constant outside does not compile, at any optimisation; a value outside is a violation (bounds).
 */
#define hf_array_at(array, i)								\
	(*__extension__ ({								\
		HF_IS_ARRAY_(array);							\
		HF_STATIC_CHECK_((u64)HF_CONSTANT_OR_0_(i) < HF_ARRAY_LEN_(array),	\
				 "hf_array_at: index " #i " is outside '" #array "'");	\
		HF_LET_(hf_a_, &(array))						\
		HF_LET_SIZE_(hf_i_, i)							\
		hf_require_below_at(HF_SITE(HF_BOUNDS, "index " #i " is outside '" #array "'"), \
				    hf_i_, HF_ARRAY_LEN_(array));				\
		&(*hf_a_)[hf_i_];							\
	}))

/** hf_subslice() - the @n elements from @from on, or -ERANGE.  Rust: s.get(from..from + n). */
#define hf_subslice(s, from, n)								\
	__extension__ ({								\
		HF_LET_SIZE_(hf_from_, from)						\
		HF_LET_SIZE_(hf_n_, n)							\
		HF_LET_SLICE_(hf_s_, s)							\
		/* Not from + n, which may wrap. */					\
		HF_LIKELY(hf_from_ <= hf_s_.len_ && hf_n_ <= hf_s_.len_ - hf_from_)	\
			? (HF_TYPE_OF_(hf_s_, sub)){ .val_ = { .len_ = hf_n_,		\
					.ptr_ = HF_PLUS_(hf_s_.ptr_, hf_from_) } } \
			: HF_FAILURE_((HF_TYPE_OF_(hf_s_, sub)){ .err_ = HF_ERROR_(-ERANGE) }); \
	})

/** hf_split_at() - `.head`, the first @n elements, and `.tail`, the others, or -ERANGE. */
#define hf_split_at(s, n)								\
	__extension__ ({								\
		HF_LET_SIZE_(hf_n_, n)							\
		HF_LET_SLICE_(hf_s_, s)							\
		HF_LIKELY(hf_n_ <= hf_s_.len_)						\
			? (HF_TYPE_OF_(hf_s_, halves)){ .val_ = {			\
					.head = { .len_ = hf_n_, .ptr_ = hf_s_.ptr_ },	\
					.tail = { .len_ = hf_s_.len_ - hf_n_,		\
						  .ptr_ = HF_PLUS_(hf_s_.ptr_, hf_n_) } } } \
			: (HF_TYPE_OF_(hf_s_, halves)){ .err_ = HF_ERROR_(-ERANGE) };	\
	})

/* --- whole slices ------------------------------------------------------------------------------- */

#define HF_WRITABLE_(s)									\
	(__builtin_types_compatible_p(HF_POINTER_OF_(s), __typeof__(*(s).ptr_) *) &&	\
	 !__builtin_types_compatible_p(__typeof__(&*(s).ptr_), const __typeof__(*(s).ptr_) *))

/**
 * hf_copy() - copy the elements of @from over those of @to; they may overlap.
 *
 * Return: 0, or -EMSGSIZE, and nothing copied, unless both have one length.  Rust: copy_from_slice.
 */
#define hf_copy(to, from)								\
	hf_must_use_(__extension__ ({								\
		HF_LET_SLICE_(hf_to_, to)						\
		HF_LET_SLICE_(hf_from_, from)						\
		HF_STATIC_CHECK_(__builtin_types_compatible_p(				\
					 HF_TYPE_OF_(hf_to_, const_slice),		\
					 HF_TYPE_OF_(hf_from_, const_slice)),		\
				 "hf_copy: '" #to "' and '" #from "' are of different types"); \
		HF_STATIC_CHECK_(HF_WRITABLE_(hf_to_), "hf_copy: '" #to "' is read-only"); \
		/* What may not be assigned, as an owner, may not be copied either. */	\
		(void)sizeof(*hf_to_.ptr_ = *hf_from_.ptr_);				\
		hf_copy_bytes_(hf_to_.ptr_, hf_to_.len_, hf_from_.ptr_, hf_from_.len_,	\
			       sizeof(*hf_to_.ptr_));					\
	}))

HF_INLINE HF_MUST_USE int hf_copy_bytes_(void *to, size_t to_len, const void *from, size_t from_len,
					 size_t size)
{
	if (HF_UNLIKELY(to_len != from_len))
		return HF_CALLER_ERROR_(-EMSGSIZE);
	if (to_len)
		memmove(to, from, to_len * size);
	return 0;
}

/** hf_fill() - set every element to @v. */
#define hf_fill(s, v)									\
	do {										\
		HF_LET_SLICE_(hf_filled_, s)						\
		HF_STATIC_CHECK_(HF_WRITABLE_(hf_filled_), "hf_fill: '" #s "' is read-only"); \
		const __typeof__(*hf_filled_.ptr_) hf_v_ = (v);				\
		for (size_t hf_i_ = 0; hf_i_ < hf_filled_.len_; hf_i_++)		\
			hf_filled_.ptr_[hf_i_] = hf_v_;					\
	} while (0)

/* A scope that runs once; leaving the inner loop, by break as well, leaves it. */
#define HF_ONCE_(var, e)								\
	for (__typeof__(e) var = (e), *hf_once_##var = &var; hf_once_##var; hf_once_##var = NULL)

/**
 * hf_for_each() - for every element.
 * @p: the new variable: a pointer to the element.
 * @s: a slice or vector; evaluated once.
 *
 * One count decides: there is no check of @p inside.  break, continue, return and goto do what they
 * say.
 */
#define hf_for_each(p, s)								\
	HF_ONCE_(hf_each_##p, s)							\
	HF_ONCE_(hf_nth_##p, (size_t)0)							\
	for (HF_POINTER_OF_(hf_each_##p) p;						\
	     hf_nth_##p < hf_each_##p.len_ &&						\
	     (p = hf_each_##p.ptr_ + hf_nth_##p, true); hf_nth_##p++)

/** hf_zip() - for every pair of elements of two slices, as long as both have one.  Rust: zip. */
#define hf_zip(p, s, q, t)								\
	HF_ONCE_(hf_each_##p, s)							\
	HF_ONCE_(hf_each_##q, t)							\
	HF_ONCE_(hf_both_##p, hf_each_##q.len_ < hf_each_##p.len_ ? hf_each_##q.len_	\
								 : hf_each_##p.len_)	\
	HF_ONCE_(hf_nth_##p, (size_t)0)							\
	for (HF_POINTER_OF_(hf_each_##q) q, *hf_run_##q = &q; hf_run_##q; hf_run_##q = NULL) \
	for (HF_POINTER_OF_(hf_each_##p) p; hf_nth_##p < hf_both_##p &&			\
	     (p = hf_each_##p.ptr_ + hf_nth_##p, q = hf_each_##q.ptr_ + hf_nth_##p, true); \
	     hf_nth_##p++)

/* --- two dimensions ----------------------------------------------------------------------------- */

/**
 * hf_grid() - a slice seen as rows.
 * @s: the elements.
 * @rows: how many rows.
 * @columns: elements in a row.
 * @stride: elements from the start of a row to that of the next; at least @columns.
 *
 * Return: a `struct kind_grid_result`; -ERANGE if the slice is too short.  One check for all rows.
 */
#define hf_grid(s, rows, columns, stride)						\
	__extension__ ({								\
		HF_LET_SLICE_(hf_s_, s)							\
		HF_LET_SIZE_(hf_rows_, rows)						\
		HF_LET_SIZE_(hf_columns_, columns)					\
		HF_LET_SIZE_(hf_stride_, stride)					\
		hf_grid_fits_(hf_s_.len_, hf_rows_, hf_columns_, hf_stride_)		\
			? (HF_TYPE_OF_(hf_s_, grid)){ .val_ = { .ptr_ = hf_s_.ptr_,	\
					.rows_ = hf_rows_, .columns_ = hf_columns_,	\
					.stride_ = hf_stride_ } }			\
			: (HF_TYPE_OF_(hf_s_, grid)){ .err_ = HF_ERROR_(-ERANGE) };	\
	})

HF_INLINE bool hf_grid_fits_(size_t len, size_t rows, size_t columns, size_t stride)
{
	size_t need;

	if (columns > stride)
		return false;
	if (!rows)
		return true;
	return !__builtin_mul_overflow(rows - 1, stride, &need) &&
	       !__builtin_add_overflow(need, columns, &need) && need <= len;
}

/*
 * Without the tests of hf_y_ and the stride, an empty grid would compute NULL + 0, which is undefined.  They
 * emit no code: both arms are the same address.
 */

/** hf_row() - row @y of a grid, a slice; outside is a violation (bounds). */
#define hf_row(g, y)									\
	__extension__ ({								\
		HF_LET_SLICE_(hf_g_, g)							\
		HF_LET_SIZE_(hf_y_, y)							\
		hf_require_below_at(HF_SITE(HF_BOUNDS, "row " #y " is outside '" #g "'"),	\
				    hf_y_, hf_g_.rows_);			\
		(HF_TYPE_OF_(hf_g_, slice)){ .len_ = hf_g_.columns_,			\
					     .ptr_ = hf_y_ && hf_g_.stride_ ?		\
						     hf_g_.ptr_ + hf_y_ * hf_g_.stride_ : \
						     hf_g_.ptr_ };			\
	})

/** hf_for_each_row() - for every row of a grid: @row is a slice.  No check per row. */
#define hf_for_each_row(row, g)								\
	HF_ONCE_(hf_each_##row, g)							\
	HF_ONCE_(hf_left_##row, (size_t)hf_each_##row.rows_)				\
	for (HF_TYPE_OF_(hf_each_##row, slice) row = { .len_ = hf_each_##row.columns_,	\
						       .ptr_ = hf_each_##row.ptr_ };	\
	     hf_left_##row;								\
	     row.ptr_ = --hf_left_##row && hf_each_##row.stride_ ?			\
			row.ptr_ + hf_each_##row.stride_ : row.ptr_)

#endif
