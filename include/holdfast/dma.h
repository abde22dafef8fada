/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Memory shared with a device: arrays read and written by copy, once; buffers handed over and back.
 *
 * The bug:
 *
 *	if (cqe->command_id < q->depth)			// first read of the device's memory
 *		complete(&q->requests[cqe->command_id]);	// second read: another value
 *
 * There are no pointers into an array that the device may write at any moment.  An element is copied out,
 * each word is read exactly once, and the copy is checked:
 *
 *	HF_DMA_DEFINE(nvme_cqes, struct nvme_cqe);
 *	struct nvme_cqe cqe = hf_try(nvme_cqes_read_if(&q->cqes, head, gate, mask, want));
 *
 * The other bug:
 *
 *	addr = dma_map_single(dev, buf, len, DMA_FROM_DEVICE);
 *	...
 *	if (err)
 *		return err;				// still mapped
 *	memset(buf, 0, len);				// while the device writes it
 *
 * A data buffer belongs to the CPU or to the device, and the type of its owner (own.h) says to which.  Mapping
 * takes one owner and gives the other, and so does unmapping.  So a buffer that nobody unmaps is an owner that
 * is dropped, and to use the bytes meanwhile, or to unmap twice, is to use what was moved:
 *
 *	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, len, GFP_KERNEL)));
 *	hf_let(u8_from_device, lent, hf_try(u8_map_from_device(hf_move(buf), dev, NULL)));
 *	hf_try_errno(read_into(hf_dma_addr(lent), hf_dma_size(lent)));	// on error: unmapped and freed
 *	hf_let(u8_buffer, got, u8_unmap_from_device(hf_move(lent)));
 *
 * read_into() gives an error only when the device uses the buffer no more, as the return unmaps and frees it.  A wait that
 * timed out is no such error: stop the device before, or keep the mapping in the object of the command.
 *
 * Rust: CoherentAllocation, dma_read!, dma_write!, SGTable.
 */
#ifndef HOLDFAST_DMA_H
#define HOLDFAST_DMA_H

#include <holdfast/num.h>
#include <holdfast/own.h>
#include <holdfast/slice.h>

/*
 * Words of a shared element.  What is read may have been written by any type, and what is copied from
 * need not be aligned.  What is written is read by nobody but the device and those words: it may alias
 * no other type, so that the array's length is not read again for each element.
 */
typedef u32 __attribute__((__may_alias__)) hf_dma_word_;
typedef u64 __attribute__((__may_alias__, __aligned__(1))) hf_dma_long_from_;
typedef hf_sys_dma_wide __attribute__((__may_alias__, __aligned__(1))) hf_dma_wide_from_;
typedef hf_sys_dma_wide __attribute__((__aligned__(8))) hf_dma_wide_;

HF_INLINE void hf_dma_load_(void *to, const void *from, size_t size)
{
	hf_dma_word_ *t = to;
	const hf_dma_word_ *f;

	HF_ONE_BASE_(from);
	f = from;
	HF_UNROLL_
	for (size_t i = 0; i < size / sizeof(*t); i++)
		t[i] = hf_sys_dma_load(&f[i]);
}

/* No memcpy(), whose checks of FORTIFY_SOURCE hide from the optimiser what it copies. */
HF_INLINE void hf_dma_store_(void *to, const void *from, size_t size)
{
	const size_t wide = size - size % sizeof(hf_dma_wide_);
	char *t;
	const char *f = from;

	HF_ONE_BASE_(to);
	t = to;
	HF_UNROLL_
	for (size_t i = 0; i < wide; i += sizeof(hf_dma_wide_))
		hf_sys_dma_store((hf_dma_wide_ *)(void *)(t + i),
				 *(const hf_dma_wide_from_ *)(const void *)(f + i));
	HF_UNROLL_
	for (size_t i = wide; i < size; i += sizeof(u64))
		hf_sys_dma_store((u64 *)(void *)(t + i),
				 *(const hf_dma_long_from_ *)(const void *)(f + i));
}

