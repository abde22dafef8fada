// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a writable part of a slice in a structure that is borrowed shared
// rule: const-written
// expect-gcc: incompatible type for argument 1 of 'scramble'
// expect-clang: passing .*u32_cslice.* to parameter of incompatible type
#include <holdfast/vec.h>

struct ring {
	struct u32_slice words;
};

void scramble(struct u32_slice s);
int f(const struct ring *r);
int f(const struct ring *r)
{
#ifdef MISUSE
	scramble(hf_try(hf_subslice(r->words, 0, 4))); /* E */
#endif
	return (int)hf_len(hf_try(hf_subslice(r->words, 0, 4)));
}
