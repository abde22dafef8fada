// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error that is none
// rule: result-misused
// expect: hf_err: \\?'0\\?' is no negative errno
#include <holdfast/num.h>

struct u32_result f(void);
struct u32_result f(void)
{
#ifdef MISUSE
	return hf_err(u32, 0); /* E */
#else
	return hf_err(u32, -ENOENT);
#endif
}
