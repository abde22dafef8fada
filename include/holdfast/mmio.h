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
 * A register past the window's length, or not aligned, does not compile.  A computed offset goes
 * through hf_io_write32() and friends, which can fail.  What is read is untrusted (num.h).
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
			return (struct name##_result){ .err_ = -ENODEV };		\
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

/** hf_mmio_io() - the window under a typed one, for computed offsets. */
#define hf_mmio_io(w)		(&(w)->io_)

HF_INLINE bool hf_io_fits_(const struct hf_io *io, size_t offset, size_t width)
{
	return HF_LIKELY(offset <= io->len_ && width <= io->len_ - offset && offset % width == 0);
}

/*
 * hf_io_read8 … hf_io_read64(io, offset): an untrusted number; -ERANGE outside the window, -EINVAL
 * if not aligned.  hf_io_write8 … hf_io_write64(io, offset, v): 0 or the same errors.
 */
#define HF_IO_DEFINE_(T, suffix)							\
	HF_INLINE struct untrusted_##T##_result hf_io_read##suffix(const struct hf_io *io, size_t offset) \
	{										\
		if (!hf_io_fits_(io, offset, sizeof(T)))				\
			return (struct untrusted_##T##_result){				\
				.err_ = offset % sizeof(T) ? -EINVAL : -ERANGE };	\
		return (struct untrusted_##T##_result){					\
			.val_ = hf_untrusted_##T(hf_sys_io_read_##T(io, offset)) };	\
	}										\
	HF_INLINE HF_MUST_USE int hf_io_write##suffix(const struct hf_io *io, size_t offset, T v) \
	{										\
		if (!hf_io_fits_(io, offset, sizeof(T)))				\
			return offset % sizeof(T) ? -EINVAL : -ERANGE;			\
		hf_sys_io_write_##T(io, offset, v);					\
		return 0;								\
	}

HF_IO_DEFINE_(u8, 8)
HF_IO_DEFINE_(u16, 16)
HF_IO_DEFINE_(u32, 32)
HF_IO_DEFINE_(u64, 64)

/**
 * A 32-bit register at a computed offset that was checked once, when it was claimed.
 *
 * For registers whose place is known at run time only, and which are written often: doorbells.
 */
struct hf_reg32 {
	struct hf_sys_reg32 reg_;
};

HF_RESULT_DEFINE(hf_reg32, struct hf_reg32);

/** hf_io_reg32() - claim the register at @offset: -ERANGE outside the window, -EINVAL if not aligned. */
HF_INLINE HF_MUST_USE struct hf_reg32_result hf_io_reg32(const struct hf_io *io, size_t offset)
{
	if (!hf_io_fits_(io, offset, sizeof(u32)))
		return (struct hf_reg32_result){ .err_ = offset % sizeof(u32) ? -EINVAL : -ERANGE };
	return (struct hf_reg32_result){ .val_ = { .reg_ = hf_sys_reg32(io, offset) } };
}

/** hf_reg32_write() - write a claimed register; no check is left at run time. */
HF_INLINE void hf_reg32_write(const struct hf_reg32 *r, u32 v)
{
	hf_sys_reg32_write(&r->reg_, v);
}

#endif
