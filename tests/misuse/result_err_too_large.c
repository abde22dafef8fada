// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error outside the range that a pointer result can tell from a pointer
// rule: result-misused
// expect: hf_err: \\?'-4096\\?' is no negative errno
#include <holdfast/num.h>

struct u32_result f(void);
struct u32_result f(void)
{
#ifdef MISUSE
	return hf_err(u32, -4096); /* E */
#else
	return hf_err(u32, -4095);
#endif
}
