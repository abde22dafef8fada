// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a value stored, its absence ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/num.h>

struct u32_result lookup(int key);

u32 f(int key);
u32 f(int key)
{
	u32 v = 0;

#ifdef MISUSE
	hf_store_ok(v, lookup(key)); /* E */
#else
	if (hf_store_ok(v, lookup(key)))
		v = 1;
#endif
	return v;
}
