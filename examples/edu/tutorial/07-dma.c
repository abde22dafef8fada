// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: user memory copied while a lock that spins is held
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'edu_fill' while context 'hf_spinning' is held
#include <holdfast/cursor.h>
#include <holdfast/dma.h>

#pragma push_macro("MISUSE")
#undef MISUSE
#include "06-wait.c"
#pragma pop_macro("MISUSE")

#define EDU_DMA_AT	0x40000u	/* where the device's buffer is, for itself */

/* How many of @left bytes are in the next line. */
static size_t edu_part(size_t left)
{
	return left < EDU_LINE ? left : EDU_LINE;
}

/* Copy the bytes of the process into the memory. */
static int edu_fill(const struct edu_lines *lines, struct hf_uaccess_reader *from) HF_SLEEPS;
static int edu_fill(const struct edu_lines *lines, struct hf_uaccess_reader *from)
{
	u8 line[EDU_LINE];

	for (u32 i = 0; hf_remaining(from); i++) {
		const struct u8_slice part = hf_try(hf_array_subslice(u8_slice, line, 0, edu_part(hf_remaining(from))));

		hf_try_errno(hf_uaccess_read(from, part));
		hf_try_errno(edu_lines_write_bytes(lines, i, hf_const(part)));
	}
	return 0;
}

static int edu_empty(const struct edu_lines *lines, struct hf_uaccess_writer *to) HF_SLEEPS;
static int edu_empty(const struct edu_lines *lines, struct hf_uaccess_writer *to)
{
	u8 line[EDU_LINE];

	for (u32 i = 0; hf_remaining(to); i++) {
		const struct u8_slice part = hf_try(hf_array_subslice(u8_slice, line, 0, edu_part(hf_remaining(to))));

		hf_try_errno(edu_lines_read_bytes(lines, i, part));
		hf_try_errno(hf_uaccess_write(to, hf_const(part)));
	}
	return 0;
}

/* Wait until the device has left the memory. */
static int edu_await(const struct edu *edu)
{
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);
	hf_lock(s, &edu->state);

	while (s->transferring && !s->gone)
		hf_try_errno(hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
	return s->gone ? -ENODEV : 0;
}

/* Copy @length bytes at @user into the device's buffer at @offset, or out of it. */
int edu_copy(const struct edu *edu, bool from_device, u32 offset, u32 length, void __user *user)
{
	struct hf_uaccess_reader from = hf_uaccess_reader(user, from_device ? 0 : length);
	struct hf_uaccess_writer to = hf_uaccess_writer(user, from_device ? length : 0);

	hf_access_else(hw, &edu->hw, return -ENODEV);
	hf_lock_else(lines, &hw->memory, HF_INTERRUPTIBLE, return -EINTR);
	/* A transfer whose caller gave up may still be under way. */
	hf_try_errno(edu_await(edu));
#ifndef MISUSE
	hf_try_errno(edu_fill(lines, &from));
#endif
	{
		const u64 inside = EDU_DMA_AT + offset, outside = edu_lines_addr(lines);
		hf_lock(s, &edu->state);

		if (s->gone)
			return -ENODEV;
#ifdef MISUSE
		hf_try_errno(edu_fill(lines, &from)); /* E */
#endif
		s->transferring = true;
		edu_regs_write_dma_source(&hw->regs, from_device ? inside : outside);
		edu_regs_write_dma_destination(&hw->regs, from_device ? outside : inside);
		edu_regs_write_dma_count(&hw->regs, length);
		edu_regs_write_dma_command(&hw->regs, EDU_DMA_RAISES | (from_device ? EDU_RUN_FROM_DEVICE : EDU_RUN));
	}
	hf_try_errno(edu_await(edu));
	return edu_empty(lines, &to);
}
