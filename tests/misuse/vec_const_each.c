// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the elements of a constant vector written in a loop
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/vec.h>

u32 f(const struct u32_vec *ids);
u32 f(const struct u32_vec *ids)
{
	u32 sum = 0;

	hf_for_each(id, *ids) {
#ifdef MISUSE
		*id = 0; /* E */
#endif
		sum += *id;
	}
	return sum;
}
