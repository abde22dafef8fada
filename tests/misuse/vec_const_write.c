// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a vector written through a shared borrow of its structure
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/vec.h>

struct dev {
	struct u32_vec ids;
};

u32 f(const struct dev *d);
u32 f(const struct dev *d)
{
#ifdef MISUSE
	hf_at(d->ids, 0) = 1; /* E */
#endif
	return hf_at(d->ids, 0);
}
