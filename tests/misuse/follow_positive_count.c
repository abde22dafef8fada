// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a positive errno where the function gives a count of bytes
// rule: result-misused
// compilers: none
// checker: this function returns EFBIG, a positive number, which its callers take for success: write -EFBIG
#include <holdfast/result.h>

struct image {
	u32 size, written;
};

long image_write(struct image *i, u32 at, u32 count);
long image_write(struct image *i, u32 at, u32 count)
{
	if (at > i->size)
		return -ESPIPE;
#ifdef MISUSE
	if (count > i->size - at)
		return EFBIG; /* E */
#else
	if (count > i->size - at)
		return -EFBIG;
#endif
	i->written += count;
	return (long)count;
}
