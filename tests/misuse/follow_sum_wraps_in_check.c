// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: offset and length of a user, whose sum is compared with the size though it may wrap
// rule: arithmetic-overflow
// compilers: none
// checker: '.*' wraps, as the numbers from outside may be so large, and then passes this comparison
#include <holdfast/holdfast.h>

struct range {
	struct hf_le64 offset, length;
};

HF_WIRE_TYPE(range, struct range, HF_WIRE(offset) HF_WIRE(length));

struct flash {
	u64 size, first, bytes;
};

static int flash_range(struct flash *f, u64 first, u64 bytes)
{
#ifdef MISUSE
	if (f->size < first + bytes) /* E */
#else
	if (first > f->size || f->size - first < bytes)
#endif
		return -EINVAL;
	f->first = first;
	f->bytes = bytes;
	return 0;
}

int flash_erase(struct flash *f, struct hf_uaccess_reader *from);
int flash_erase(struct flash *f, struct hf_uaccess_reader *from)
{
	const struct range r = hf_try(hf_uaccess_read_as(range, from));

	return flash_range(f, hf_accept_any(hf_from_le(r.offset)), hf_accept_any(hf_from_le(r.length)));
}
