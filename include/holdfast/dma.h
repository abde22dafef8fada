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
 * A data buffer belongs to either the CPU or the device.  It is handed over by mapping it, which
 * gives the address for the device, and comes back, as a slice, by unmapping it.
 *
 * Rust: CoherentAllocation, dma_read!, dma_write!.
 */
#ifndef HOLDFAST_DMA_H
#define HOLDFAST_DMA_H

#include <holdfast/num.h>
#include <holdfast/slice.h>

/*
 * Words of a shared element.  What is read may have been written by any type, and what is copied from
 * need not be aligned.  What is written is read by nobody but the device and those words: it may alias
 * no other type, so that the array's length is not read again for each element.
 */
typedef u32 __attribute__((may_alias)) hf_dma_word_;
typedef u64 __attribute__((may_alias, aligned(1))) hf_dma_long_from_;
typedef hf_sys_dma_wide __attribute__((may_alias, aligned(1))) hf_dma_wide_from_;
typedef hf_sys_dma_wide __attribute__((aligned(8))) hf_dma_wide_;

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

/* --- buffers that are lent for one transfer ------------------------------------------------------ */

/** Bytes that the device will read.  Zeroed: holds nothing. */
struct hf_dma_to_device {
	struct u8_cslice bytes_;
	dma_addr_t addr_;
	struct hf_device *dev_;		/* set while the device holds them */
};

/** Bytes that the device will write. */
struct hf_dma_from_device {
	struct u8_slice bytes_;
	dma_addr_t addr_;
	struct hf_device *dev_;
};

/**
 * hf_dma_map_to_device() - hand bytes over to a device that reads them.
 * @m: an empty hand-over; on failure it stays empty.
 * @dev: the device.
 * @bytes: not to be written by the CPU until hf_dma_unmap_to_device().
 *
 * Return: 0; -EINVAL if there are no bytes; -ENOMEM, -EIO from the IOMMU.
 */
HF_INLINE HF_MUST_USE int hf_dma_map_to_device(struct hf_dma_to_device *m, struct hf_device *dev,
						struct u8_cslice bytes)
{
	int err;

	if (hf_broken_at(HF_CALLER_SITE(HF_DMA, "the device holds a buffer of this hand-over already"), !m->dev_))
		return HF_CALLER_ERROR_(-EBUSY);
	if (!bytes.len_)
		return HF_CALLER_ERROR_(-EINVAL);
	err = hf_sys_dma_map(dev, (void *)(unsigned long)bytes.ptr_, bytes.len_, true, false, &m->addr_);
	if (HF_UNLIKELY(err < 0))
		return err;
	m->bytes_ = bytes;
	m->dev_ = dev;
	/* The mapping followed it: see hf_dma_addr(). */
	HF_KNOWN_(dev);
	return 0;
}

/** hf_dma_map_from_device() - hand bytes over to a device that writes them; as the above. */
HF_INLINE HF_MUST_USE int hf_dma_map_from_device(struct hf_dma_from_device *m, struct hf_device *dev,
						  struct u8_slice bytes)
{
	int err;

	if (hf_broken_at(HF_CALLER_SITE(HF_DMA, "the device holds a buffer of this hand-over already"), !m->dev_))
		return HF_CALLER_ERROR_(-EBUSY);
	if (!bytes.len_)
		return HF_CALLER_ERROR_(-EINVAL);
	err = hf_sys_dma_map(dev, bytes.ptr_, bytes.len_, false, true, &m->addr_);
	if (HF_UNLIKELY(err < 0))
		return err;
	m->bytes_ = bytes;
	m->dev_ = dev;
	/* The mapping followed it: see hf_dma_addr(). */
	HF_KNOWN_(dev);
	return 0;
}

/** hf_dma_unmap_to_device() - take the bytes back, if the device holds them. */
HF_INLINE void hf_dma_unmap_to_device(struct hf_dma_to_device *m)
{
	if (m->dev_)
		hf_sys_dma_unmap(m->dev_, m->addr_, m->bytes_.len_, true, false);
	*m = (struct hf_dma_to_device){ .dev_ = NULL };
}

/** hf_dma_unmap_from_device() - take the bytes back, with what the device wrote; none if it holds none. */
HF_INLINE struct u8_slice hf_dma_unmap_from_device(struct hf_dma_from_device *m)
{
	struct u8_slice bytes = m->bytes_;

	if (m->dev_)
		hf_sys_dma_unmap(m->dev_, m->addr_, bytes.len_, false, true);
	*m = (struct hf_dma_from_device){ .dev_ = NULL };
	return bytes;
}

/** hf_dma_addr() - where the device sees the bytes; a violation (dma) while it does not hold them. */
#define hf_dma_addr(m)									\
	__extension__ ({								\
		HF_LET_(hf_m_, m)							\
		hf_require_at(HF_SITE(HF_DMA, "'" #m "' is not held by the device"), hf_m_->dev_); \
		hf_m_->addr_;								\
	})

#endif