/* As hf_dma_load_(), if the word at @gate has the wanted bits; it is read first, and once. */
HF_INLINE bool hf_dma_load_if_(void *to, const void *from, size_t size, u64 gate, u32 mask, u32 want)
{
	hf_dma_word_ *t = to;
	const hf_dma_word_ *f;
	const size_t at = (size_t)gate / sizeof(*t);
	u32 word;

	HF_ONE_BASE_(from);
	f = from;
	word = hf_sys_dma_load_gate(&f[at]);
	if ((word & mask) != want)
		return false;
	HF_UNROLL_
	for (size_t i = 0; i < size / sizeof(*t); i++)
		t[i] = i == at ? word : hf_sys_dma_load(&f[i]);
	return true;
}

/* Any number of bytes, to any address.  Of the last word only the first bytes may be wanted. */
HF_INLINE void hf_dma_load_bytes_(u8 *to, const void *from, size_t n)
{
	const hf_dma_word_ *f = from;
	u32 word;

	for (; n >= sizeof(word); n -= sizeof(word), to += sizeof(word), f++) {
		word = hf_sys_dma_load(f);
		__builtin_memcpy(to, &word, sizeof(word));
	}
	if (n) {
		word = hf_sys_dma_load(f);
		__builtin_memcpy(to, &word, n);
	}
}

/* The bytes behind the last one stay as they are, so what is no whole word is written byte by byte. */
HF_INLINE void hf_dma_store_bytes_(void *to, const u8 *from, size_t n)
{
	u64 *t = to;
	u8 *last;

	for (; n >= sizeof(*t); n -= sizeof(*t), from += sizeof(*t), t++)
		hf_sys_dma_store(t, *(const hf_dma_long_from_ *)(const void *)from);
	for (last = (u8 *)t; n; n--, from++, last++)
		hf_sys_dma_store(last, *from);
}

/*
 * The index behind @i in a ring: 0 behind the last.  The comparison that finds the end of the ring also finds
 * an index that is outside, so the check costs nothing on the way round.
 */
HF_INLINE u32 hf_dma_next_(u32 i, size_t len, const struct hf_violation *outside)
{
	/* Wider than @i, so that it does not wrap. */
	const u64 next = (u64)i + 1;

	if (HF_LIKELY(next < len))
		return (u32)next;
	hf_require_below_at(outside, i, len);
	return 0;
}

/**
 * HF_DMA_DEFINE() - make `struct name`, an array of T in memory shared with a device for its life.
 * @name: names the type and its functions.
 * @T: the element: wire integers (num.h); its size is a multiple of 8 bytes.
 *
 *   name_alloc(dev, n, gfp)   a `struct name_result`: zeroed; -ENOMEM, -EINVAL if @n is 0
 *   name_drop(a)              gives it back, if there is any, and empties it
 *   name_read(a, i)           a copy of element i, each word read once
 *   name_read_if(a, i, gate, mask, want)   a `struct name_elem_result`: the same, if the 32-bit
 *                             little-endian word at byte offset @gate has the bits @want under
 *                             @mask; else -EAGAIN.  No other word is read before it, and it is not
 *                             read again.
 *   name_write(a, i, v)       a copy into element i, each word written once
 *   name_write_from(a, i, p)  the same of *p, without a copy between
 *   name_try_write(a, i, v)   the same of v, where the index is not proven: 0, or -ERANGE
 *   name_read_bytes(a, i, to) the bytes from element @i on, copied to all of the `struct u8_slice` @to, each
 *                             word read once: 0; -ERANGE if there are fewer, and nothing is copied
 *   name_write_bytes(a, i, from)   all of the `struct u8_cslice` @from, copied to the bytes from element
 *                             @i on, each written once: 0; -ERANGE if there is less room, and nothing
 *                             is copied.  No other byte is written.
 *   name_ring_read_if(a, at, gate, mask, want)   as name_read_if() of element *at; *at then is the
 *                             next one, and 0 behind the last
 *   name_ring_write(a, at, p) as name_write_from() to element *at, which then is the next one
 *   name_subarray(a, from, n)      a `struct name_result`: the @n elements from @from on, as an array that
 *                             owns nothing; or -ERANGE.  One check for a whole loop below name_len().
 *   name_len(a)               how many elements
 *   name_addr(a)              where the device sees element 0
 *
 * An index outside is a violation (bounds).
 */
