// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in a function that returns a result, not an int
// rule: try-in-other-function
// expect-gcc: incompatible types when returning type 'int'
// expect-clang: returning 'int' from a function with incompatible result type
#include <holdfast/num.h>

struct u32_result lookup(int key);

struct u32_result f(int key);
struct u32_result f(int key)
{
#ifdef MISUSE
	u32 v = hf_try(lookup(key)); /* E */
#else
	u32 v = hf_try_in(u32, lookup(key));
#endif

	return hf_ok(u32, v + 1);
}
