/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Register windows with bounds, registers with a width and a direction.
 *
 * The bug:
 *
 *	writel(tail, bar + 0x1000 + (2 * qid << dstrd));	// dstrd came from the device, 0 to 15;
 *								// the BAR has 16 KiB
 *
 * A window has a type, which says how long it is at least, and each register is declared once:
 *
 *	HF_MMIO_DEFINE(nvme_regs, 0x1000);
 *	HF_REG_RO(nvme_regs, cap, 0x00, u64);
 *	HF_REG_RW(nvme_regs, cc, 0x14, u32);
 *
 *	struct nvme_regs r = hf_try(nvme_regs_map(io));		// -ENODEV if the BAR is too short
 *	nvme_regs_write_cc(&r, v);				// no check is left at run time
 *	nvme_regs_write_cap(&r, v);				// does not compile: it is read-only
 *
 * A register past the window's length, or not aligned, does not compile.  A computed offset is given to
 * hf_io_write32() and its like, which can fail.  What is read is untrusted (num.h).
 *
 * Rust: Io, Mmio<SIZE>, register!.
 */
#ifndef HOLDFAST_MMIO_H
#define HOLDFAST_MMIO_H

#include <holdfast/num.h>

/**
 * HF_MMIO_DEFINE() - make `struct name`, a window of registers of at least @size bytes.
 *
 * Also makes name_map(struct hf_io): the window, or -ENODEV if it is shorter.
 */
