// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice in a structure that is borrowed shared, filled
// rule: const-written
// expect-gcc: hf_fill: \\?'r->words\\?' is read-only
// expect-clang: hf_fill: 'r->words' is read-only
#include <holdfast/vec.h>

struct ring {
	struct u32_slice words;
};

#ifdef MISUSE
void f(const struct ring *r);
void f(const struct ring *r)
#else
void f(struct ring *r);
void f(struct ring *r)
#endif
{
	hf_fill(r->words, 0); /* E */
}
