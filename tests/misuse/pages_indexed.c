// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to an entry of pages that a process may write at any moment
// rule: device-memory
// expect-gcc: subscripted value is neither array nor pointer
// expect-clang: subscripted value is not an array, pointer, or vector
#include <holdfast/pages.h>

struct entry {
	struct hf_le32 len, flags;
};

HF_WIRE_TYPE(entry, struct entry, HF_WIRE(len) HF_WIRE(flags));

int f(const struct hf_pages *ring);
int f(const struct hf_pages *ring)
{
#ifdef MISUSE
	const struct entry *const e = &(*ring)[0]; /* E */

	return (int)hf_try(hf_at_most(hf_from_le(e->len), 64));
#else
	const struct entry e = hf_try(hf_pages_read_as(entry, ring, 0));

	return (int)hf_try(hf_at_most(hf_from_le(e.len), 64));
#endif
}
