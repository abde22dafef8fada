// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() behind &&, where it may be left out
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/num.h>

struct u32_result parse(const char *text);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	if (base && hf_try(parse(text))) /* E */
		return 1;
	return 0;
#else
	if (base) {
		const u32 n = hf_try(parse(text));

		return n != 0;
	}
	return 0;
#endif
}
