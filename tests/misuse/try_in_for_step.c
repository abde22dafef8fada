// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in the step of a for loop
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands in the header of a loop
#include <holdfast/num.h>

struct u32_result parse(const char *text);
void use(u32 i);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	for (u32 i = 0; i < base; i += hf_try(parse(text))) /* E */
		use(i);
	return 0;
#else
	for (u32 i = 0; i < base;) {
		use(i);
		i += hf_try(parse(text));
	}
	return 0;
#endif
}
