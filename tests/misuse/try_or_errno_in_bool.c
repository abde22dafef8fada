// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_or() with an errno in a function that returns bool: -EIO becomes true
// rule: try-in-other-function
// expect: error: .*<<
#include <holdfast/num.h>

struct u32_result parse(const char *text);
bool is_ready(const char *text);

bool is_ready(const char *text)
{
#ifdef MISUSE
	return hf_try_or(parse(text), -EIO) != 0; /* E */
#else
	return hf_try_or(parse(text), false) != 0;
#endif
}
