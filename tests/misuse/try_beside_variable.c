// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() as one operand of a sum
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/num.h>

struct u32_result parse(const char *text);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	const u32 sum = base + hf_try(parse(text)); /* E */

	return sum > 9;
#else
	const u32 n = hf_try(parse(text));

	return base + n > 9;
#endif
}
