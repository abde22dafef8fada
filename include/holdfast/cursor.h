/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Cursors: read and write bytes in order, never past the end, each byte once.
 *
 * The bug:
 *
 *	while (p < end) {
 *		u8 type = *p++, n = *p++;	// the second byte may lie past the end
 *		handle(type, p, n);		// and n bytes may, too
 *		p += n;
 *	}
 *
 * With a reader the length is part of what is read from, and a number that was read is untrusted
 * (num.h) until it was checked:
 *
 *	while (hf_remaining(&r)) {
 *		u8 type = hf_accept_any(hf_try(hf_read_u8(&r)));
 *		struct hf_reader body = hf_try(hf_subreader(&r, hf_try(hf_read_u8(&r))));
 *		handle(type, &body);
 *	}
 *
 * A read that fails gives -ENODATA and moves nothing.  Direction is in the type: hf_reader over
 * constant bytes, hf_writer over writable ones, hf_uaccess_reader and hf_uaccess_writer over the memory of
 * a process, which may change or vanish at any time and is therefore copied, once.
 *
 * Rust: UserSliceReader, UserSliceWriter; std::io::Cursor.
 */
#ifndef HOLDFAST_CURSOR_H
#define HOLDFAST_CURSOR_H

#include <holdfast/num.h>
#include <holdfast/slice.h>

/** Reads bytes in order. */
struct hf_reader {
	struct u8_cslice rest_;
};

/** Writes bytes in order. */
struct hf_writer {
	struct u8_slice rest_;
};

HF_RESULT_DEFINE(hf_reader, struct hf_reader);

/** hf_reader() - read from the start of @bytes. */
HF_INLINE struct hf_reader hf_reader(struct u8_cslice bytes HF_BOUND)
{
	return (struct hf_reader){ .rest_ = bytes };
}

/** hf_writer() - write from the start of @bytes. */
HF_INLINE struct hf_writer hf_writer(struct u8_slice bytes HF_BOUND)
{
	return (struct hf_writer){ .rest_ = bytes };
}

/** hf_remaining() - how many bytes are left, of any cursor. */
#define hf_remaining(cursor)	((cursor)->rest_.len_)

/*
 * Gives the next @n bytes at *@p; false, and consumes nothing, if there are fewer.  With @n of 0 the pointer is
 * stored as it is, as NULL + 0 is undefined; leaving the store out would cost a jump.
 */
HF_INLINE bool hf_reader_next_(struct hf_reader *r, u64 n, const u8 **p)
{
	*p = r->rest_.ptr_;
	if (HF_UNLIKELY(n > r->rest_.len_))
		return false;
	r->rest_.len_ -= (size_t)n;
	r->rest_.ptr_ = n ? *p + n : *p;
	return true;
}

HF_INLINE bool hf_writer_next_(struct hf_writer *w, size_t n, u8 **p)
{
	*p = w->rest_.ptr_;
	if (HF_UNLIKELY(n > w->rest_.len_))
		return false;
	w->rest_.len_ -= n;
	w->rest_.ptr_ = n ? *p + n : *p;
	return true;
}

/*
 * hf_read_u8, hf_read_le16 … hf_read_be64, hf_read_cpu16 …: an untrusted number, or -ENODATA.
 * hf_write_u8, hf_write_le16 …: 0, or -ENOSPC and nothing written.
 */
