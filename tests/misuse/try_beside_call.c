// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() compared with the result of a call
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/num.h>

struct u32_result parse(const char *text);
u32 limit(u32 base);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	return hf_try(parse(text)) == limit(base); /* E */
#else
	const u32 n = hf_try(parse(text));

	return n == limit(base);
#endif
}
