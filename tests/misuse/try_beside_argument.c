// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() as one argument among others
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/num.h>

struct u32_result parse(const char *text);
int set_mtu(u32 base, u32 mtu);

int f(const char *text, u32 base);
int f(const char *text, u32 base)
{
#ifdef MISUSE
	return set_mtu(base, hf_try(parse(text))); /* E */
#else
	const u32 mtu = hf_try(parse(text));

	return set_mtu(base, mtu);
#endif
}
