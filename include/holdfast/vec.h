/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Growable arrays whose growth can fail.
 *
 * The bug:
 *
 *	v->items = krealloc(v->items, n * sizeof(*v->items), GFP_KERNEL);	// n * size may wrap;
 *	v->items[v->len++] = x;			// on failure the old array is lost, and this is NULL
 *
 * Only hf_vec_push() and hf_vec_reserve() allocate; both take flags and can fail, and a failure
 * leaves the vector as it was.  Capacity is reserved outside a lock and used inside it:
 *
 *	hf_try_errno(hf_vec_reserve(&v, 1, GFP_KERNEL));
 *	{
 *		hf_lock(g, &dev->state);
 *		hf_try_errno(hf_vec_push_within(&v, g->id));
 *	}
 *
 * A vector can stand wherever slice.h's front doors take a slice: hf_at, hf_get, hf_subslice, hf_for_each.
 *
 * Rust: KVec<T>.
 */
#ifndef HOLDFAST_VEC_H
#define HOLDFAST_VEC_H

#include <holdfast/num.h>
#include <holdfast/own.h>
#include <holdfast/slice.h>

/**
 * HF_VEC_DEFINE() - make `struct name_vec`, a growable array of a slice's element.
 * @name: as in HF_SLICE_DEFINE(), which must come first.
 *
 * A zeroed vector is empty.  The elements are moved by copying their bytes and are not dropped.
 */
#define HF_VEC_DEFINE(name)								\
	struct name##_vec {								\
		size_t len_;								\
		__typeof__(((struct name##_slice *)0)->ptr_) ptr_;			\
		size_t capacity_;							\
		__extension__ struct name##_slice_types_ *types_[0];			\
	};										\
	/** Gives the memory back; the vector is empty then. */				\
	HF_INLINE void name##_vec_drop(struct name##_vec *v)				\
	{										\
		hf_free(v->ptr_);							\
		v->ptr_ = NULL;								\
		v->len_ = v->capacity_ = 0;						\
	}										\
	struct name##_vec

/* Room for @more elements beyond @len: the new capacity, or 0 if its size in bytes overflows. */
HF_INLINE size_t hf_vec_grown_(size_t len, size_t capacity, size_t more, size_t size)
{
	size_t need, bytes;

	if (__builtin_add_overflow(len, more, &need))
		return 0;
	if (need < capacity + capacity / 2)
		need = capacity + capacity / 2;
	if (need < 4)
		need = 4;
	return __builtin_mul_overflow(need, size, &bytes) ? 0 : need;
}

/* Out of the fast path of a push; @ptr_place is the address of the vector's pointer. */
static HF_COLD __attribute__((unused)) HF_MUST_USE int
hf_vec_grow_(void *ptr_place, size_t *capacity, size_t len, size_t more, size_t size, gfp_t gfp)
{
	size_t n = hf_vec_grown_(len, *capacity, more, size);
	void *p;

	if (!n)
		return -EOVERFLOW;
	memcpy(&p, ptr_place, sizeof(p));
	p = hf_sys_realloc(p, n * size, gfp);
	if (!p)
		return -ENOMEM;
	memcpy(ptr_place, &p, sizeof(p));
	*capacity = n;
	return 0;
}

/* An element moves by its bytes: what owns is unassignable.  No memcpy(), which FORTIFY_SOURCE replaces. */
HF_INLINE void hf_vec_set_(void *place, const void *x, size_t size)
{
	__builtin_memcpy(place, x, size);
}

/** hf_let_vec() - an empty vector whose memory is given back at the end of the scope. */
#define hf_let_vec(name, var)								\
	HF_BINDS_(var)									\
	struct name##_vec var HF_CLEANUP(name##_vec_drop) = { .len_ = 0 }

/**
 * hf_vec_reserve() - make room for @more elements.
 * @v: pointer to the vector.
 * @more: how many beyond those it has.
 * @gfp: how memory may be obtained.
 *
 * Return: 0; -ENOMEM or -EOVERFLOW, and nothing has changed.
 * Context: may sleep, if @gfp says so.
 */
#define hf_vec_reserve(v, more, gfp)							\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SIZE_(hf_more_, more)						\
		HF_LET_(hf_gfp_, gfp)							\
		HF_MAY_SLEEP_(gfp);							\
		hf_vec_->capacity_ - hf_vec_->len_ >= hf_more_ ? 0 :			\
			hf_vec_grow_(&hf_vec_->ptr_, &hf_vec_->capacity_, hf_vec_->len_, hf_more_, \
				     sizeof(*hf_vec_->ptr_), hf_gfp_);			\
	}))