#define HF_DMA_DEFINE(name, T)								\
	_Static_assert(sizeof(T) % 8 == 0, #name ": the size of an element is not a multiple of 8"); \
	struct name {									\
		T *cpu_;								\
		size_t len_;								\
		dma_addr_t addr_;							\
		struct hf_device *dev_;		/* NULL: another array's elements */	\
	};										\
	HF_RESULT_DEFINE(name, struct name);						\
	HF_RESULT_DEFINE(name##_elem, T);						\
	HF_INLINE struct name##_result name##_alloc(struct hf_device *dev, u64 n, gfp_t gfp)	\
	{										\
		struct name a = { .len_ = HF_SIZE_(n), .dev_ = dev };			\
		size_t size;								\
											\
		if (!n || __builtin_mul_overflow(a.len_, sizeof(T), &size))			\
			return (struct name##_result){ .err_ = HF_CALLER_ERROR_(-EINVAL) }; \
		a.cpu_ = hf_sys_dma_alloc(dev, size, &a.addr_, gfp);			\
		if (!a.cpu_)								\
			return (struct name##_result){ .err_ = HF_CALLER_ERROR_(-ENOMEM) }; \
		return (struct name##_result){ .val_ = a };				\
	}										\
	HF_INLINE void name##_drop(struct name *a)					\
	{										\
		if (a->dev_)								\
			hf_sys_dma_free(a->dev_, a->len_ * sizeof(T), a->cpu_, a->addr_); \
		*a = (struct name){ .cpu_ = NULL };					\
	}										\
	HF_INLINE T name##_read(const struct name *a, u64 i)				\
	{										\
		T v HF_UNINITIALIZED_;							\
											\
		hf_require_below_at(HF_CALLER_SITE(HF_BOUNDS, "the index is outside " #name), i, a->len_); \
		hf_dma_load_(&v, &a->cpu_[i], sizeof(v));				\
		return v;								\
	}										\
	/* The index is inside. */							\
	HF_INLINE struct name##_elem_result						\
	name##_load_if_(const struct name *a, u64 i, u64 gate, u32 mask, u32 want) \
	{										\
		struct name##_elem_result r HF_UNINITIALIZED_;				\
											\
		hf_require_at(HF_CALLER_SITE(HF_BOUNDS, "the gate is not a word of " #name),	\
			      gate <= sizeof(T) - 4 && gate % 4 == 0);			\
		r.err_ = hf_dma_load_if_(&r.val_, &a->cpu_[i], sizeof(T), gate,		\
					 (__force u32)cpu_to_le32(mask),			\
					 (__force u32)cpu_to_le32(want)) ? 0 : -EAGAIN; \
		return r;								\
	}										\
	HF_INLINE struct name##_elem_result						\
	name##_read_if(const struct name *a, u64 i, u64 gate, u32 mask, u32 want)	\
	{										\
		hf_require_below_at(HF_CALLER_SITE(HF_BOUNDS, "the index is outside " #name), i, a->len_); \
		return name##_load_if_(a, i, gate, mask, want);				\
	}										\
	HF_INLINE struct name##_elem_result						\
	name##_ring_read_if(const struct name *a, u32 *at, u64 gate, u32 mask, u32 want) \
	{										\
		const u32 next = hf_dma_next_(*at, a->len_,				\
				HF_CALLER_SITE(HF_BOUNDS, "the index is outside " #name));	\
		struct name##_elem_result r = name##_load_if_(a, *at, gate, mask, want); \
											\
		if (!r.err_)								\
			*at = next;							\
		return r;								\
	}										\
	HF_INLINE void name##_write_from(const struct name *a, u64 i, const T *p)	\
	{										\
		hf_require_below_at(HF_CALLER_SITE(HF_BOUNDS, "the index is outside " #name), i, a->len_); \
		hf_dma_store_(&a->cpu_[i], p, sizeof(*p));				\
	}										\
	HF_INLINE void name##_write(const struct name *a, u64 i, T v)		\
	{										\
		name##_write_from(a, i, &v);						\
	}										\
	HF_INLINE HF_MUST_USE int name##_try_write(const struct name *a, u64 i, T v)	\
	{										\
		if (HF_UNLIKELY(i >= a->len_))						\
			return HF_CALLER_ERROR_(-ERANGE);				\
		hf_dma_store_(&a->cpu_[i], &v, sizeof(v));				\
		return 0;								\
	}										\
	/* Whether there are @n bytes from element @i on. */				\
	HF_INLINE bool name##_has_bytes_(const struct name *a, u64 i, size_t n)		\
	{										\
		return HF_LIKELY(i <= a->len_ && n <= (a->len_ - (size_t)i) * sizeof(T));	\
	}										\
	HF_INLINE HF_MUST_USE int name##_read_bytes(const struct name *a, u64 i, struct u8_slice to) \
	{										\
		if (!name##_has_bytes_(a, i, to.len_))					\
			return HF_CALLER_ERROR_(-ERANGE);				\
		if (to.len_)								\
			hf_dma_load_bytes_(to.ptr_, &a->cpu_[i], to.len_);		\
		return 0;								\
	}										\
	HF_INLINE HF_MUST_USE int name##_write_bytes(const struct name *a, u64 i, struct u8_cslice from) \
	{										\
		if (!name##_has_bytes_(a, i, from.len_))				\
			return HF_CALLER_ERROR_(-ERANGE);				\
		if (from.len_)								\
			hf_dma_store_bytes_(&a->cpu_[i], from.ptr_, from.len_);		\
		return 0;								\
	}										\
	HF_INLINE void name##_ring_write(const struct name *a, u32 *at, const T *p)	\
	{										\
		const u32 i = *at;							\
											\
		*at = hf_dma_next_(i, a->len_,						\
				   HF_CALLER_SITE(HF_BOUNDS, "the index is outside " #name));	\
		hf_dma_store_(&a->cpu_[i], p, sizeof(*p));				\
	}										\
	HF_INLINE struct name##_result name##_subarray(const struct name *a HF_BOUND, u64 from, u64 n) \
	{										\
		if (HF_UNLIKELY(from > a->len_ || n > a->len_ - from))			\
			return HF_FAILURE_((struct name##_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }); \
		return (struct name##_result){ .val_ = { .len_ = (size_t)n,		\
				.cpu_ = from ? a->cpu_ + from : a->cpu_,		\
				.addr_ = a->addr_ + from * sizeof(T) } };		\
	}										\
	HF_INLINE size_t name##_len(const struct name *a)				\
	{										\
		return a->len_;								\
	}										\
	HF_INLINE dma_addr_t name##_addr(const struct name *a)				\
	{										\
		return a->addr_;							\
	}										\
	struct name

/* --- buffers that are handed over for a transfer -------------------------------------------------
 *
 *	HF_SLICE_DEFINE(range, struct nvme_dsm_range);
 *	HF_DMA_BUFFER_DEFINE(range);
 *
 *	hf_let(range_buffer, ranges, hf_try(hf_new_buffer(range, n, GFP_KERNEL)));
 *	fill(range_buffer_slice(hf_mut(ranges)));
 *	hf_let(range_to_device, lent, hf_try(range_map_to_device(hf_move(ranges), dev, NULL)));
 *	submit(hf_dma_addr(lent), hf_dma_size(lent));
 */

/*
 * What the owners of one buffer own in turn.  The elements are a block of their own: they share no cache line
 * with anything, and a whole page stays one.  It is reached by pointers to several types.
 */
struct hf_dma_memory_ {
	void *cpu_;
	size_t len_;			/* elements */
	/* While the device has it: */
	size_t size_;			/* bytes */
	dma_addr_t addr_;
	struct hf_device *dev_;
} __attribute__((__may_alias__));

HF_INLINE void *hf_dma_memory_new_(u64 n, size_t each, gfp_t gfp)
{
	const size_t len = HF_SIZE_(n);
	struct hf_dma_memory_ *m;
	size_t size;

	if (!n || __builtin_mul_overflow(len, each, &size))
		return (void *)(long)HF_CALLER_ERROR_(-EINVAL);
	m = hf_sys_alloc(sizeof(*m), gfp);
	if (!m)
		return (void *)(long)HF_CALLER_ERROR_(-ENOMEM);
	m->cpu_ = hf_sys_alloc(size, gfp);
	m->len_ = len;
	if (!m->cpu_) {
		hf_sys_free(m);
		return (void *)(long)HF_CALLER_ERROR_(-ENOMEM);
	}
	return m;
}

HF_INLINE void hf_dma_memory_free_(struct hf_dma_memory_ *m)
{
	hf_sys_free(m->cpu_);
	hf_sys_free(m);
}

HF_INLINE int hf_dma_memory_map_(struct hf_dma_memory_ *m, struct hf_device *dev, size_t each, u64 from,
				 u64 n, bool device_reads, bool device_writes)
{
	int err;

	if (HF_UNLIKELY(from > m->len_ || n > m->len_ - from))
		return HF_CALLER_ERROR_(-ERANGE);
	if (HF_UNLIKELY(!n))
		return HF_CALLER_ERROR_(-EINVAL);
	m->size_ = (size_t)n * each;
	err = hf_sys_dma_map(dev, (char *)m->cpu_ + (size_t)from * each, m->size_, device_reads, device_writes,
			     &m->addr_);
	if (HF_UNLIKELY(err < 0)) {
		HF_KNOWN_(err >= -4095);
		return HF_CALLER_ERROR_(err);
	}
	m->dev_ = dev;
	return 0;
}

/**
 * HF_DMA_BUFFER_DEFINE() - make the owners of a buffer that is handed to a device and back.
 * @name: as in HF_SLICE_DEFINE(), which must come first.  The element is made of wire integers (num.h) or
 *	bytes, as a device may put any value there.
 *
 * There are three types of owner (own.h), and one of them owns the buffer at a time:
 *
 *   name_buffer_own        the CPU's.  Lends slices: name_buffer_slice(hf_mut(b)), and read-only ones,
 *                          name_buffer_cslice(hf_ref(b)).
 *   name_to_device_own     the device reads it.  Lends no element, only hf_dma_addr() and hf_dma_size().
 *   name_from_device_own   the device writes it; the same.
 *
 * Mapping takes the CPU's owner and gives a device's, unmapping the other way round:
 *
 *   name_map_to_device(b, dev, back)     a `struct name_to_device_own_result`; -ENOMEM, -EIO
 *   name_map_from_device(b, dev, back)   a `struct name_from_device_own_result`
 *   name_map_part_to_device(b, dev, from, n, back)     the same of the @n elements from @from on; also
 *   name_map_part_from_device(b, dev, from, n, back)   -ERANGE, and -EINVAL if @n is 0.  Nobody has the
 *                                        other elements meanwhile.
 *   name_unmap_to_device(m)              a `struct name_buffer_own`
 *   name_unmap_from_device(m)            the same, with what the device wrote
 *
 * If a mapping fails, the buffer goes to the empty place @back, often the one that it came from; if that is
 * NULL, it is dropped.  A driver that allocated its buffers in advance still has them then:
 *
 *	hf_try_errno(hf_set_ok(slot->lent, u8_map_to_device(hf_take(slot->buf), dev, &slot->buf)));
 *
 * The drop of a device's owner unmaps and frees.  Like unmapping it comes after the device is done: the
 * command completed, or the device was stopped.  No type knows when that is.
 *
 * @dev outlives each mapping, as unmapping needs it: keep both in one structure, which the end of the device
 * drops (revocable.h).
 *
 * To map or unmap an empty owner is a violation (moved); to give a buffer back to a place that owns one, too
 * (leak).
 *
 * Context: any.  Rust: SGTable<Owned<P>>, which has the direction as a value and does not give the memory back.
 */
#define HF_DMA_BUFFER_DEFINE(name)							\
	struct name##_buffer {								\
		struct hf_dma_memory_ memory_;						\
	} __attribute__((__may_alias__));						\
	HF_INLINE void name##_buffer_free_(struct name##_buffer *b)			\
	{										\
		hf_dma_memory_free_(&b->memory_);					\
	}										\
	HF_OWN_DEFINE(name##_buffer, struct name##_buffer, name##_buffer_free_);	\
	HF_INLINE struct name##_buffer_own_result name##_buffer_new_(u64 n, gfp_t gfp)	\
	{										\
		return name##_buffer_own_new_(hf_dma_memory_new_(n, HF_DMA_EACH_(name), gfp)); \
	}										\
	HF_INLINE struct name##_slice name##_buffer_slice(struct name##_buffer *b HF_BOUND) \
	{										\
		return (struct name##_slice){ .len_ = b->memory_.len_, .ptr_ = b->memory_.cpu_ }; \
	}										\
	HF_INLINE struct name##_cslice name##_buffer_cslice(const struct name##_buffer *b HF_BOUND) \
	{										\
		return (struct name##_cslice){ .len_ = b->memory_.len_, .ptr_ = b->memory_.cpu_ }; \
	}										\
	HF_DMA_DIRECTION_(name, to_device, true, false)					\
	HF_DMA_DIRECTION_(name, from_device, false, true)				\
	struct name##_buffer

#define HF_DMA_EACH_(name)	sizeof(*((struct name##_slice *)0)->ptr_)

#define HF_DMA_DIRECTION_(name, direction, reads, writes)				\
	struct name##_##direction {							\
		struct hf_dma_memory_ mapped_;						\
	} __attribute__((__may_alias__));						\
	HF_INLINE void name##_##direction##_free_(struct name##_##direction *m)		\
	{										\
		hf_sys_dma_unmap(m->mapped_.dev_, m->mapped_.addr_, m->mapped_.size_, reads, writes); \
		hf_dma_memory_free_(&m->mapped_);					\
	}										\
	HF_OWN_DEFINE(name##_##direction, struct name##_##direction, name##_##direction##_free_); \
	HF_INLINE struct name##_##direction##_own_result				\
	name##_map_part_##direction(struct name##_buffer_own b, struct hf_device *dev HF_BOUND, u64 from, u64 n, \
				    struct name##_buffer_own *back)			\
	{										\
		struct hf_dma_memory_ *const m = b.own.ptr_;				\
		int err;								\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no " #name " buffer to map"), m); \
		err = hf_dma_memory_map_(m, dev, HF_DMA_EACH_(name), from, n, reads, writes); \
		if (HF_UNLIKELY(err)) {							\
			if (back)							\
				hf_set_(&back->own, b.own,				\
					HF_CALLER_SITE(HF_LEAK, "the place for the " #name \
						       " buffer that was not mapped owns one")); \
			else								\
				name##_buffer_own_drop(&b);				\
			return HF_FAILURE_(name##_##direction##_own_new_((void *)(long)err)); \
		}									\
		HF_POINTS_(m);								\
		return name##_##direction##_own_new_(m);				\
	}										\
	HF_INLINE struct name##_##direction##_own_result				\
	name##_map_##direction(struct name##_buffer_own b, struct hf_device *dev HF_BOUND,	\
			       struct name##_buffer_own *back)				\
	{										\
		const struct hf_dma_memory_ *const m = b.own.ptr_;			\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no " #name " buffer to map"), m); \
		/* A buffer has an element at least. */					\
		HF_KNOWN_(m->len_);							\
		return name##_map_part_##direction(b, dev, 0, m->len_, back);		\
	}										\
	HF_INLINE struct name##_buffer_own name##_unmap_##direction(struct name##_##direction##_own owner) \
	{										\
		struct hf_dma_memory_ *const m = owner.own.ptr_;			\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no " #name " buffer to unmap"), m); \
		hf_sys_dma_unmap(m->dev_, m->addr_, m->size_, reads, writes);		\
		return (struct name##_buffer_own){ .own = { .ptr_ = m } };		\
	}

/**
 * hf_new_buffer() - allocate a zeroed buffer, which the CPU owns.
 * @name: as in HF_DMA_BUFFER_DEFINE().
 * @n: how many elements; stays so.
 * @gfp: how memory may be obtained.
 *
 * Return: a `struct name_buffer_own_result`; -ENOMEM; -EINVAL if @n is 0, or too many for any memory.
 * Context: may sleep, if @gfp says so.
 */
#define hf_new_buffer(name, n, gfp)							\
	/* The plus keeps pointers out, which a cast alone would take. */		\
	(HF_MAY_SLEEP_(gfp), name##_buffer_new_((u64)+(n), (gfp)))

/**
 * hf_dma_addr() - where the device sees a buffer that is mapped for it.
 * @m: a device's owner, in a variable or a place.
 *
 * Does not compile of a buffer that the CPU owns.
 */
#define hf_dma_addr(m)		(HF_REF_(m, #m)->mapped_.addr_)

/** hf_dma_size() - how many bytes of it the device sees. */
#define hf_dma_size(m)		(HF_REF_(m, #m)->mapped_.size_)

HF_DMA_BUFFER_DEFINE(u8);

#endif
