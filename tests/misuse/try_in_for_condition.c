// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in the condition of a for loop
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands in the header of a loop
#include <holdfast/num.h>

struct u32_result parse(const char *text);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	for (u32 i = 0; i < hf_try(parse(text)); i++) /* E */
		base++;
	return base > 9;
#else
	const u32 n = hf_try(parse(text));

	for (u32 i = 0; i < n; i++)
		base++;
	return base > 9;
#endif
}