/** hf_vec_push_within() - append @x if there is room; else -ENOSPC.  Never allocates. */
#define hf_vec_push_within(v, x)							\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SIZE_(hf_n_, hf_vec_->len_)					\
		HF_SHADOW_BEGIN_ const __typeof__(*hf_vec_->ptr_) hf_x_ = (x); HF_SHADOW_END_ \
		HF_LIKELY(hf_n_ < hf_vec_->capacity_)					\
			? (hf_vec_set_(hf_vec_->ptr_ + hf_n_, &hf_x_, sizeof(hf_x_)),	\
			   hf_vec_->len_ = hf_n_ + 1, 0)				\
			: HF_ERROR_(-ENOSPC);						\
	}))

/** hf_vec_push() - append @x, growing if need be; 0, or -ENOMEM or -EOVERFLOW and nothing changed. */
#define hf_vec_push(v, x, gfp)								\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_MAY_SLEEP_(gfp);							\
		HF_SHADOW_BEGIN_							\
		const __typeof__(*hf_vec_->ptr_) hf_x_ = (x);				\
		__auto_type const hf_gfp_ = (gfp);					\
		int hf_err_ = HF_LIKELY(hf_vec_->len_ < hf_vec_->capacity_) ? 0 :	\
			hf_vec_grow_(&hf_vec_->ptr_, &hf_vec_->capacity_, hf_vec_->len_, 1, \
				     sizeof(*hf_vec_->ptr_), hf_gfp_);			\
		HF_SHADOW_END_								\
		HF_UNLIKELY(hf_err_ < 0)						\
			? hf_err_							\
			: (hf_vec_set_(hf_vec_->ptr_ + hf_vec_->len_, &hf_x_, sizeof(hf_x_)), \
			   hf_vec_->len_++, 0);						\
	}))

/**
 * hf_vec_pop() - remove the last element and give it.
 * @name: of HF_RESULT_DEFINE(name, T), T the element; num.h has made those of the integers.
 * @v: pointer to the vector.
 *
 * Return: a `struct name_result`; -ENODATA if the vector is empty.
 */
#define hf_vec_pop(name, v)								\
	__extension__ ({								\
		HF_LET_(hf_vec_, v)							\
		hf_vec_->len_								\
			? (struct name##_result){ .val_ = hf_vec_->ptr_[--hf_vec_->len_] } \
			: (struct name##_result){ .err_ = HF_ERROR_(-ENODATA) };	\
	})

/** hf_vec_truncate() - keep at most the first @n elements. */
#define hf_vec_truncate(v, n)								\
	do {										\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SIZE_(hf_n_, n)							\
		if (hf_n_ < hf_vec_->len_)						\
			hf_vec_->len_ = hf_n_;						\
	} while (0)

/** hf_vec_slice() - the elements as a slice, until the vector grows; read-only if the vector is const. */
#define hf_vec_slice(v)									\
	__extension__ ({								\
		HF_LET_(hf_vec_, v)							\
		(HF_TYPE_OF_(*hf_vec_, slice)){ .len_ = hf_vec_->len_, .ptr_ = hf_vec_->ptr_ }; \
	})

HF_VEC_DEFINE(u8);
HF_VEC_DEFINE(u32);

#endif
