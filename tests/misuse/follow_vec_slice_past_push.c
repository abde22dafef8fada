// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a vector in an object, used after the vector grew
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'd->ids', which may have moved its elements
#include <holdfast/vec.h>

struct dev {
	struct u32_vec ids;
};

int f(struct dev *d, u32 id, u32 *highest);
int f(struct dev *d, u32 id, u32 *highest)
{
	struct u32_slice ids = hf_vec_slice(&d->ids);

#ifdef MISUSE
	hf_try_errno(hf_vec_push(&d->ids, id, GFP_KERNEL));
#else
	*highest = id;
#endif
	hf_for_each(p, ids)
		if (*p > *highest) /* E */
			*highest = *p;
	return 0;
}
