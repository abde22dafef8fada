// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_or() with an errno in a function that returns a pointer: -ENOENT is not NULL
// rule: try-in-other-function
// expect-gcc: makes pointer from integer
// expect-clang: integer to pointer conversion
#include <holdfast/num.h>

struct name {
	char text[16];
};

struct u32_result parse(const char *text);
const struct name *find(const struct name *names, const char *text);

const struct name *find(const struct name *names, const char *text)
{
#ifdef MISUSE
	const u32 i = hf_try_or(parse(text), -ENOENT); /* E */
#else
	const u32 i = hf_try_or(parse(text), NULL);
#endif

	return names + i;
}