#define HF_CURSOR_DEFINE_(order, bits, wire_type, from_wire, to_wire)			\
	HF_INLINE struct untrusted_u##bits##_result hf_read_##order(struct hf_reader *r) \
	{										\
		wire_type wire;								\
		const u8 *p;								\
											\
		if (!hf_reader_next_(r, sizeof(wire), &p))				\
			return (struct untrusted_u##bits##_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) }; \
		memcpy(&wire, p, sizeof(wire));						\
		return (struct untrusted_u##bits##_result){ .val_ = from_wire(wire) };	\
	}										\
	HF_INLINE HF_MUST_USE int hf_write_##order(struct hf_writer *w, u##bits v)	\
	{										\
		const wire_type wire = to_wire(v);					\
		u8 *p;									\
											\
		if (!hf_writer_next_(w, sizeof(wire), &p))				\
			return HF_CALLER_ERROR_(-ENOSPC);				\
		memcpy(p, &wire, sizeof(wire));						\
		return 0;								\
	}

HF_CURSOR_DEFINE_(u8, 8, struct hf_untrusted_u8, , hf_untrusted_u8)
HF_CURSOR_DEFINE_(le16, 16, struct hf_le16, hf_from_le, hf_le16)
HF_CURSOR_DEFINE_(le32, 32, struct hf_le32, hf_from_le, hf_le32)
HF_CURSOR_DEFINE_(le64, 64, struct hf_le64, hf_from_le, hf_le64)
HF_CURSOR_DEFINE_(be16, 16, struct hf_be16, hf_from_be, hf_be16)
HF_CURSOR_DEFINE_(be32, 32, struct hf_be32, hf_from_be, hf_be32)
HF_CURSOR_DEFINE_(be64, 64, struct hf_be64, hf_from_be, hf_be64)
HF_CURSOR_DEFINE_(cpu16, 16, struct hf_untrusted_u16, , hf_untrusted_u16)
HF_CURSOR_DEFINE_(cpu32, 32, struct hf_untrusted_u32, , hf_untrusted_u32)
HF_CURSOR_DEFINE_(cpu64, 64, struct hf_untrusted_u64, , hf_untrusted_u64)

/** hf_read_bytes() - the next @n bytes, where they are, or -ENODATA. */
HF_INLINE struct u8_cslice_result hf_read_bytes(struct hf_reader *r, u64 n)
{
	const u8 *p;

	if (!hf_reader_next_(r, n, &p))
		return (struct u8_cslice_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) };
	return (struct u8_cslice_result){ .val_ = { .len_ = (size_t)n, .ptr_ = p } };
}

HF_INLINE struct hf_reader_result hf_subreader_(struct hf_reader *r, u64 n)
{
	const u8 *p;

	if (!hf_reader_next_(r, n, &p))
		return (struct hf_reader_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) };
	return (struct hf_reader_result){ .val_ = { .rest_ = { .len_ = (size_t)n, .ptr_ = p } } };
}

/** hf_subreader() - a reader of just the next @n bytes, @n untrusted: the check is in here; -ENODATA. */
#define hf_subreader(r, n)	hf_subreader_((r), hf_accept_any(n))

/** hf_skip() - consume @n bytes; 0, or -ENODATA. */
HF_INLINE HF_MUST_USE int hf_skip(struct hf_reader *r, u64 n)
{
	const u8 *p;

	return hf_reader_next_(r, n, &p) ? 0 : HF_CALLER_ERROR_(-ENODATA);
}

/** hf_write_bytes() - append all of @bytes; 0, or -ENOSPC and nothing written. */
HF_INLINE HF_MUST_USE int hf_write_bytes(struct hf_writer *w, struct u8_cslice bytes)
{
	u8 *p;

	if (!hf_writer_next_(w, bytes.len_, &p))
		return HF_CALLER_ERROR_(-ENOSPC);
	if (bytes.len_)
		memcpy(p, bytes.ptr_, bytes.len_);
	return 0;
}

/* --- structures in bytes --------------------------------------------------------------------------
 *
 *	struct udp_header {
 *		struct hf_be16 source, dest, len, sum;
 *	};
 *	HF_WIRE_TYPE(udp, struct udp_header, HF_WIRE(source) HF_WIRE(dest) HF_WIRE(len) HF_WIRE(sum));
 *
 *	const struct udp_header *udp = hf_try(hf_view(udp, packet, at));
 */

/*
 * The size of a member that is a wire integer, an untrusted number (in the order of this machine, as processes have
 * it), a byte or an array of these; else 0.  A pointer is none.
 */
#define HF_WIRE_SIZE_(m)								\
	_Generic((__typeof__(m) *)0,							\
		 HF_WIRE_POINTER_(char), HF_WIRE_POINTER_(u8),				\
		 HF_WIRE_POINTER_(struct hf_le16), HF_WIRE_POINTER_(struct hf_le32),	\
		 HF_WIRE_POINTER_(struct hf_le64), HF_WIRE_POINTER_(struct hf_be16),	\
		 HF_WIRE_POINTER_(struct hf_be32), HF_WIRE_POINTER_(struct hf_be64),	\
		 HF_WIRE_POINTER_(struct hf_untrusted_u16), HF_WIRE_POINTER_(struct hf_untrusted_u32), \
		 HF_WIRE_POINTER_(struct hf_untrusted_u64),				\
		 default: _Generic((m),							\
				   HF_WIRE_NUMBER_(char, m), HF_WIRE_NUMBER_(u8, m),	\
				   HF_WIRE_NUMBER_(struct hf_le16, m), HF_WIRE_NUMBER_(struct hf_le32, m), \
				   HF_WIRE_NUMBER_(struct hf_le64, m), HF_WIRE_NUMBER_(struct hf_be16, m), \
				   HF_WIRE_NUMBER_(struct hf_be32, m), HF_WIRE_NUMBER_(struct hf_be64, m), \
				   HF_WIRE_NUMBER_(struct hf_untrusted_u16, m), HF_WIRE_NUMBER_(struct hf_untrusted_u32, m), \
				   HF_WIRE_NUMBER_(struct hf_untrusted_u64, m),		\
				   default: (size_t)0))
