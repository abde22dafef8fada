// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write by hf_get() to an element of a vector that is borrowed shared
// rule: const-written
// expect-gcc: assignment of read-only location
// expect-clang: read-only variable is not assignable
#include <holdfast/vec.h>

struct dev {
	struct u32_vec ids;
};

int f(const struct dev *d);
int f(const struct dev *d)
{
#ifdef MISUSE
	*hf_try(hf_get(d->ids, 0)) = 1; /* E */
#endif
	return (int)*hf_try(hf_get(d->ids, 0));
}
