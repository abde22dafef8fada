// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result used as the value it may not have
// rule: result-misused
// expect-gcc: incompatible types when initializing type
// expect-clang: initializing 'u32'.* with an expression of incompatible type
#include <holdfast/num.h>

struct u32_result lookup(int key);

int f(int key);
int f(int key)
{
#ifdef MISUSE
	u32 v = lookup(key); /* E */
#else
	u32 v = hf_try(lookup(key));
#endif

	return v == 3;
}