#define HF_MMIO_DEFINE(name, size)							\
	struct name {									\
		struct hf_io io_;							\
		__extension__ char size_[0][size];					\
	};										\
	HF_RESULT_DEFINE(name, struct name);						\
	HF_INLINE HF_MUST_USE struct name##_result name##_map(struct hf_io io)		\
	{										\
		if (io.len_ < (size))							\
			return (struct name##_result){ .err_ = HF_CALLER_ERROR_(-ENODEV) }; \
		return (struct name##_result){ .val_ = { .io_ = io } };			\
	}										\
	struct name

#define HF_REG_FITS_(window, reg, offset, T)						\
	_Static_assert((offset) + sizeof(T) <= sizeof(((struct window *)0)->size_[0]),	\
		       "register " #reg " lies outside the window " #window);		\
	_Static_assert((offset) % sizeof(T) == 0, "register " #reg " is not aligned")

#define HF_REG_READ_(window, reg, offset, T)						\
	HF_INLINE struct hf_untrusted_##T window##_read_##reg(const struct window *w)	\
	{										\
		return hf_untrusted_##T(hf_sys_io_read_##T(&w->io_, (offset)));		\
	}
#define HF_REG_WRITE_(window, reg, offset, T)						\
	HF_INLINE void window##_write_##reg(const struct window *w, T v)		\
	{										\
		hf_sys_io_write_##T(&w->io_, (offset), v);				\
	}

/** HF_REG_RO() - a register of type T (u8 … u64) that can be read: window_read_reg(w), untrusted. */
#define HF_REG_RO(window, reg, offset, T)						\
	HF_REG_READ_(window, reg, offset, T)						\
	HF_REG_FITS_(window, reg, offset, T)
/** HF_REG_WO() - a register that can be written: window_write_reg(w, v). */
#define HF_REG_WO(window, reg, offset, T)						\
	HF_REG_WRITE_(window, reg, offset, T)						\
	HF_REG_FITS_(window, reg, offset, T)
/** HF_REG_RW() - a register that can be read and written. */
#define HF_REG_RW(window, reg, offset, T)						\
	HF_REG_READ_(window, reg, offset, T)						\
	HF_REG_WRITE_(window, reg, offset, T)						\
	HF_REG_FITS_(window, reg, offset, T)

/* --- computed offsets --------------------------------------------------------------------------- */

/* An untyped window (struct hf_io) as one whose length is known at run time only. */
struct hf_untyped_window_ {
	struct hf_io io_;
	__extension__ char size_[0][(size_t)-1 >> 4];
};

#define HF_WINDOW_(w)									\
	__builtin_choose_expr(__builtin_types_compatible_p(__typeof__(*(w)), struct hf_io), \
			      (const struct hf_untyped_window_ *)(const void *)(w), (w))

/*
 * Begins a front door: hf_w_ is the window, once.  A constant offset must be inside what the window's type
 * promises, and aligned.
 */
#define HF_WINDOW_AT_(door, T, w, w_text, offset, offset_text)				\
	HF_SHADOW_BEGIN_ __auto_type const hf_any_w_ = (w); HF_SHADOW_END_		\
	HF_SHADOW_BEGIN_ __auto_type const hf_w_ = HF_WINDOW_(hf_any_w_); HF_SHADOW_END_ \
	_Static_assert(sizeof(hf_w_->size_[0]) >= sizeof(T) &&				\
		       (u64)HF_CONSTANT_OR_0_(offset) <= sizeof(hf_w_->size_[0]) - sizeof(T), \
		       door ": offset " offset_text " lies outside the window '" w_text "'"); \
	_Static_assert((u64)HF_CONSTANT_OR_0_(offset) % sizeof(T) == 0,			\
		       door ": offset " offset_text " is not aligned");

HF_INLINE bool hf_io_fits_(const struct hf_io *io, u64 offset, size_t width)
{
	return HF_LIKELY(offset <= io->len_ && width <= io->len_ - offset && offset % width == 0);
}

/* The error of an offset that does not fit. */
HF_INLINE int hf_io_error_(u64 offset, size_t width)
{
	return HF_CALLER_ERROR_(offset % width ? -EINVAL : -ERANGE);
}

#define HF_IO_DEFINE_(T)								\
	HF_INLINE struct untrusted_##T##_result hf_io_read_##T##_(const struct hf_io *io, u64 offset) \
	{										\
		if (!hf_io_fits_(io, offset, sizeof(T)))				\
			return (struct untrusted_##T##_result){ .err_ = hf_io_error_(offset, sizeof(T)) }; \
		return (struct untrusted_##T##_result){					\
			.val_ = hf_untrusted_##T(hf_sys_io_read_##T(io, (size_t)offset)) }; \
	}										\
	HF_INLINE HF_MUST_USE int hf_io_write_##T##_(const struct hf_io *io, u64 offset, T v) \
	{										\
		if (!hf_io_fits_(io, offset, sizeof(T)))				\
			return hf_io_error_(offset, sizeof(T));				\
		hf_sys_io_write_##T(io, (size_t)offset, v);				\
		return 0;								\
	}

HF_IO_DEFINE_(u8)
HF_IO_DEFINE_(u16)
HF_IO_DEFINE_(u32)
HF_IO_DEFINE_(u64)

#define HF_IO_READ_(door, T, w, w_text, offset, offset_text)				\
	__extension__ ({								\
		HF_WINDOW_AT_(door, T, w, w_text, offset, offset_text)			\
		hf_io_read_##T##_(&hf_w_->io_, (u64)+(offset));				\
	})
#define HF_IO_WRITE_(door, T, w, w_text, offset, offset_text, v)			\
	hf_must_use_(__extension__ ({							\
		HF_WINDOW_AT_(door, T, w, w_text, offset, offset_text)			\
		hf_io_write_##T##_(&hf_w_->io_, (u64)+(offset), (v));			\
	}))

/**
 * hf_io_read32() - read a register at a computed offset; also hf_io_read8, hf_io_read16, hf_io_read64.
 * @w: pointer to a typed window or to a struct hf_io.
 * @offset: in bytes.  A constant that is outside the window's type, or not aligned, does not compile.
 *
 * Return: an untrusted number; -ERANGE outside the window, -EINVAL if @offset is not aligned.
 */
#define hf_io_read32(w, offset)		HF_IO_READ_("hf_io_read32", u32, w, #w, offset, #offset)
/** hf_io_read8() - as hf_io_read32(), of 8 bits. */
#define hf_io_read8(w, offset)		HF_IO_READ_("hf_io_read8", u8, w, #w, offset, #offset)
/** hf_io_read16() - as hf_io_read32(), of 16 bits. */
#define hf_io_read16(w, offset)		HF_IO_READ_("hf_io_read16", u16, w, #w, offset, #offset)
/** hf_io_read64() - as hf_io_read32(), of 64 bits. */
#define hf_io_read64(w, offset)		HF_IO_READ_("hf_io_read64", u64, w, #w, offset, #offset)

/**
 * hf_io_write32() - write a register at a computed offset; also hf_io_write8, hf_io_write16, hf_io_write64.
 * @w: as in hf_io_read32().
 * @offset: as in hf_io_read32().
 * @v: the value.
 *
 * Return: 0, or the same errors.
 */
#define hf_io_write32(w, offset, v)	HF_IO_WRITE_("hf_io_write32", u32, w, #w, offset, #offset, v)
/** hf_io_write8() - as hf_io_write32(), of 8 bits. */
#define hf_io_write8(w, offset, v)	HF_IO_WRITE_("hf_io_write8", u8, w, #w, offset, #offset, v)
/** hf_io_write16() - as hf_io_write32(), of 16 bits. */
#define hf_io_write16(w, offset, v)	HF_IO_WRITE_("hf_io_write16", u16, w, #w, offset, #offset, v)
/** hf_io_write64() - as hf_io_write32(), of 64 bits. */
#define hf_io_write64(w, offset, v)	HF_IO_WRITE_("hf_io_write64", u64, w, #w, offset, #offset, v)

/**
 * A 32-bit register at a computed offset that was checked once, when it was claimed.
 *
 * For registers whose place is known at run time only, and which are written often: doorbells.
 */
struct hf_reg32 {
	struct hf_sys_reg32 reg_;
};

HF_RESULT_DEFINE(hf_reg32, struct hf_reg32);

HF_INLINE HF_MUST_USE struct hf_reg32_result hf_io_reg32_(const struct hf_io *io, u64 offset)
{
	if (!hf_io_fits_(io, offset, sizeof(u32)))
		return (struct hf_reg32_result){ .err_ = hf_io_error_(offset, sizeof(u32)) };
	return (struct hf_reg32_result){ .val_ = { .reg_ = hf_sys_reg32(io, (size_t)offset) } };
}

/** hf_io_reg32() - claim the register at @offset; the operands and errors of hf_io_read32(). */
#define hf_io_reg32(w, offset)								\
	__extension__ ({								\
		HF_WINDOW_AT_("hf_io_reg32", u32, w, #w, offset, #offset)		\
		hf_io_reg32_(&hf_w_->io_, (u64)+(offset));				\
	})

/** hf_reg32_write() - write a claimed register; no check is left at run time. */
HF_INLINE void hf_reg32_write(const struct hf_reg32 *r, u32 v)
{
	hf_sys_reg32_write(&r->reg_, v);
}

#endif
