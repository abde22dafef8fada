// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number of the caller's structure used as it is
// rule: wire-number
// expect-gcc: incompatible types when initializing type 'u32' {aka 'const unsigned int'} using type 'struct hf_le32'
// expect-clang: initializing 'const u32' \(aka 'const unsigned int'\) with an expression of incompatible type 'const struct hf_le32'
#include <holdfast/file.h>

#include "../edu_abi.h"

#pragma push_macro("MISUSE")
#undef MISUSE
#include "07-dma.c"
#pragma pop_macro("MISUSE")

/* What the ioctl does, whose argument @arg reads. */
int edu_serve_transfer(const struct edu *edu, struct hf_uaccess_reader *arg, const struct hf_file *how)
{
	const struct edu_transfer t = hf_try(hf_uaccess_read_as(edu_transfer, arg));
	const bool from_device = hf_try(hf_at_most(hf_from_le(t.direction), EDU_FROM_DEVICE)) == EDU_FROM_DEVICE;
#ifdef MISUSE
	const u32 offset = t.offset; /* E */
	const u32 length = t.length; /* E */

	if (offset + length > EDU_BUFFER)	/* 0xffffffff + 2 is 1 */
		return -ERANGE;
#else
	const u32 offset = hf_try(hf_below(hf_from_le(t.offset), EDU_BUFFER));
	const u32 length = hf_try(hf_in_range(hf_from_le(t.length), 1, EDU_BUFFER - offset));
#endif
	void __user *const user = hf_try(hf_user_ptr(hf_from_le(t.user)));

	hf_try(hf_at_most(hf_from_le(t.reserved), 0));
	if (!(from_device ? how->readable : how->writable))
		return -EBADF;
	return edu_copy(edu, from_device, offset, length, user);
}
