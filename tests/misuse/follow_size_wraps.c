// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number of pages that was checked, shifted to bytes in 32 bits by a helper
// rule: arithmetic-overflow
// compilers: none
// checker: pages << shift.* wraps, as the number from outside may be 2097152
#include <holdfast/holdfast.h>

struct region {
	u32 pages, bytes;
};

static struct u32_result bytes_of(u32 pages)
{
	const u32 shift = 12;

#ifdef MISUSE
	return hf_ok(u32, pages << shift); /* E */
#else
	return hf_mul_u32(pages, 1U << shift);
#endif
}

int region_set(struct region *to, struct hf_uaccess_reader *r);
int region_set(struct region *to, struct hf_uaccess_reader *r)
{
	to->pages = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(r)), 1U << 21));
	to->bytes = hf_try(bytes_of(to->pages));
	return 0;
}
