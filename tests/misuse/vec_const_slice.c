// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a writable slice of a vector that is borrowed shared
// rule: const-written
// expect-gcc: incompatible type for argument 1 of 'scramble'
// expect-clang: passing .*u32_cslice.* to parameter of incompatible type
#include <holdfast/vec.h>

struct dev {
	struct u32_vec ids;
};

void scramble(struct u32_slice s);
int f(const struct dev *d);
int f(const struct dev *d)
{
#ifdef MISUSE
	scramble(hf_vec_slice(&d->ids)); /* E */
#endif
	return (int)hf_len(hf_vec_slice(&d->ids));
}
