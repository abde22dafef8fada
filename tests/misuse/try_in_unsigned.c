// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in a function that returns a number: -EINVAL becomes 4294967274
// rule: try-in-other-function
// expect: error: .*(conver|<<)
#include <holdfast/num.h>

struct u32_result parse(const char *text);
u32 number_of(const char *text);

u32 number_of(const char *text)
{
#ifdef MISUSE
	const u32 n = hf_try(parse(text)); /* E */
#else
	const u32 n = hf_try_or(parse(text), 0);
#endif

	return n + 1;
}
