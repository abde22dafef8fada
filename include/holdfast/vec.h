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
 * What may grow a vector takes allocation flags and can fail, and a failure leaves the vector as it was.
 * Capacity is reserved outside a lock and used inside it:
 *
 *	hf_try_errno(hf_vec_reserve(&v, 1, GFP_KERNEL));
 *	{
 *		hf_lock(g, &dev->state);
 *		hf_try_errno(hf_vec_push_within(&v, g->id));
 *	}
 *
 * A vector that is itself behind a lock that spins grows with GFP_ATOMIC, or is swapped for one that was made outside.
 *
 * A vector can stand wherever slice.h's front doors take a slice: hf_at, hf_get, hf_subslice, hf_for_each.
 * A buffer of a size that is known at run time is a vector of bytes (hf_vec_resize, hf_vec_extend).  A vector
 * whose elements own something is of a type that drops them (HF_OWNING_VEC_DEFINE).
 *
 * The last section is for an object that ends in an array.
 *
 * Rust: KVec<T>.
 */
#ifndef HOLDFAST_VEC_H
#define HOLDFAST_VEC_H

#include <holdfast/num.h>
#include <holdfast/own.h>
#include <holdfast/slice.h>

/* The array of no elements says whether the vector drops its elements: by its size, 1 or 2. */
#define HF_VEC_KIND_(name, drops)							\
	struct name##_vec {								\
		size_t len_;								\
		__typeof__(((struct name##_slice *)0)->ptr_) ptr_;			\
		size_t capacity_;							\
		__extension__ struct name##_slice_types_ *types_[0];			\
		__extension__ char drops_[0][drops];					\
	}

/**
 * HF_VEC_DEFINE() - make `struct name_vec`, a growable array of a slice's element.
 * @name: as in HF_SLICE_DEFINE(), which must come first.
 *
 * Also makes name_vec_drop().  A zeroed vector is empty.  The elements are moved by copying their bytes, and
 * are not dropped: whoever puts elements into it that own something ends them before the vector.
 */
#define HF_VEC_DEFINE(name)								\
	HF_VEC_KIND_(name, 1);								\
	/** Gives the memory back; the vector is empty then. */				\
	HF_INLINE void name##_vec_drop(struct name##_vec *v)				\
	{										\
		hf_free(v->ptr_);							\
		v->ptr_ = NULL;								\
		v->len_ = v->capacity_ = 0;						\
	}										\
	struct name##_vec

/**
 * HF_OWNING_VEC_DEFINE() - make `struct name_vec`, a vector that owns what its elements own.
 * @name: as in HF_SLICE_DEFINE(), which must come first.
 * @drop_fn: void (T *): ends one element, and does nothing to a zeroed one; for owners, their name_own_drop().
 *
 * Also makes name_vec_drop(v) and name_vec_truncate(v, n), which drop elements.  hf_vec_push_own() and
 * hf_vec_insert_own() move an element in; hf_vec_pop() and hf_vec_remove() move one out.  hf_vec_reserve() as ever.
 */
#define HF_OWNING_VEC_DEFINE(name, drop_fn)						\
	HF_VEC_KIND_(name, 2);								\
	/** Keeps at most the first @n elements, and drops the others, the last first. */ \
	HF_INLINE void name##_vec_truncate(struct name##_vec *v, u64 n)			\
	{										\
		while (v->len_ > n)							\
			drop_fn(&v->ptr_[--v->len_]);					\
	}										\
	/** Drops the elements and gives the memory back; the vector is empty then. */	\
	HF_INLINE void name##_vec_drop(struct name##_vec *v)				\
	{										\
		name##_vec_truncate(v, 0);						\
		hf_free(v->ptr_);							\
		v->ptr_ = NULL;								\
		v->capacity_ = 0;							\
	}										\
	HF_INLINE HF_MUST_USE int							\
	name##_vec_push_(struct name##_vec *v, __typeof__(*((struct name##_slice *)0)->ptr_) x, gfp_t gfp) \
	{										\
		int err = v->len_ < v->capacity_ ? 0 :					\
			hf_vec_grow_(&v->ptr_, &v->capacity_, v->len_, 1, sizeof(x), gfp); \
											\
		if (HF_UNLIKELY(err))							\
			drop_fn(&x);							\
		else									\
			hf_vec_set_(&v->ptr_[v->len_++], &x, sizeof(x));		\
		return err;								\
	}										\
	HF_INLINE HF_MUST_USE int							\
	name##_vec_insert_(struct name##_vec *v, u64 i,					\
			   __typeof__(*((struct name##_slice *)0)->ptr_) x, gfp_t gfp)	\
	{										\
		int err = hf_vec_insert_(&v->ptr_, &v->capacity_, &v->len_, HF_SIZE_(i), &x, sizeof(x), gfp); \
											\
		if (HF_UNLIKELY(err))							\
			drop_fn(&x);							\
		return err;								\
	}										\
	struct name##_vec

/* What forgets elements, or loses one by a failure, is not for those that must be dropped. */
#define HF_VEC_PLAIN_(v, text, door, instead)						\
	_Static_assert(sizeof((v)->drops_[0]) == 1,					\
		       door ": the elements of '" text "' own something: use " instead);

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
static HF_COLD __attribute__((__unused__)) HF_MUST_USE int
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
		HF_VEC_PLAIN_(hf_vec_, #v, "hf_vec_push_within", "hf_vec_push_own()")	\
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
		HF_VEC_PLAIN_(hf_vec_, #v, "hf_vec_push", "hf_vec_push_own()")		\
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
 * hf_vec_push_own() - append an element that owns something, growing if need be.
 * @name: of HF_OWNING_VEC_DEFINE().
 * @v: pointer to the vector.
 * @x: the element, as hf_move() gives it.  It is the vector's then; on failure it is dropped.
 * @gfp: how memory may be obtained; not used while there is room (hf_vec_reserve()).
 *
 * Return: 0; -ENOMEM or -EOVERFLOW, and the vector is as it was.
 */
#define hf_vec_push_own(name, v, x, gfp)						\
	hf_must_use_(__extension__ ({							\
		HF_MAY_SLEEP_(gfp);							\
		name##_vec_push_((v), (x), (gfp));					\
	}))

/**
 * hf_vec_insert() - insert @x before element @i, growing if need be.
 * @v: pointer to the vector.
 * @i: the index that the new element gets; the length of the vector appends.
 * @x: the element.
 * @gfp: how memory may be obtained; not used while there is room (hf_vec_reserve()).
 *
 * Moves the elements from @i on.
 *
 * Return: 0; -ERANGE if @i is above the length, -ENOMEM or -EOVERFLOW, and nothing has changed.
 * Rust: Vec::insert, KVec::insert_within_capacity.
 */
#define hf_vec_insert(v, i, x, gfp)							\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_VEC_PLAIN_(hf_vec_, #v, "hf_vec_insert", "hf_vec_insert_own()")	\
		HF_LET_SIZE_(hf_i_, i)							\
		HF_SHADOW_BEGIN_ const __typeof__(*hf_vec_->ptr_) hf_x_ = (x); HF_SHADOW_END_ \
		HF_LET_(hf_gfp_, gfp)							\
		HF_MAY_SLEEP_(gfp);							\
		hf_vec_insert_(&hf_vec_->ptr_, &hf_vec_->capacity_, &hf_vec_->len_, hf_i_, &hf_x_, \
			       sizeof(hf_x_), hf_gfp_);					\
	}))

/**
 * hf_vec_insert_own() - as hf_vec_insert(), of an element that owns something.
 * @name: of HF_OWNING_VEC_DEFINE().
 * @v: pointer to the vector.
 * @i: as in hf_vec_insert().
 * @x: the element, as hf_move() gives it.  It is the vector's then; on failure it is dropped.
 * @gfp: as in hf_vec_insert().
 *
 * Return: 0, or the errors of hf_vec_insert(), and the vector is as it was.
 */
#define hf_vec_insert_own(name, v, i, x, gfp)						\
	hf_must_use_(__extension__ ({							\
		HF_MAY_SLEEP_(gfp);							\
		/* The plus keeps pointers out, which a cast alone would take. */	\
		name##_vec_insert_((v), (u64)+(i), (x), (gfp));				\
	}))

HF_INLINE HF_MUST_USE int hf_vec_insert_(void *ptr_place, size_t *capacity, size_t *len, size_t i,
					 const void *x, size_t size, gfp_t gfp)
{
	char *p;
	int err;

	if (HF_UNLIKELY(i > *len))
		return HF_CALLER_ERROR_(-ERANGE);
	err = *len < *capacity ? 0 : hf_vec_grow_(ptr_place, capacity, *len, 1, size, gfp);
	if (err)
		return err;
	memcpy(&p, ptr_place, sizeof(p));
	memmove(p + (i + 1) * size, p + i * size, (*len - i) * size);
	hf_vec_set_(p + i * size, x, size);
	++*len;
	return 0;
}

/**
 * hf_vec_extend() - append copies of all elements of a slice.
 * @v: pointer to the vector.
 * @s: a slice or vector of the same element; may be of @v itself.
 * @gfp: how memory may be obtained.
 *
 * Return: 0; -ENOMEM or -EOVERFLOW, and nothing has changed.  Rust: extend_from_slice.
 */
#define hf_vec_extend(v, s, gfp)							\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SLICE_(hf_from_, s)						\
		HF_LET_(hf_gfp_, gfp)							\
		HF_MAY_SLEEP_(gfp);							\
		HF_STATIC_CHECK_(__builtin_types_compatible_p(				\
					 HF_TYPE_OF_(*hf_vec_, const_slice),		\
					 HF_TYPE_OF_(hf_from_, const_slice)),		\
				 "hf_vec_extend: '" #v "' and '" #s "' are of different types"); \
		/* What may not be assigned, as an owner, may not be copied either. */	\
		(void)sizeof(*hf_vec_->ptr_ = *hf_from_.ptr_);				\
		hf_vec_extend_(&hf_vec_->ptr_, &hf_vec_->capacity_, &hf_vec_->len_, hf_from_.ptr_, \
			       hf_from_.len_, sizeof(*hf_vec_->ptr_), hf_gfp_);		\
	}))

HF_INLINE HF_MUST_USE int hf_vec_extend_(void *ptr_place, size_t *capacity, size_t *len, const void *from,
					 size_t n, size_t size, gfp_t gfp)
{
	const char *source = from;
	char *p;

	if (*capacity - *len < n) {
		size_t at;
		int err;

		/* Where in the vector the source is, if it is: growing may move the vector. */
		memcpy(&p, ptr_place, sizeof(p));
		at = (unsigned long)source - (unsigned long)p;
		err = hf_vec_grow_(ptr_place, capacity, *len, n, size, gfp);
		if (err)
			return err;
		if (at < *len * size) {
			memcpy(&p, ptr_place, sizeof(p));
			source = p + at;
		}
	}
	memcpy(&p, ptr_place, sizeof(p));
	if (n)
		memcpy(p + *len * size, source, n * size);
	*len += n;
	return 0;
}

/**
 * hf_vec_resize() - make the vector @n elements long.
 * @v: pointer to the vector.
 * @n: how many there shall be.  Those that are new are zeroed.
 * @gfp: how memory may be obtained.
 *
 * Return: 0; -ENOMEM or -EOVERFLOW, and nothing has changed.
 */
#define hf_vec_resize(v, n, gfp)							\
	hf_must_use_(__extension__ ({							\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SIZE_(hf_n_, n)							\
		HF_LET_(hf_gfp_, gfp)							\
		HF_MAY_SLEEP_(gfp);							\
		HF_VEC_PLAIN_(hf_vec_, #v, "hf_vec_resize", "name_vec_truncate()")	\
		hf_vec_resize_(&hf_vec_->ptr_, &hf_vec_->capacity_, &hf_vec_->len_, hf_n_, \
			       sizeof(*hf_vec_->ptr_), hf_gfp_);			\
	}))

HF_INLINE HF_MUST_USE int hf_vec_resize_(void *ptr_place, size_t *capacity, size_t *len, size_t n, size_t size,
					 gfp_t gfp)
{
	if (n > *len) {
		int err = n <= *capacity ? 0 : hf_vec_grow_(ptr_place, capacity, *len, n - *len, size, gfp);
		char *p;

		if (err)
			return err;
		memcpy(&p, ptr_place, sizeof(p));
		memset(p + *len * size, 0, (n - *len) * size);
	}
	*len = n;
	return 0;
}

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

/**
 * hf_vec_remove() - remove element @i and give it; the elements after it move up.
 * @name: as in hf_vec_pop().
 * @v: pointer to the vector.
 * @i: the index.
 *
 * Return: a `struct name_result`; -ERANGE if @i is not below the length.  Rust: Vec::remove.
 */
#define hf_vec_remove(name, v, i)							\
	__extension__ ({								\
		HF_LET_(hf_vec_, v)							\
		HF_LET_SIZE_(hf_i_, i)							\
		HF_SHADOW_BEGIN_							\
		const bool hf_there_ = HF_LIKELY(hf_i_ < hf_vec_->len_);		\
		struct name##_result hf_out_ = hf_there_				\
			? (struct name##_result){ .val_ = hf_vec_->ptr_[hf_i_] }	\
			: (struct name##_result){ .err_ = HF_ERROR_(-ERANGE) };	\
		HF_SHADOW_END_								\
		if (hf_there_)								\
			hf_vec_close_(hf_vec_->ptr_ + hf_i_, --hf_vec_->len_ - hf_i_,	\
				      sizeof(*hf_vec_->ptr_));				\
		hf_out_;								\
	})

/* Moves the @n elements behind @hole one place up. */
HF_INLINE void hf_vec_close_(void *hole, size_t n, size_t size)
{
	memmove(hole, (char *)hole + size, n * size);
}

/** hf_vec_truncate() - keep at most the first @n elements. */
#define hf_vec_truncate(v, n)								\
	do {										\
		HF_LET_(hf_vec_, v)							\
		HF_VEC_PLAIN_(hf_vec_, #v, "hf_vec_truncate", "name_vec_truncate()")	\
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

/* --- an array at the end of an object ------------------------------------------------------------
 *
 *	struct packet {
 *		int port;
 *		HF_TRAILING(u8, data);
 *	};
 *	HF_OWN_DEFINE(packet, struct packet, packet_free);
 *
 *	hf_let(packet, p, hf_try(hf_new_array(packet, data, n, GFP_KERNEL)));
 *	hf_fill(hf_trailing(u8_slice, hf_mut(p), data), 0xff);
 */

/** HF_TRAILING() - the last member of a structure: an array, with the number of its elements before it. */
#define HF_TRAILING(T, name)								\
	size_t name##_len_;								\
	T name[] HF_COUNTED_BY(name##_len_)

/**
 * hf_new_array() - allocate a zeroed object that ends in an array of @n elements.
 * @name: as in hf_new().
 * @member: the array, declared by HF_TRAILING().
 * @n: how many elements; stays so.
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_own_result`; -ENOMEM, or -EOVERFLOW if the size does not fit.
 */
#define hf_new_array(name, member, n, gfp)						\
	__extension__ ({								\
		typedef __typeof__(*((struct name##_own *)0)->type_[0]) hf_object_;	\
		HF_LET_SIZE_(hf_n_, n)							\
		HF_MAY_SLEEP_(gfp);							\
		name##_own_new_(hf_new_array_(sizeof(hf_object_), offsetof(hf_object_, member), \
					      sizeof(((hf_object_ *)0)->member[0]),	\
					      offsetof(hf_object_, member##_len_), hf_n_, (gfp))); \
	})

HF_INLINE void *hf_new_array_(size_t object, size_t at, size_t each, size_t len_at, size_t n, gfp_t gfp)
{
	size_t size;
	void *p;

	if (__builtin_mul_overflow(n, each, &size) || __builtin_add_overflow(size, at, &size))
		return (void *)(long)HF_CALLER_ERROR_(-EOVERFLOW);
	/* The object may have padding behind the array's first elements. */
	p = hf_alloc_or_err_(size < object ? object : size, gfp);
	if (!hf_failed_ptr_((long)p))
		memcpy((char *)p + len_at, &n, sizeof(n));
	return p;
}

/**
 * hf_trailing() - the array at the end of an object, as a slice.
 * @kind: the slice's type without `struct`; of a const object, a read-only one.
 * @p: pointer to the object: hf_ref(o), hf_mut(o).
 * @member: the array, declared by HF_TRAILING().
 */
#define hf_trailing(kind, p, member)							\
	__extension__ ({								\
		HF_LET_(hf_p_, p)							\
		HF_IS_ARRAY_OF_(kind, hf_p_->member, "hf_trailing");			\
		(struct kind){ .len_ = hf_p_->member##_len_, .ptr_ = hf_p_->member };	\
	})

#endif