#define HF_WIRE_POINTER_(T)	const T *const *: (size_t)0
#define HF_WIRE_NUMBER_(T, m)	T: sizeof(m), const T *: sizeof(m)

/** HF_WIRE() - in HF_WIRE_TYPE(): a member that is a wire integer, an untrusted number, a byte or an array of these. */
#define HF_WIRE(member)		+ HF_WIRE_SIZE_(hf_wire_->member)

/**
 * HF_WIRE_TYPE() - declare that a structure is made of wire integers, untrusted numbers and bytes, for hf_view(),
 * hf_bytes_of() and hf_uaccess_read_as().
 * @name: names the type for them.
 * @T: the structure.
 * @members: HF_WIRE(member) of each member, one behind the other.
 *
 * Does not compile if a member is missing or something else, or if T has padding: the sizes must add up.
 */
#define HF_WIRE_TYPE(name, T, members)							\
	HF_PTR_RESULT_DEFINE(name##_view, const T);					\
	HF_INLINE struct name##_view_result name##_view_(const u8 *p HF_BOUND, size_t len, u64 offset) \
	{										\
		const T *const hf_wire_ = NULL;						\
											\
		_Static_assert((0 members) == sizeof(T),				\
			       "HF_WIRE_TYPE: a member of " #T " is not listed, or is no wire integer, or there is padding"); \
		(void)hf_wire_;								\
		if (HF_UNLIKELY(offset > len || sizeof(T) > len - offset))		\
			return (struct name##_view_result){ .err_ = HF_CALLER_ERROR_(-ERANGE) }; \
		if (HF_UNLIKELY((unsigned long)(p + offset) % __alignof__(T)))		\
			return (struct name##_view_result){ .err_ = HF_CALLER_ERROR_(-EINVAL) }; \
		return (struct name##_view_result){ .val_ = (const T *)(const void *)(p + offset) }; \
	}										\
	HF_INLINE struct u8_cslice name##_bytes_of_(const T *p HF_BOUND)		\
	{										\
		return (struct u8_cslice){ .len_ = sizeof(*p), .ptr_ = (const u8 *)p };	\
	}										\
	HF_RESULT_DEFINE(name##_wire, T);						\
	HF_INLINE struct name##_wire_result name##_read_user_(struct hf_uaccess_reader *r) HF_SLEEPS \
	{										\
		struct name##_wire_result v HF_UNINITIALIZED_;				\
											\
		v.err_ = hf_uaccess_read(r, (struct u8_slice){ .len_ = sizeof(T), .ptr_ = (u8 *)&v.val_ }); \
		return v;								\
	}										\
	struct name##_view_result

/**
 * hf_view() - a structure where it stands among bytes.
 * @name: of HF_WIRE_TYPE().
 * @s: a slice of bytes.
 * @offset: where in it the structure begins.
 *
 * Return: a `struct name_view_result` of a const T *; -ERANGE if it is not all inside, -EINVAL if it is not
 * aligned there (a packed T always is).
 */
#define hf_view(name, s, offset)							\
	__extension__ ({								\
		HF_LET_SLICE_(hf_s_, s)							\
		name##_view_(hf_s_.ptr_, hf_s_.len_, (u64)+(offset));			\
	})

/** hf_bytes_of() - the bytes of an object of a HF_WIRE_TYPE(): a `struct u8_cslice`. */
#define hf_bytes_of(name, x)	name##_bytes_of_(&(x))

/* --- the memory of a process -------------------------------------------------------------------- */

/** Reads user memory in order.  Not over a slice: the pointer must not be dereferenced. */
struct hf_uaccess_reader {
	struct {
		size_t len_;
		const char __user *ptr_;
	} rest_;
};

/** Writes user memory in order. */
struct hf_uaccess_writer {
	struct {
		size_t len_;
		char __user *ptr_;
	} rest_;
};

/** hf_uaccess_reader() - read @n bytes of user memory from @p on.  Nothing is checked until it is read. */
HF_INLINE struct hf_uaccess_reader hf_uaccess_reader(const void __user *p, u64 n)
{
	return (struct hf_uaccess_reader){ .rest_ = { .len_ = HF_SIZE_(n), .ptr_ = p } };
}

/** hf_uaccess_writer() - write @n bytes of user memory from @p on. */
HF_INLINE struct hf_uaccess_writer hf_uaccess_writer(void __user *p, u64 n)
{
	return (struct hf_uaccess_writer){ .rest_ = { .len_ = HF_SIZE_(n), .ptr_ = p } };
}

/**
 * hf_uaccess_read() - copy the next bytes of user memory into all of @to.
 *
 * Return: 0; -ENODATA if fewer are left; -EFAULT if they are not there.  Nothing is consumed then,
 * but @to may hold a part.
 * Context: may sleep.
 */
HF_INLINE HF_MUST_USE int hf_uaccess_read(struct hf_uaccess_reader *r, struct u8_slice to) HF_SLEEPS
{
	if (to.len_ > r->rest_.len_)
		return HF_CALLER_ERROR_(-ENODATA);
	/* No test for zero bytes: the case is rare, and the test would cost each call a branch. */
	if (hf_sys_copy_from_user(to.ptr_, r->rest_.ptr_, to.len_))
		return HF_FAILURE_(HF_CALLER_ERROR_(-EFAULT));
	r->rest_.len_ -= to.len_;
	r->rest_.ptr_ = to.len_ ? r->rest_.ptr_ + to.len_ : r->rest_.ptr_;
	return 0;
}

/** hf_uaccess_write() - copy all of @from to the next bytes of user memory; -ENOSPC, -EFAULT.  May sleep. */
HF_INLINE HF_MUST_USE int hf_uaccess_write(struct hf_uaccess_writer *w, struct u8_cslice from) HF_SLEEPS
{
	if (from.len_ > w->rest_.len_)
		return HF_CALLER_ERROR_(-ENOSPC);
	if (hf_sys_copy_to_user(w->rest_.ptr_, from.ptr_, from.len_))
		return HF_FAILURE_(HF_CALLER_ERROR_(-EFAULT));
	w->rest_.len_ -= from.len_;
	w->rest_.ptr_ = from.len_ ? w->rest_.ptr_ + from.len_ : w->rest_.ptr_;
	return 0;
}

/**
 * hf_uaccess_read_as() - copy the next bytes of user memory into a structure, once.
 * @name: of HF_WIRE_TYPE().  To write one, hf_uaccess_write() takes its hf_bytes_of().
 * @r: the reader.
 *
 * Return: a `struct name_wire_result` of a T; the errors of hf_uaccess_read().
 * Context: may sleep.
 */
#define hf_uaccess_read_as(name, r)	name##_read_user_(r)

HF_RESULT_DEFINE(user_ptr, void __user *);

/**
 * hf_user_ptr() - the pointer that a process gave as a number, in a structure of its own.
 * @address: any number.  What is there is asked when it is read or written.
 *
 * Return: a `struct user_ptr_result`; -EFAULT if it is no address on this machine.
 */
HF_INLINE struct user_ptr_result hf_user_ptr(struct hf_untrusted_u64 address)
{
	const u64 at = hf_accept_any(address);

	if (at != (unsigned long)at)
		return HF_FAILURE_((struct user_ptr_result){ .err_ = HF_CALLER_ERROR_(-EFAULT) });
	return (struct user_ptr_result){ .val_ = (void __user *)(unsigned long)at };
}

#define HF_UACCESS_DEFINE_(bits)							\
	HF_INLINE struct untrusted_u##bits##_result hf_uaccess_read_u##bits(struct hf_uaccess_reader *r) \
		HF_SLEEPS								\
	{										\
		u##bits v;								\
		int err = hf_uaccess_read(r, (struct u8_slice){ .len_ = sizeof(v), .ptr_ = (u8 *)&v }); \
											\
		if (err)								\
			return (struct untrusted_u##bits##_result){ .err_ = err };	\
		return (struct untrusted_u##bits##_result){ .val_ = hf_untrusted_u##bits(v) }; \
	}										\
	HF_INLINE HF_MUST_USE int hf_uaccess_write_u##bits(struct hf_uaccess_writer *w, u##bits v) \
		HF_SLEEPS								\
	{										\
		return hf_uaccess_write(w, (struct u8_cslice){ .len_ = sizeof(v),		\
							    .ptr_ = (const u8 *)&v });	\
	}

HF_UACCESS_DEFINE_(8)
HF_UACCESS_DEFINE_(16)
HF_UACCESS_DEFINE_(32)
HF_UACCESS_DEFINE_(64)

#endif
