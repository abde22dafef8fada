// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in the condition of a while loop
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands in the header of a loop
#include <holdfast/num.h>

struct u32_result parse(const char *text);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	while (hf_try(parse(text))) /* E */
		base++;
	return base > 9;
#else
	for (;;) {
		const u32 n = hf_try(parse(text));

		if (!n)
			return base > 9;
		base++;
	}
#endif
}
